"""The contract of a clock: what the time is, and how to wait for it."""

from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits; the only way the service knows either."""

    def now(self) -> datetime:
        """The time in UTC; it never goes back within one process."""
        ...

    async def sleep_until(self, instant: datetime) -> None:
        """Return once `now()` has reached the instant."""
        ...

    def steps(self) -> int:
        """How often the wall clock was seen to jump by more than 30 s; each jump resets `served_since`."""
        ...

    def moved(self) -> timedelta:
        """How far it was moved by hand in all: time that nobody slept through, so it is no gap in serving."""
        ...
