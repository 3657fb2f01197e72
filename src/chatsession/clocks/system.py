"""The system's clock: the time at start plus the monotonic clock, so that it never goes back."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

STEP_SECONDS = 30.0
"""A wall clock that moves by more than this against the monotonic one was set, or the machine slept."""
LOOK_EVERY_SECONDS = 1.0
"""Who sleeps looks so often whether the wall clock was set meanwhile."""


class SystemClock:
    """Tells the time of this machine; `skip` moves it ahead, for demonstrations."""

    def __init__(self, not_before: datetime | None = None) -> None:
        wall = datetime.now(UTC)
        self._origin = wall if not_before is None else max(wall, not_before)
        self._started = time.monotonic()
        self._wall_ahead = wall.timestamp()
        self._steps = 0
        self._skipped = timedelta(0)
        self._was_moved = asyncio.Event()

    def now(self) -> datetime:
        """The time; monotonic within this process, following a wall clock that was set ahead."""
        elapsed, wall = time.monotonic() - self._started, time.time()
        monotonic = self._origin + timedelta(seconds=elapsed)
        # Compared as plain numbers, because everything that happens asks for the time.
        if abs(wall - elapsed - self._wall_ahead) <= STEP_SECONDS:
            return monotonic
        self._steps += 1
        self._wall_ahead = wall - elapsed
        ahead = datetime.fromtimestamp(wall, UTC) - monotonic
        if ahead > timedelta(0):
            self._origin += ahead
            return monotonic + ahead
        return monotonic

    async def sleep_until(self, instant: datetime) -> None:
        """Return once the time has come, also when the clock was moved meanwhile."""
        while (left := (instant - self.now()).total_seconds()) > 0:
            try:
                async with asyncio.timeout(min(left, LOOK_EVERY_SECONDS)):
                    await self._was_moved.wait()
            except TimeoutError:
                continue

    def steps(self) -> int:
        """How often the wall clock was seen to jump."""
        return self._steps

    def skip(self, length: timedelta) -> None:
        """Move ahead; both clocks move, so this is no step."""
        if length < timedelta(0):
            raise ValueError("a clock never goes back")
        self._origin += length
        self._skipped += length
        self._was_moved.set()
        self._was_moved = asyncio.Event()

    def moved(self) -> timedelta:
        """How far `skip` has moved it in all."""
        return self._skipped

    def ahead(self) -> timedelta:
        """How far it is ahead of the wall clock: by what was skipped, in this process or before it."""
        return max(timedelta(0), self.now() - datetime.now(UTC))
