"""Since when we serve without a break: a heartbeat in the store, reset by a gap or by a clock that jumps."""

import asyncio
from datetime import datetime, timedelta

from chatsession.clock import Clock
from chatsession.runtime.background import Background
from chatsession.runtime.config import RuntimeConfig
from chatsession.store import Store, StoreError


class Heartbeat:
    """Tells `served_since`, which the rules need to be fair after our own downtime."""

    def __init__(self, *, store: Store, clock: Clock, background: Background, config: RuntimeConfig) -> None:
        self._store = store
        self._clock = clock
        self._background = background
        self._config = config
        self._task: asyncio.Task[None] | None = None
        self.served_since = clock.now()
        self._seen(self.served_since, clock.moved())

    async def start(self) -> None:
        """Begin to serve, and to say so. What ran before us in this process's place has ended: we begin anew."""
        self.served_since, moved = self._clock.now(), self._clock.moved()
        await self._store.heartbeat(self.served_since)
        self._seen(self.served_since, moved)
        self._task = self._background.start(self._beat(), "heartbeat")

    async def stop(self) -> None:
        """Stop saying so."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def serves(self) -> bool:
        """Whether we serve: whoever was away begins anew with the first heartbeat that the store takes."""
        if self._was_away():
            await self.beat_once()
        return not self._was_away()

    async def beat_once(self) -> None:
        """Say once that we serve; a heartbeat that the store does not take is none."""
        # Together: while the store takes it, somebody may move the clock.
        now, moved = self._clock.now(), self._clock.moved()
        try:
            await self._store.heartbeat(now)
        except StoreError:
            return
        if self._was_away():
            self.served_since = now
        self._seen(now, moved)

    def _was_away(self) -> bool:
        """Whether the clock was set, or for too long no heartbeat reached the store."""
        return self._clock.steps() != self._steps or self._passed_since_beat() > self._config.served_gap_max

    async def _beat(self) -> None:
        while True:
            # A heartbeat is about this process: it does not beat faster for a clock that is moved by hand.
            await asyncio.sleep(self._config.heartbeat_every.total_seconds())
            await self.beat_once()

    def _seen(self, now: datetime, moved: timedelta) -> None:
        self._beat_at = now
        self._steps = self._clock.steps()
        self._moved = moved

    def _passed_since_beat(self) -> timedelta:
        """Time that went by itself: nobody was away while a clock was moved by hand."""
        return self._clock.now() - self._beat_at - (self._clock.moved() - self._moved)
