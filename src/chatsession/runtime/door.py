"""The one door: every command of visitor, bot, agent and clock comes in here, and nothing else appends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from chatsession.bus import Bus
from chatsession.clock import Clock
from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.refusals import Refusal
from chatsession.core.session import Session
from chatsession.files import Files
from chatsession.runtime.authorise import authorise
from chatsession.runtime.background import Background
from chatsession.runtime.committing import publish
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.deciding import Decided, Decider, with_actor
from chatsession.runtime.facts import FactFinder, IsHere
from chatsession.runtime.lanes import Lane, Lanes
from chatsession.runtime.pending import Answer, Pending, Tell, answer_all, doubt, refuse_all, tell_future
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError, not_found, refusal_for, unavailable
from chatsession.store import Append, ConflictError, DuplicateError, Store, StoreError
from chatsession.tracing import LOG_UNEXPECTED, Trace

Result = TypeVar("Result")
Reaction = Callable[[Session, tuple[e.Event, ...]], None]

OVERLOADED = Refusal(
    "overloaded", 503, "This session has too many requests waiting; try again soon.", {"retry_after": 1}
)
TOO_FAST = Refusal("overloaded", 503, "The session changes too fast just now; try again.", {"retry_after": 1})
log = logging.getLogger("chatsession")


class Door:
    """Decides commands against the state they meet, makes the events durable, and tells everybody."""

    def __init__(  # noqa: PLR0913  the seams of the one place where everything meets
        self,
        *,
        store: Store,
        bus: Bus,
        clock: Clock,
        lanes: Lanes,
        decider: Decider,
        background: Background,
        config: RuntimeConfig,
        files: Files | None = None,
    ) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._lanes = lanes
        self._decider = decider
        self._background = background
        self._config = config
        self._facts = FactFinder(store, files)
        self._reactions: list[Reaction] = []
        self._ready: list[Lane] = []
        self._writing: set[asyncio.Future[None]] = set()
        self._is_over = False

    def react(self, reaction: Reaction) -> None:
        """Call the reaction with every committed batch: whoever commits an event owes what follows from it."""
        self._reactions.append(reaction)

    def look_for_agents(self, is_here: IsHere) -> None:
        """Where to find out whether an agent is here, for a session that goes back to whoever had it last."""
        self._facts.is_here = is_here

    async def submit(
        self, principal: Principal, session: str, command: c.Command, *, trace: Trace | None = None
    ) -> Answer:
        """Answer a command once it is durable; raise RefusedError and change nothing otherwise.

        The command's actor is the principal, whatever it says. A caller that is cancelled does not undo it.
        """
        lane = await self._fetched(session)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.line_up(lane, principal, command, partial(tell_future, future), trace=trace)
        return await future

    def at_hand(self, session: str) -> Lane | None:
        """The session, where it need not be fetched first."""
        return self._lanes.at_hand(session)

    def line_up(
        self, lane: Lane, principal: Principal, command: c.Command, tell: Tell, *, trace: Trace | None = None
    ) -> None:
        """Take a place behind what waits for the session already; the answer is told where it is made.

        For callers that keep an order of their own: no other command comes between two calls.
        """
        authorise(principal, command, lane.session)
        if len(lane.pending) >= self._config.pending_per_session_max:
            raise RefusedError(OVERLOADED)
        actor = principal.actor
        lane.pending.append(Pending(with_actor(command, actor), actor.label, tell, trace))
        if not lane.running:
            lane.running = True
            self._come_to(lane)

    async def state(self, principal: Principal, session: str) -> Lane:
        """The session as it stands, for whoever may see it."""
        lane = await self._fetched(session)
        authorise(principal, None, lane.session)
        return lane

    async def commit(self, *appends: Append) -> None:
        """Make appends durable, all in one transaction, that were decided under their lanes' locks; tell everybody."""
        await self._stored(self._store.append(*appends))
        for append in appends:
            self._tell_everybody(append)

    async def finish(self) -> None:
        """Wait until all that came in is decided and durable, and what follows from it is done."""
        await self._background.finish()
        while self._ready or self._writing:
            await (asyncio.wait(self._writing) if self._writing else asyncio.sleep(0))
            await self._background.finish()

    def abandon(self) -> None:
        """Decide and tell nothing any more, as in a process that is killed."""
        self._is_over = True
        for written in tuple(self._writing):
            written.cancel()

    async def _fetched(self, session: str) -> Lane:
        try:
            lane = await self._lanes.get(session)
            if not self._config.alone:
                await self._lanes.reload(lane)
        except StoreError as error:
            raise unavailable(error) from error
        return lane

    # The short way: no task, and one look at the clock for everything that came in together.

    def _come_to(self, lane: Lane) -> None:
        """Decide what waits for the session when this turn of the event loop is over."""
        if not self._ready:
            asyncio.get_running_loop().call_soon(self._serve)
        self._ready.append(lane)

    def _serve(self) -> None:
        ready, self._ready = self._ready, []
        if self._is_over:
            return
        now = self._clock.now()
        for lane in ready:
            if lane.lock.take():
                self._begin(lane, now)
            else:
                self._go_the_long_way(lane)

    def _begin(self, lane: Lane, now: datetime) -> None:
        """Decide what waits, and begin to write it."""
        batch = lane.next_batch(self._config.batch_max)
        decided = self._decided_at_once(lane, batch, now)
        if decided is None:
            self._decide_again(lane, batch)
        elif decided.append is None:
            self._settle(lane, decided)
        else:
            written = self._written(decided.append)
            self._writing.add(written)
            written.add_done_callback(partial(self._has_written, lane, batch, decided))

    def _decided_at_once(self, lane: Lane, batch: list[Pending], now: datetime) -> Decided | None:
        """What the batch comes to, where nothing has to be looked up for it."""
        if any(self._facts.are_needed(lane.policy, pending) for pending in batch):
            return None
        try:
            decided = self._decider.decide(lane.session, batch, now, lane.snapshot_seq)
        except Exception:  # noqa: BLE001  whatever it was: it is met again on the long way, which answers for it
            return None
        return None if decided.doubted() else decided

    def _written(self, append: Append) -> "asyncio.Future[None]":
        """Begin to write: the store's own future, or a task where the store is a coroutine's."""
        try:
            return asyncio.ensure_future(self._store.append(append))
        except StoreError as error:
            refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            refused.set_exception(error)
            return refused

    def _has_written(self, lane: Lane, batch: list[Pending], decided: Decided, written: "asyncio.Future[None]") -> None:
        """Tell what is durable now; where somebody was faster, decide again on the long way."""
        self._writing.discard(written)
        error = asyncio.CancelledError() if written.cancelled() else written.exception()
        if isinstance(error, ConflictError | DuplicateError):
            doubt(batch)
            self._decide_again(lane, batch)
        elif error is None and not self._is_over:
            self._settle(lane, decided)
        else:
            refuse_all(batch, refusal_for(error, lane.session.id))
            self._leave(lane)

    def _decide_again(self, lane: Lane, batch: list[Pending]) -> None:
        lane.put_back(batch)
        lane.lock.release()
        self._go_the_long_way(lane)

    def _settle(self, lane: Lane, decided: Decided) -> None:
        try:
            self._move_on(lane, decided)
        except Exception:
            log.exception(LOG_UNEXPECTED, extra={"task": f"lane {lane.session.id}"})
        self._leave(lane)

    def _leave(self, lane: Lane) -> None:
        """Let others at the session, and come back for what has come in meanwhile."""
        lane.lock.release()
        if lane.pending and not self._is_over:
            self._come_to(lane)
        else:
            lane.running = False

    # The long way: what is needed is looked up, and whoever was faster is caught up with.

    def _go_the_long_way(self, lane: Lane) -> None:
        self._background.start(self._run(lane), f"lane {lane.session.id}")

    async def _run(self, lane: Lane) -> None:
        """Decide everything that waits for the session, batch by batch, until nothing does."""
        try:
            while lane.pending:
                async with lane.lock:
                    await self._answer(lane, lane.next_batch(self._config.batch_max))
        finally:
            lane.running = False

    async def _answer(self, lane: Lane, batch: list[Pending]) -> None:
        try:
            await self._look_up(lane, batch)
            await self._decide_and_append(lane, batch)
        except BaseException as error:
            # It is this batch's alone: who waits behind it is answered all the same.
            refuse_all(batch, refusal_for(error, lane.session.id))
            if not isinstance(error, Exception):
                raise

    async def _look_up(self, lane: Lane, batch: list[Pending]) -> None:
        await self._decider.get_ready(lane.session, batch)
        for pending in batch:
            if self._facts.are_needed(lane.policy, pending):
                pending.facts = await self._facts.look_up(lane.session, lane.policy, pending, self._clock.now())

    async def _decide_and_append(self, lane: Lane, batch: list[Pending]) -> None:
        for _ in range(self._config.conflicts_max):
            decided = self._decider.decide(lane.session, batch, self._clock.now(), lane.snapshot_seq)
            if decided.doubted():
                await self._look_up(lane, batch)
                continue
            try:
                if decided.append is not None:
                    await self._store.append(decided.append)
            except (ConflictError, DuplicateError) as error:
                await self._lanes.reload(lane)
                if isinstance(error, ConflictError) and lane.session.seq == decided.expected_seq:
                    self._lanes.forget(lane.session.id)
                    raise not_found() from error
                # Whoever was faster may have brought any of these commands: all are looked up again, so that one
                # round is enough however many of them are repetitions.
                doubt(batch)
                await self._look_up(lane, batch)
            else:
                self._move_on(lane, decided)
                return
        raise RefusedError(TOO_FAST)

    def _move_on(self, lane: Lane, decided: Decided) -> None:
        try:
            if decided.append is not None:
                lane.take(decided.append, decided.policy)
                self._tell_everybody(decided.append)
        finally:
            # Whatever goes wrong with followers, it is on the disk. Who follows gets events before answers.
            answer_all(decided.answers)

    async def _stored(self, work: Awaitable[Result]) -> Result:
        """Wait for the store to the end, even if this task is cancelled: half a commit must not be taken for none."""
        task = asyncio.ensure_future(work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            raise

    def _tell_everybody(self, append: Append) -> None:
        publish(self._bus, append)
        for reaction in self._reactions:
            reaction(append.session, append.events)
