"""A clock that stands still until it is moved: for tests, where a timeout takes no time."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta

from chatsession.core import durations

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
SETTLE_ROUNDS = 50
"""How many turns of the event loop woken tasks get before time goes on."""


class ManualClock:
    """Moves only by `advance`, and wakes who sleeps in the order of their instants."""

    def __init__(self, start: datetime = START) -> None:
        self._start = self._now = start
        self._sleepers: list[tuple[datetime, int, asyncio.Event]] = []
        self._count = 0

    def now(self) -> datetime:
        """Where the clock stands."""
        return self._now

    async def sleep_until(self, instant: datetime) -> None:
        """Wait to be woken by `advance`."""
        if instant <= self._now:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        self._count += 1
        heapq.heappush(self._sleepers, (instant, self._count, woken))
        await woken.wait()

    def steps(self) -> int:
        """A clock moved by hand never jumps: everything that measures time moves with it."""
        return 0

    def moved(self) -> timedelta:
        """All of its time: it moves by hand alone."""
        return self._now - self._start

    async def advance(self, length: str | timedelta) -> None:
        """Move ahead ("14m"), stopping at every instant somebody waits for, until all who woke have settled."""
        step = durations.parse(length) if isinstance(length, str) else length
        target = self._now + (step or timedelta(0))
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= target:
            instant, _, woken = heapq.heappop(self._sleepers)
            self._now = max(self._now, instant)
            woken.set()
            await self.settle()
        self._now = target
        await self.settle()

    async def settle(self) -> None:
        """Let everything run that can run now."""
        for _ in range(SETTLE_ROUNDS):
            await asyncio.sleep(0)
