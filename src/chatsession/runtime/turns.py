"""The bots at work: one attempt at a time for each session, so many in all, each stopped when its turn is over."""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta

from chatsession.bot import Bot, TurnInput
from chatsession.bus import Bus, News
from chatsession.clock import Clock
from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.context import assemble
from chatsession.core.limits import ACTIVITY_EVERY_MAX
from chatsession.core.policy import Policy
from chatsession.core.session import Session
from chatsession.runtime.answers import Attempt
from chatsession.runtime.background import Background
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.door import Door
from chatsession.runtime.histories import Histories
from chatsession.runtime.policies import Policies
from chatsession.runtime.principal import BOT_PRINCIPAL
from chatsession.runtime.refused import RefusedError
from chatsession.store import Store, StoreError
from chatsession.tracing import Trace, redacted

RETRY_SUBMIT_SECONDS = 1.0
SUBMITS_MAX = 5


class Running:
    """A turn that is being answered here."""

    def __init__(self, turn: int, attempt: int, task: "asyncio.Task[None]") -> None:
        self.turn = turn
        self.attempt = attempt
        self.task = task
        self.work: Attempt | None = None


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
        self._bus = bus
        self._bots = bots
        self._clock = clock
        self._door = door
        self._policies = policies
        self._background = background
        self._config = config
        self._histories = Histories(store, config.histories_cached_max, config.history_lines_max)
        self._running: dict[str, Running] = {}
        self._places = asyncio.Semaphore(config.turns_running_max)
        self._is_draining = False

    def __len__(self) -> int:
        return len(self._running)

    def react(self, session: Session, events: tuple[e.Event, ...]) -> None:
        """Do what committed events ask for."""
        self._histories.follow(session, events)
        for event in events:
            match event:
                case e.TurnOpened() | e.TurnRetried():
                    self._stop(session.id)
                    if session.turn is not None and session.turn.number == event.turn and not self._is_draining:
                        self._start(session)
                case e.TurnSuperseded() | e.TurnFailed() | e.SessionClosed():
                    self._stop(session.id)
                case _:
                    pass

    def partial(self, session: str) -> bytes | None:
        """The text of the answer that is being written in a session."""
        running = self._running.get(session)
        return running.work.partial() if running and running.work and running.work.text else None

    def stop_session(self, session: str) -> None:
        """Stop whatever is being written, because the session is gone."""
        self._stop(session)
        self._histories.forget(session)

    async def drain(self, grace: timedelta) -> None:
        """Start no more; give what runs some time, then stop it: it will be tried again by whoever serves next."""
        self._is_draining = True
        tasks = [running.task for running in self._running.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=grace.total_seconds())
        for session in tuple(self._running):
            self._stop(session)

    def _start(self, session: Session) -> None:
        turn = session.turn
        bot = self._bots.get(session.inbox)
        if turn is None or bot is None:
            return
        task = self._background.start(self._answer(bot, session), f"turn {session.id}")
        running = Running(turn.number, turn.attempt, task)
        self._running[session.id] = running
        task.add_done_callback(lambda _: self._ended(session.id, running))

    def _ended(self, session: str, running: Running) -> None:
        if self._running.get(session) is running:
            del self._running[session]

    def _stop(self, session: str) -> None:
        running = self._running.pop(session, None)
        # An attempt whose own answer ends its turn is on its way out already.
        if running is not None and running.task is not asyncio.current_task():
            running.task.cancel()

    async def _answer(self, bot: Bot, session: Session) -> None:
        async with self._places:
            policy = await self._policies.of_hash(session.policy)
            work = await self._prepared(bot, session, policy)
            running = self._running.get(session.id)
            if running is not None:
                running.work = work
            pii = frozenset(key for key, rule in policy.context_keys.items() if rule.pii)
            try:
                command, trace = await work.run()
            except asyncio.CancelledError:
                record = redacted(work.trace("superseded"), pii)
                self._background.start(self._store.put_trace(record), "trace")
                raise
            trace = redacted(trace, pii)
        if isinstance(command, c.FailTurn):
            await self._store.put_trace(trace)
            await self._submit(session.id, command, None)
        else:
            await self._submit(session.id, command, trace)

    async def _submit(self, session: str, command: c.Command, trace: Trace | None) -> None:
        """Bring the end of the attempt to the door; a store that is away for a moment must not cost the answer."""
        for attempt in range(SUBMITS_MAX):
            try:
                await self._door.submit(BOT_PRINCIPAL, session, command, trace=trace)
            except RefusedError as refused:
                if refused.refusal.status < 500 or attempt == SUBMITS_MAX - 1:  # noqa: PLR2004  the server's own trouble
                    await self._keep_refused(trace)
                    return
                await asyncio.sleep(RETRY_SUBMIT_SECONDS)
            else:
                return

    async def _keep_refused(self, trace: Trace | None) -> None:
        """An answer that came too late leaves the screen, and stays in its trace."""
        if trace is None:
            return
        try:
            await self._store.put_trace(trace)
        except StoreError:
            return

    async def _prepared(self, bot: Bot, session: Session, policy: Policy) -> Attempt:
        shown = await self._shown(session)
        started = time.monotonic()
        stretch = min(ACTIVITY_EVERY_MAX, policy.bot_silence / 10) if policy.bot_silence else ACTIVITY_EVERY_MAX
        # The turn's own opening covers the first stretch.
        heard_until = self._clock.now() + stretch

        def sign_of_life() -> None:
            nonlocal heard_until
            now = self._clock.now()
            if now >= heard_until:
                heard_until = now + stretch
                touch = c.Touch(actor=c.BOT, turn=shown.turn, attempt=shown.attempt)
                self._background.start(self._touch(session.id, touch), "touch")

        return Attempt(
            bot=bot,
            shown=shown,
            policy=session.policy,
            started_at=self._clock.now(),
            chars_max=self._config.answer_chars_max,
            send=lambda frame: self._bus.publish(News(session.id, 0, (frame,))),
            sign_of_life=sign_of_life,
            elapsed=lambda: timedelta(seconds=time.monotonic() - started),
        )

    async def _touch(self, session: str, touch: c.Touch) -> None:
        try:
            await self._door.submit(BOT_PRINCIPAL, session, touch)
        except RefusedError:
            return

    async def _shown(self, session: Session) -> TurnInput:
        turn = session.turn
        if turn is None:
            raise RuntimeError("a turn that is answered is open")
        lines = await self._histories.lines(session)
        shown = assemble(session, lines, self._clock.now(), self._config.budget_tokens)
        asked = next((line.text for line in lines if line.seq == turn.asked_seq), "")
        thread = session.threads.get(session.thread or "")
        locale = session.metadata.get("locale")
        return TurnInput(
            session=session.id,
            inbox=session.inbox,
            visitor=session.visitor,
            turn=turn.number,
            attempt=turn.attempt,
            text=asked,
            lines=shown.lines,
            context=shown.context,
            carried=shown.carried,
            summary=shown.summary,
            thread=session.thread,
            topic=thread.topic if thread else None,
            human_part=shown.human_part,
            locale=locale if isinstance(locale, str) else None,
            dropped=shown.dropped,
        )
