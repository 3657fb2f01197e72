"""A process that serves: the real service over shared storage; it can be frozen, cut off, and die at any instant."""

import asyncio
from collections.abc import Coroutine, Mapping
from datetime import timedelta
from typing import Any, TypeVar, cast

from msgspec.structs import replace

from chatsession.bot import Bot
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.refused import RefusedError
from chatsession.runtime.service import Service
from chatsession.simulation.chance import Chance
from chatsession.simulation.checks.clocks import Serving
from chatsession.simulation.checks.witness import Witness
from chatsession.simulation.clock import ProcessClock, WorldTime
from chatsession.simulation.coverage import Coverage
from chatsession.simulation.news import Network
from chatsession.simulation.store import StoreView
from chatsession.store import Store

Result = TypeVar("Result")

CONFIG = RuntimeConfig(
    sessions_cached_max=6,
    histories_cached_max=4,
    history_lines_max=12,
    turns_running_max=3,
    answer_chars_max=2_000,
    pending_per_session_max=6,
    batch_max=4,
    buckets_max=8,
    heartbeat_every=timedelta(days=400),
    scan_every=timedelta(days=400),
)
"""Limits so narrow that a handful of sessions passes each of them; rhythms that leave the looking to the keeper."""


class LostConnectionError(Exception):
    """The process died before it answered: whoever asked knows nothing of what came of it."""


class Process:
    """One life of one node."""

    def __init__(  # noqa: PLR0913  what processes share
        self,
        *,
        time: WorldTime,
        store: Store,
        network: Network,
        bots: Mapping[str, Bot],
        inboxes: Mapping[str, Inbox],
        witness: Witness,
        coverage: Coverage,
        rng: Chance,
        alone: bool,
    ) -> None:
        self.clock = ProcessClock(time)
        self.serving = Serving(time.now)
        self.view = StoreView(store, witness, coverage, self.serving)
        self.view.die = self.die
        self.port = network.port()
        self._network = network
        self.service = Service(
            store=cast("Store", self.view),
            bus=self.port,
            bots=bots,
            clock=self.clock,
            inboxes=inboxes,
            config=replace(CONFIG, alone=alone),
            random=rng.randbytes,
        )
        self.is_dead = False
        self.is_frozen = False
        self._asking: dict[asyncio.Task[object], None] = {}
        self._burial: asyncio.Task[None] | None = None

    @property
    def answers(self) -> bool:
        """Whether anybody can be reached here."""
        return not self.is_dead and not self.is_frozen

    @property
    def store_is_well(self) -> bool:
        """Whether the store takes what this process writes."""
        return not (self.view.is_away or self.view.is_read_only)

    async def start(self) -> None:
        """Begin to serve."""
        await self.service.start()

    async def ask(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Wait for an answer; raise LostConnectionError if the process dies over it, or has died."""
        if self.is_dead:
            work.close()
            raise LostConnectionError
        task = cast("asyncio.Task[object]", asyncio.current_task())
        self._asking[task] = None
        try:
            result = await work
        except asyncio.CancelledError:
            if not self.is_dead:
                raise
            task.uncancel()
            raise LostConnectionError from None
        except RefusedError:
            if self.is_dead:
                raise LostConnectionError from None
            raise
        finally:
            self._asking.pop(task, None)
        if self.is_dead:
            raise LostConnectionError
        return result

    async def look(self) -> None:
        """One round of the time-keeping: a heartbeat, and whatever is due."""
        await self.service.heartbeat.beat_once()
        await self.service.timers.look_once()

    def freeze(self) -> None:
        """Stop as a process does that is suspended: nothing is asked, nothing looked at, and time goes on."""
        self.is_frozen = True
        self.clock.stop_keeping()

    def thaw(self, *, counts: bool) -> None:
        """Go on. An absence that counts is one the visitors may not pay for."""
        self.is_frozen = False
        self.clock.keep_on()
        self.serving.broken(counts=counts)

    def die(self) -> None:
        """End at once, as by `kill -9`: nothing is finished, and nobody gets an answer."""
        if self.is_dead:
            return
        self.is_dead = self.view.is_dead = True
        self._network.unplug(self.port)
        for task in tuple(self._asking):
            task.cancel()
        self._burial = asyncio.get_running_loop().create_task(self.service.abandon())

    async def buried(self) -> None:
        """Wait until nothing of the process runs any more."""
        if self._burial is not None:
            await self._burial
