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
        self._steps = clock.steps()
        self._beat_at = clock.now()
        self._moved = clock.moved()
        self._task: asyncio.Task[None] | None = None
        self.served_since: datetime = clock.now()

    async def start(self) -> None:
        """Begin to serve, and to say so. What ran before us in this process's place has ended: we begin anew."""
        self.served_since = self._beat_at = self._clock.now()
        await self._store.heartbeat(self.served_since)
        self._task = self._background.start(self._beat(), "heartbeat")

    async def stop(self) -> None:
        """Stop saying so."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _beat(self) -> None:
        while True:
            await self._clock.sleep_until(self._clock.now() + self._config.heartbeat_every)
            now = self._clock.now()
            if self._clock.steps() != self._steps or self._passed_since_beat(now) > self._config.served_gap_max:
                self._steps = self._clock.steps()
                self.served_since = now
            self._beat_at = now
            self._moved = self._clock.moved()
            try:
                await self._store.heartbeat(now)
            except StoreError:
                continue

    def _passed_since_beat(self, now: datetime) -> timedelta:
        """Time that went by itself: nobody was away while a clock was moved by hand."""
        return now - self._beat_at - (self._clock.moved() - self._moved)
