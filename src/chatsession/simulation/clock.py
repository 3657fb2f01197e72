"""Time in the simulation: it stands still while anybody works, and jumps to the next thing that anybody waits for."""

import asyncio
import selectors
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
SMALLEST = 1e-6
"""Instants have microseconds; a jump is a whole number of them."""
NAP_MAX = timedelta(seconds=5)
"""Who wants to sleep longer is one of the endless loops of the time-keeping; the keeper looks in their place."""
END_OF_DAYS = 100 * 365 * 86_400.0
"""No world lives so long, in seconds; one that does waits for what never comes, and only the loops go round."""
NOTHING = timedelta(0)


class StuckError(RuntimeError):
    """Everybody waits, and nothing will ever wake them."""


class Jumps(selectors.SelectSelector):
    """Where an event loop waits for sockets, this one moves the time on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """Nothing happens outside; the time of the next task comes at once."""
        if timeout is None or self.now > END_OF_DAYS:
            raise StuckError("everybody waits, and nothing will ever wake them")
        if timeout > 0:
            self.now = max(round(self.now + timeout, 6), round(self.now + SMALLEST, 6))
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in which waiting takes no time: years pass in seconds, in the same order on every machine."""

    def __init__(self) -> None:
        self._jumps = Jumps()
        super().__init__(self._jumps)
        # After years, neighbouring floats lie further apart than a nanosecond; what is due now must be seen to be.
        self._clock_resolution = SMALLEST / 2

    def time(self) -> float:
        """The seconds that have passed in the simulation."""
        return self._jumps.now


class WorldTime:
    """The wall clock of a world; it can be set, as the clocks of machines are."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._set_ahead = NOTHING
        self.steps = 0

    def now(self) -> datetime:
        """The time in UTC."""
        return START + self._set_ahead + self.passed()

    def passed(self) -> timedelta:
        """The time that has passed, whatever the wall clock says."""
        return timedelta(seconds=self._loop.time())

    def set_ahead(self, length: timedelta) -> None:
        """Set the wall clock ahead at once (zero: it was set back, which a clock that never goes back only notes)."""
        self._set_ahead += length
        self.steps += 1


class ProcessClock:
    """The clock as one process knows it. While the process is not served by its keeper, time is a gap."""

    def __init__(self, time: WorldTime) -> None:
        self._time = time
        self._kept = NOTHING
        self._kept_since: timedelta | None = time.passed()

    def now(self) -> datetime:
        """The time in UTC."""
        return self._time.now()

    def steps(self) -> int:
        """How often the wall clock was set."""
        return self._time.steps

    def moved(self) -> timedelta:
        """Time in which heartbeats would have come, had anybody had the patience to send each of them."""
        since = self._kept_since
        return self._kept if since is None else self._kept + self._time.passed() - since

    def stop_keeping(self) -> None:
        """From now on, time is a gap: the process is frozen, or its heartbeats reach no store."""
        self._kept, self._kept_since = self.moved(), None

    def keep_on(self) -> None:
        """Heartbeats come again."""
        if self._kept_since is None:
            self._kept_since = self._time.passed()

    async def sleep_until(self, instant: datetime) -> None:
        """Return once the time has come; who would sleep for long is never woken."""
        loop = asyncio.get_running_loop()
        left = instant - self.now()
        if left <= NAP_MAX:
            await asyncio.sleep(max(0.0, left.total_seconds()))
        else:
            await loop.create_future()
