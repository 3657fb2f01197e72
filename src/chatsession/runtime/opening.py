"""How a visitor comes in: the open session goes on, the closed one is resumed, or a new one begins."""

from typing import Any, Literal

import msgspec

from chatsession.clock import Clock
from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.apply import apply
from chatsession.core.decide import decide
from chatsession.core.policy import Policy
from chatsession.core.refusals import Refusal
from chatsession.core.rules.checks import client_id_refused
from chatsession.core.session import Facts, Receipt, Session
from chatsession.runtime.committing import append_of
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.deciding import digest_of
from chatsession.runtime.door import Door
from chatsession.runtime.facts import OTHERS_MAX, FactFinder
from chatsession.runtime.ids import RandomBytes, new_id
from chatsession.runtime.lanes import Lane, Lanes
from chatsession.runtime.pending import Answer
from chatsession.runtime.policies import Policies
from chatsession.runtime.principal import CLOCK_PRINCIPAL, Principal
from chatsession.runtime.rates import Rates
from chatsession.runtime.refused import RefusedError, not_found, rate_limited, unavailable
from chatsession.runtime.visible import visible
from chatsession.store import AlreadyOpenError, Append, ConflictError, NewReceipt, Row, Store, StoreError

OPENING = "opening"
"""The author under which the client id of an opening is kept, apart from those of messages."""
ADDRESS_KEYS = frozenset(("ip", "address", "ip_address", "remote_addr"))


class MessageIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A visitor's message as it comes in."""

    text: str = ""
    client_id: str | None = None
    parts: list[dict[str, Any]] = []
    page: str | None = None
    thread: str | None = None


class OpenRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a visitor comes in with."""

    client_id: str | None = None
    message: MessageIn | None = None
    metadata: dict[str, Any] = {}
    on_return: Literal["resume", "new"] | None = None


class Opened(msgspec.Struct, frozen=True):
    """Where the visitor is now, and how that came about."""

    session: Session
    how: Literal["opened", "resumed", "continued"]
    message: Answer | None = None


class Opening:
    """Finds or begins the one session a visitor is in."""

    def __init__(  # noqa: PLR0913  the parts of one walk
        self,
        *,
        store: Store,
        door: Door,
        lanes: Lanes,
        policies: Policies,
        clock: Clock,
        random: RandomBytes,
        config: RuntimeConfig,
    ) -> None:
        self._store = store
        self._door = door
        self._lanes = lanes
        self._policies = policies
        self._clock = clock
        self._random = random
        self._facts = FactFinder(store)
        self._rates = Rates(config.messages_per_second, config.messages_burst, config.buckets_max)
        self._attempts_max = config.conflicts_max

    async def open(self, principal: Principal, inbox: str, request: OpenRequest) -> Opened:
        """Bring a visitor in; the same request again leads to the same session and posts nothing twice."""
        if principal.kind != "visitor" or principal.inbox != inbox or principal.id is None:
            raise not_found()
        if (refusal := client_id_refused(request.client_id)) is not None:
            raise RefusedError(refusal)
        try:
            return await self._open(principal, inbox, principal.id, request)
        except StoreError as error:
            raise unavailable(error) from error

    async def _open(self, principal: Principal, inbox: str, visitor: str, request: OpenRequest) -> Opened:
        hash_, policy = self._policies.current(inbox)
        for _ in range(self._attempts_max):
            rows = await self._store.sessions_of(inbox, visitor, OTHERS_MAX)
            known = await self._known(rows, request, policy)
            if known is not None:
                return await self._go_on(principal, known, request)
            newest = rows[0] if rows and not policy.several_open else None
            wish = request.on_return or policy.on_return
            if newest is not None and newest.phase == "closed" and wish == "resume":
                return await self._resume(principal, newest.id, hash_, request)
            try:
                return await self._begin(principal, inbox, visitor, newest, request)
            except (AlreadyOpenError, ConflictError):
                continue
        raise unavailable(StoreError("openings raced too often"))

    async def _known(self, rows: list[Row], request: OpenRequest, policy: Policy) -> str | None:
        """The session this request means: the open one, or the one the same request opened before."""
        for row in rows:
            if row.phase == "open" and not policy.several_open:
                return row.id
            if request.client_id and await self._store.receipt(row.id, OPENING, request.client_id) is not None:
                return row.id
        return None

    async def _go_on(self, principal: Principal, session: str, request: OpenRequest) -> Opened:
        answer = None
        if request.message is not None:
            answer = await self._door.submit(principal, session, message_command(principal, request.message))
        lane = await self._door.state(principal, session)
        return Opened(lane.session, "continued", answer)

    async def _resume(self, principal: Principal, session: str, hash_: str, request: OpenRequest) -> Opened:
        message = request.message
        command = c.ResumeSession(
            actor=principal.actor,
            policy=hash_,
            text=visible(message.text) if message else None,
            client_id=message.client_id if message else None,
            parts=message.parts if message else [],
            page=message.page if message else None,
            thread=message.thread if message else None,
        )
        answer = await self._door.submit(principal, session, command)
        return Opened(answer.session, "resumed", answer if message else None)

    async def _begin(
        self, principal: Principal, inbox: str, visitor: str, newest: Row | None, request: OpenRequest
    ) -> Opened:
        if not self._rates.allow(visitor, self._clock.now()):
            raise rate_limited()
        if newest is None:
            return await self._begin_after(None, principal, inbox, visitor, request)
        earlier = await self._door.state(CLOCK_PRINCIPAL, newest.id)
        async with earlier.lock:
            try:
                return await self._begin_after(earlier, principal, inbox, visitor, request)
            except ConflictError:
                # Another process was in that session since we had it at hand: the next round decides on what is there.
                await self._lanes.reload(earlier)
                raise

    async def _begin_after(
        self, earlier: Lane | None, principal: Principal, inbox: str, visitor: str, request: OpenRequest
    ) -> Opened:
        """Archive what could still be resumed and open anew: both happen or neither."""
        now = self._clock.now()
        appends: list[Append] = []
        state = earlier.session if earlier else None
        if earlier is not None and state is not None and state.phase == "closed":
            archived = decide(state, c.ArchiveSession(actor=c.CLOCK), earlier.policy, now)
            events = _accepted(archived)
            for event in events:
                state = apply(state, event)
            appends.append(append_of(state, events, earlier.policy, snapshot_seq=earlier.snapshot_seq))
        hash_, policy = self._policies.current(inbox)
        facts = await self._facts.with_usage(
            Facts(carried=state.carried if state else None), inbox, visitor, policy, now
        )
        command = self._command(principal, inbox, visitor, hash_, policy, state, request)
        events = _accepted(decide(None, command, policy, now, facts))
        session = apply(None, events[0])
        for event in events[1:]:
            session = apply(session, event)
        opened = append_of(session, events, policy, snapshot_seq=0, receipts=_receipts(request, principal, events))
        await self._door.commit(*appends, opened)
        if earlier is not None and appends:
            earlier.take(appends[0], earlier.policy)
        self._lanes.keep(Lane(session, policy, 0))
        return Opened(session, "opened", _answer(session, events) if request.message else None)

    def _command(  # noqa: PLR0913  everything an opening is made of
        self,
        principal: Principal,
        inbox: str,
        visitor: str,
        hash_: str,
        policy: Policy,
        earlier: Session | None,
        request: OpenRequest,
    ) -> c.OpenSession:
        message = request.message
        metadata = request.metadata
        if not policy.keep_address:
            metadata = {key: value for key, value in metadata.items() if key.lower() not in ADDRESS_KEYS}
        return c.OpenSession(
            actor=principal.actor,
            session=new_id("ses", self._clock.now(), self._random),
            inbox=inbox,
            visitor=visitor,
            policy=hash_,
            metadata=metadata,
            previous=earlier.id if earlier else None,
            client_id=message.client_id if message else None,
            text=visible(message.text) if message else None,
            parts=message.parts if message else [],
            page=message.page if message else None,
            thread=message.thread if message else None,
        )


def message_command(principal: Principal, message: MessageIn) -> c.PostMessage:
    """The command of a message that came in."""
    return c.PostMessage(
        actor=principal.actor,
        text=visible(message.text),
        client_id=message.client_id,
        parts=message.parts,
        page=message.page,
        thread=message.thread,
    )


def _accepted(decided: list[e.Event] | Refusal) -> list[e.Event]:
    if isinstance(decided, Refusal):
        raise RefusedError(decided)
    return decided


def _receipts(request: OpenRequest, principal: Principal, events: list[e.Event]) -> list[NewReceipt]:
    receipts: list[NewReceipt] = []
    if request.client_id:
        receipts.append(NewReceipt(OPENING, request.client_id, Receipt(seq=1, digest=b"", message_id="")))
    message = request.message
    if message is not None and message.client_id:
        posted = _posted(events)
        digest = digest_of(posted.text, message.parts, message.thread)
        receipt = Receipt(seq=posted.seq, digest=digest, message_id=posted.message_id)
        receipts.append(NewReceipt(principal.actor.label, message.client_id, receipt))
    return receipts


def _answer(session: Session, events: list[e.Event]) -> Answer:
    posted = _posted(events)
    return Answer(session, tuple(events), posted.seq, posted.message_id)


def _posted(events: list[e.Event]) -> e.MessagePosted:
    return next(event for event in events if isinstance(event, e.MessagePosted))
