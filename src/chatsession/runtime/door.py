"""The one door: every command of visitor, bot, agent and clock comes in here, and nothing else appends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from chatsession.bus import Bus
from chatsession.clock import Clock
from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.refusals import Refusal
from chatsession.core.session import Session
from chatsession.files import Files, FilesError
from chatsession.runtime.authorise import authorise
from chatsession.runtime.background import Background
from chatsession.runtime.committing import publish
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.deciding import Decided, Decider, with_actor
from chatsession.runtime.facts import FactFinder, IsHere
from chatsession.runtime.lanes import Lane, Lanes
from chatsession.runtime.pending import Answer, Pending, Tell, Told, tell_future
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import FILES_UNAVAILABLE, RefusedError, not_found, unavailable
from chatsession.store import Append, ConflictError, DuplicateError, Store, StoreError
from chatsession.tracing import LOG_UNEXPECTED, Trace

Result = TypeVar("Result")
Reaction = Callable[[Session, tuple[e.Event, ...]], None]

OVERLOADED = Refusal(
    "overloaded", 503, "This session has too many requests waiting; try again soon.", {"retry_after": 1}
)
TOO_FAST = Refusal("overloaded", 503, "The session changes too fast just now; try again.", {"retry_after": 1})
BROKEN = Refusal("internal_error", 500, "Something went wrong on our side; nothing was changed.")
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
            self._background.start(self._run(lane), f"lane {lane.session.id}")

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

    async def _fetched(self, session: str) -> Lane:
        try:
            lane = await self._lanes.get(session)
            if not self._config.alone:
                await self._lanes.reload(lane)
        except StoreError as error:
            raise unavailable(error) from error
        return lane

    async def _run(self, lane: Lane) -> None:
        """Decide everything that waits for the session, batch by batch, until nothing does."""
        try:
            while lane.pending:
                async with lane.lock:
                    taken = min(len(lane.pending), self._config.batch_max)
                    await self._answer(lane, [lane.pending.popleft() for _ in range(taken)])
        finally:
            lane.running = False

    async def _answer(self, lane: Lane, batch: list[Pending]) -> None:
        try:
            await self._look_up(lane, batch)
            await self._decide_and_append(lane, batch)
        except RefusedError as refused:
            _refuse(batch, refused)
        except StoreError as error:
            _refuse(batch, unavailable(error))
        except FilesError:
            _refuse(batch, RefusedError(FILES_UNAVAILABLE))
        except Exception:
            # Whatever it was, it is this batch's: who waits behind it is answered all the same.
            log.exception(LOG_UNEXPECTED, extra={"task": f"lane {lane.session.id}"})
            _refuse(batch, RefusedError(BROKEN))
        except BaseException:
            _refuse(batch, RefusedError(BROKEN))
            raise

    async def _look_up(self, lane: Lane, batch: list[Pending]) -> None:
        for pending in batch:
            if self._facts.are_needed(lane.policy, pending):
                pending.facts = await self._facts.look_up(lane.session, lane.policy, pending, self._clock.now())

    async def _decide_and_append(self, lane: Lane, batch: list[Pending]) -> None:
        for _ in range(self._config.conflicts_max):
            decided = await self._decider.decide(lane.session, batch, self._clock.now(), lane.snapshot_seq)
            if _doubted(decided):
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
                _doubt(batch)
                await self._look_up(lane, batch)
            else:
                try:
                    if decided.append is not None:
                        lane.take(decided.append, decided.policy)
                        self._tell_everybody(decided.append)
                finally:
                    # Whatever goes wrong with followers, it is on the disk. Who follows gets events before answers.
                    _answer_all(decided.answers)
                return
        raise RefusedError(TOO_FAST)

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


def _doubted(decided: Decided) -> bool:
    """Doubt refusals that the store was not asked about: a repetition gets its first answer, not a refusal."""
    doubtful = [pending for pending, answer in decided.answers if isinstance(answer, RefusedError)]
    doubtful = [pending for pending in doubtful if pending.client_id is not None and not pending.is_doubted]
    _doubt(doubtful)
    return bool(doubtful)


def _doubt(batch: list[Pending]) -> None:
    for pending in batch:
        pending.is_doubted = pending.client_id is not None


def _answer_all(answers: list[tuple[Pending, Told]]) -> None:
    for pending, answer in answers:
        pending.tell(answer)


def _refuse(batch: list[Pending], refused: RefusedError) -> None:
    _answer_all([(pending, refused) for pending in batch])
