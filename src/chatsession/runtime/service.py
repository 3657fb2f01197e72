"""The service: every part of the runtime, put together, started and drained."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from chatsession.bot import Bot
from chatsession.bus import Bus
from chatsession.clock import Clock
from chatsession.files import Files
from chatsession.runtime.background import Background
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.deciding import Decider
from chatsession.runtime.door import Door
from chatsession.runtime.erasing import Erasing
from chatsession.runtime.files import FileExchange
from chatsession.runtime.following import Following
from chatsession.runtime.heartbeat import Heartbeat
from chatsession.runtime.identity import Identity
from chatsession.runtime.ids import RandomBytes
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.keys import Keys
from chatsession.runtime.lanes import Lanes
from chatsession.runtime.merging import Merging
from chatsession.runtime.opening import Opening
from chatsession.runtime.policies import Policies
from chatsession.runtime.rates import Rates
from chatsession.runtime.reading import Reading
from chatsession.runtime.redacting import Redacting
from chatsession.runtime.resume_links import ResumeLinks
from chatsession.runtime.signals import Signals
from chatsession.runtime.timers import Timers
from chatsession.runtime.turns import Turns
from chatsession.store import Store

EPOCH_BYTES = 8


class Service:
    """Sessions as a service within one process. The caller opens and closes the store."""

    def __init__(  # noqa: PLR0913  what is chosen from outside
        self,
        *,
        store: Store,
        bus: Bus,
        bots: Mapping[str, Bot],
        clock: Clock,
        inboxes: Mapping[str, Inbox],
        files: Files | None = None,
        config: RuntimeConfig | None = None,
        random: RandomBytes = secrets.token_bytes,
    ) -> None:
        config = config or RuntimeConfig()
        self.store = store
        self.clock = clock
        self.inboxes = inboxes
        self.bots = bots
        self.epoch = ""
        self._drain_grace = config.drain_grace
        self._background = background = Background()
        self.policies = policies = Policies(store, inboxes)
        self.lanes = lanes = Lanes(store, policies, config.sessions_cached_max)
        rates = Rates(config.messages_per_second, config.messages_burst, config.buckets_max)
        decider = Decider(policies, rates)
        self.door = door = Door(
            store=store,
            bus=bus,
            clock=clock,
            lanes=lanes,
            decider=decider,
            background=background,
            config=config,
            files=files,
        )
        self.files = FileExchange(files=files, store=store, door=door, inboxes=inboxes, clock=clock, random=random)
        self.following = following = Following(store=store, bus=bus, door=door, background=background)
        self.reading = Reading(
            store=store, door=door, following=following, policies=policies, clock=clock, inboxes=inboxes
        )
        self.signals = Signals(bus=bus, clock=clock, door=door)
        self.turns = turns = Turns(
            store=store,
            bus=bus,
            bots=bots,
            clock=clock,
            door=door,
            policies=policies,
            background=background,
            config=config,
        )
        self.opening = Opening(
            store=store, door=door, lanes=lanes, policies=policies, clock=clock, random=random, config=config
        )
        merging = Merging(store=store, lanes=lanes, door=door, clock=clock)
        self.identity = Identity(
            store=store,
            clock=clock,
            inboxes=inboxes,
            policies=policies,
            following=following,
            merging=merging,
            random=random,
            config=config,
        )
        self.keys = Keys(store, clock, random, inboxes)
        self.resume_links = ResumeLinks(store=store, door=door, clock=clock, random=random, config=config)
        self.erasing = erasing = Erasing(
            store=store, clock=clock, lanes=lanes, turns=turns, following=following, files=files
        )
        self.redacting = Redacting(store=store, door=door, turns=turns, following=following, files=self.files)
        self.heartbeat = heartbeat = Heartbeat(store=store, clock=clock, background=background, config=config)
        self.timers = timers = Timers(
            store=store,
            clock=clock,
            door=door,
            lanes=lanes,
            policies=policies,
            heartbeat=heartbeat,
            erasing=erasing,
            background=background,
            config=config,
        )
        following.show_partials(turns.partial)
        door.look_for_agents(following.has_agent)
        door.react(turns.react)
        door.react(timers.react)

    async def start(self) -> None:
        """Get the bots ready, and begin to serve."""
        self.epoch = await self.store.setting("epoch", secrets.token_hex(EPOCH_BYTES)) or ""
        await self.files.open()
        await self.policies.start()
        for bot in set(self.bots.values()):
            await bot.start()
        await self.heartbeat.start()
        await self.timers.start()
        self._background.start(self.erasing.finish(), "finish erasing")

    async def drain(self, grace: timedelta | None = None) -> None:
        """Stop: followers are told to come back, turns get a grace, commits are finished."""
        await self.timers.stop()
        self.following.end_all("draining")
        await self.turns.drain(self._drain_grace if grace is None else grace)
        await self.heartbeat.stop()
        await self.door.finish()
        for bot in set(self.bots.values()):
            await bot.close()

    async def abandon(self) -> None:
        """Stop at once, as a process that is killed: nothing is finished, and nobody is told."""
        self.door.abandon()
        await self._background.cancel()
