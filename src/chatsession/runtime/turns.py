"""The bots at work: one attempt at a time for each session, so many in all, each stopped when its turn is over."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta

from chatsession.bot import Bot
from chatsession.bus import Bus
from chatsession.clock import Clock
from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.session import Session
from chatsession.runtime.asking import Asking
from chatsession.runtime.background import Background
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.door import Door
from chatsession.runtime.policies import Policies
from chatsession.runtime.principal import BOT_PRINCIPAL
from chatsession.runtime.refused import RefusedError
from chatsession.runtime.running import DRAINED, ERASED, Places, Running
from chatsession.store import Store, StoreError
from chatsession.tracing import LOG_TRACE_LOST, Trace, redacted

RETRY_SUBMIT_AFTER = timedelta(seconds=1)
SUBMITS_MAX = 12
"""Together longer than `served_gap_max`: after a longer absence the turn is tried anew anyway."""
SERVERS_OWN = 500
"""From this status on, a refusal is our own trouble and may pass."""

log = logging.getLogger("chatsession")


class Turns:
    """Starts a bot when a turn opens, stops it when the turn ends otherwise, and brings its answer to the door."""

    def __init__(  # noqa: PLR0913  the seams between bots and sessions
        self,
        *,
        store: Store,
        bus: Bus,
        bots: Mapping[str, Bot],
        clock: Clock,
        door: Door,
        policies: Policies,
        background: Background,
        config: RuntimeConfig,
    ) -> None:
        self._store = store
        self._bots = bots
        self._clock = clock
        self._door = door
        self._policies = policies
        self._background = background
        self._config = config
        self._asking = Asking(store=store, bus=bus, clock=clock, door=door, background=background, config=config)
        self._running: dict[str, Running] = {}
        self._places: dict[str, Places] = {}
        self._draining = asyncio.Event()

    def __len__(self) -> int:
        return len(self._running)

    def react(self, session: Session, events: tuple[e.Event, ...]) -> None:
        """Make what runs agree with the turn that the session waits for now."""
        self._asking.histories.follow(session, events)
        running = self._running.get(session.id)
        asked = any(isinstance(event, e.TurnOpened | e.TurnRetried) for event in events)
        wanted = session.turn if asked and not self._draining.is_set() else None
        if running is not None and not running.is_at(session.turn):
            if wanted is not None and running.is_waiting:
                # Whoever waits for a place keeps it: a retry at the end of the queue would wait for ever.
                running.session = session
                return
            self._stop(session.id, _reason(events))
        if wanted is not None and session.id not in self._running:
            self._start(session)

    def partial(self, session: str) -> bytes | None:
        """The text of the answer that is being written in a session."""
        running = self._running.get(session)
        return running.work.partial() if running and running.work else None

    def stop_session(self, session: str) -> None:
        """Stop whatever is being written, because the session is gone."""
        self._stop(session, ERASED)
        self.forget(session)

    def forget(self, session: str) -> None:
        """Drop what bots were shown of a session; the next one is shown what the store has then."""
        self._asking.histories.forget(session)

    async def drain(self, grace: timedelta) -> None:
        """Start no more; give what runs some time, then stop it: it will be tried again by whoever serves next."""
        self._draining.set()
        for session, running in tuple(self._running.items()):
            if running.is_waiting:
                self._stop(session, DRAINED)
        tasks = [running.task for running in self._running.values() if running.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=grace.total_seconds())
        for session in tuple(self._running):
            self._stop(session, DRAINED)

    def _start(self, session: Session) -> None:
        bot = self._bots.get(session.inbox)
        if bot is None:
            return
        running = Running(session)
        self._running[session.id] = running
        running.task = self._background.start(self._answer(bot, running), f"turn {session.id}")
        running.task.add_done_callback(lambda _: self._ended(session.id, running))

    def _ended(self, session: str, running: Running) -> None:
        if self._running.get(session) is running:
            del self._running[session]

    def _stop(self, session: str, reason: str) -> None:
        running = self._running.pop(session, None)
        if running is not None:
            running.stop(reason)

    async def _answer(self, bot: Bot, running: Running) -> None:
        inbox = running.session.inbox
        places = self._places.setdefault(inbox, Places(self._config.turns_running_max, self._config.turns_waiting_max))
        if places.are_full:
            await self._hand_in(running, _failed(running.session, "overloaded"), None)
            return
        async with places:
            running.is_waiting = False
            command, trace = await self._attempted(bot, running)
        if running.stopped is None or trace is None:
            await self._hand_in(running, command, trace)
        else:
            await self._leave(running, command, trace)

    async def _attempted(self, bot: Bot, running: Running) -> tuple[c.Command, Trace | None]:
        """Let the bot try; what it had done is kept when somebody stops it."""
        session = running.session
        try:
            policy = await self._policies.of_hash(session.policy)
            if (refusal := await self._asking.refusal(session, policy)) is not None:
                return refusal, None
            running.work = work = await self._asking.attempt(bot, session, policy)
        except StoreError:
            return _failed(session, "store_unavailable"), None
        pii = frozenset(key for key, rule in policy.context_keys.items() if rule.pii)
        try:
            command, trace = await work.run()
        except asyncio.CancelledError:
            command, trace = work.cut_off()
            self._background.start(self._leave(running, command, redacted(trace, pii)), "stopped turn")
            raise
        return command, redacted(trace, pii)

    async def _leave(self, running: Running, command: c.Command, trace: Trace) -> None:
        """Keep what a stopped attempt did and used; a turn that drains is still open, and not the bot's failure."""
        if running.stopped == DRAINED:
            await self._keep_refused(trace)
        elif running.stopped != ERASED:
            await self._hand_in(running, command, trace)

    async def _hand_in(self, running: Running, command: c.Command, trace: Trace | None) -> None:
        """Bring the end of the attempt to the door; a store that is away for a moment must not cost the answer."""
        running.is_waiting, running.is_handing_in = False, True
        session = running.session.id
        for attempt in range(1, SUBMITS_MAX + 1):
            try:
                await self._door.submit(BOT_PRINCIPAL, session, command, trace=trace)
            except RefusedError as refused:
                may_pass = refused.refusal.status >= SERVERS_OWN and attempt < SUBMITS_MAX
                if not may_pass or not await self._pause():
                    await self._keep_refused(trace)
                    return
            else:
                return

    async def _pause(self) -> bool:
        """Wait for the next try; False where we are asked to end."""
        pause = asyncio.ensure_future(self._clock.sleep_until(self._clock.now() + RETRY_SUBMIT_AFTER))
        end = asyncio.ensure_future(self._draining.wait())
        try:
            await asyncio.wait((pause, end), return_when=asyncio.FIRST_COMPLETED)
        finally:
            pause.cancel()
            end.cancel()
        return not self._draining.is_set()

    async def _keep_refused(self, trace: Trace | None) -> None:
        """An answer that came too late leaves the screen, and stays in its trace."""
        if trace is None:
            return
        try:
            await self._store.put_trace(trace)
        except StoreError:
            log.warning(LOG_TRACE_LOST, extra={"session": trace.session, "turn": trace.turn})


def _failed(session: Session, reason: str) -> c.FailTurn:
    turn = session.turn
    number, attempt = (turn.number, turn.attempt) if turn else (0, 0)
    return c.FailTurn(actor=c.BOT, turn=number, attempt=attempt, reason=reason)


def _reason(events: tuple[e.Event, ...]) -> str:
    """Why a turn is over before its answer: what the events say of it."""
    ends = [event for event in events if isinstance(event, e.TurnSuperseded | e.TurnRetried | e.TurnFailed)]
    return ends[0].reason if ends else "superseded"
