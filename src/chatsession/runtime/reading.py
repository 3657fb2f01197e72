"""What can be read: a session, its events, a visitor's earlier chats, lists, traces, policies."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chatsession.clock import Clock
from chatsession.core import commands as c
from chatsession.core.due import clocks
from chatsession.core.policy import Policy
from chatsession.core.policy_text import policy_to_text
from chatsession.core.refusals import Refusal, forbidden, invalid
from chatsession.core.session import Session
from chatsession.runtime.audience import Seen, context_seen_by, seen_by
from chatsession.runtime.door import Door
from chatsession.runtime.following import Delivery, EndCode, Ended, EventFrame, Following, no_wait
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.policies import Policies
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError, not_found, stored, unauthorized, unavailable
from chatsession.runtime.views import ClockView, SessionView, ThreadView, threads_of, view_of
from chatsession.store import Row, SessionQuery, Store, StoreBusyError, StoreError, StoreUnavailableError
from chatsession.tracing import Trace

EARLIER_MAX = 50
NOT_FOUND = 404
RESYNC = Refusal("resync", 410, "The position is ahead of this session's events; read the session anew from the start.")


class EventPage(msgspec.Struct, frozen=True):
    """Frames in order, as this reader may see them; `next` is the last seq of the page if there is more."""

    frames: list[bytes]
    next: int | None
    head: int


class SessionPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list of sessions."""

    sessions: list[SessionView]
    cursor: str | None
    as_of: Any = None


class Reading:
    """Answers questions; every answer is for one principal."""

    def __init__(  # noqa: PLR0913  what it reads from, by name
        self,
        *,
        store: Store,
        door: Door,
        following: Following,
        policies: Policies,
        clock: Clock,
        inboxes: Mapping[str, Inbox],
    ) -> None:
        self._store = store
        self._inboxes = inboxes
        self._door = door
        self._following = following
        self._policies = policies
        self._clock = clock

    async def view(self, principal: Principal, session: str) -> SessionView:
        """A session as it stands."""
        lane = await self._door.state(principal, session)
        return self.shape(principal, lane.session, lane.policy)

    def shape(self, principal: Principal, session: Session, policy: Policy) -> SessionView:
        """The public shape of a state, as this reader may see it."""
        running = [
            ClockView(name=each.name, since=each.since, fires_at=each.fires_at) for each in clocks(session, policy)
        ]
        return view_of(session, policy, self._clock.now(), running, self._seen(principal, session))

    def threads_in(self, principal: Principal, session: Session) -> list[ThreadView]:
        """The threads of a state, as this reader may see them."""
        return threads_of(session, self._seen(principal, session))

    def _seen(self, principal: Principal, session: Session) -> Seen:
        return context_seen_by(principal, self._inboxes.get(session.inbox))

    async def events(self, principal: Principal, session: str, after: int, limit: int, wait: float = 0) -> EventPage:
        """Events after a seq; with nothing there yet, wait for the first one for so many seconds."""
        lane = await self._door.state(principal, session)
        if after > lane.session.seq:
            raise RefusedError(RESYNC)
        if after == lane.session.seq and wait > 0:
            await self._news(principal, session, after, wait)
            lane = await self._door.state(principal, session)
        frames = await stored(self._store.frames(session, after, limit))
        head = max(lane.session.seq, after + len(frames))
        last = after + len(frames)
        return EventPage([seen_by(principal, frame) for frame in frames], last if last < head else None, head)

    async def _news(self, principal: Principal, session: str, after: int, wait: float) -> None:
        """Wait as a follower does, so that a logout, an erasure and a server that stops end the waiting at once."""
        arrived: asyncio.Future[EndCode | None] = asyncio.get_running_loop().create_future()

        def hear(delivery: Delivery) -> None:
            if isinstance(delivery, EventFrame | Ended) and not arrived.done():
                arrived.set_result(delivery.code if isinstance(delivery, Ended) else None)

        follow = await self._following.follow(principal, session, after, hear, no_wait)
        try:
            async with asyncio.timeout(wait):
                end = await arrived
        except TimeoutError:
            return
        finally:
            follow.close()
        if end is not None:
            _raise_end(end)

    async def earlier(self, principal: Principal) -> list[SessionView]:
        """The caller's own sessions, newest first."""
        if principal.kind != "visitor" or principal.inbox is None or principal.id is None:
            raise RefusedError(forbidden("Only a visitor has earlier chats of their own."))
        rows = await stored(self._store.sessions_of(principal.inbox, principal.id, EARLIER_MAX))
        return await self._views(principal, rows)

    async def _views(self, principal: Principal, rows: Sequence[Row]) -> list[SessionView]:
        """Each session as it stands, less those that were erased since the list was made."""
        views: list[SessionView] = []
        for row in rows:
            try:
                views.append(await self.view(principal, row.id))
            except RefusedError as refused:
                if refused.refusal.status != NOT_FOUND:
                    raise
        return views

    async def find(self, principal: Principal, query: SessionQuery) -> SessionPage:
        """Sessions of the inboxes the caller may see."""
        _for_staff(principal)
        if query.inbox is not None and not principal.may_see(query.inbox):
            raise not_found()
        bounded = msgspec.structs.replace(query, inboxes=principal.inboxes)
        try:
            page = await self._store.find(bounded)
        except (StoreUnavailableError, StoreBusyError) as error:
            raise unavailable(error) from error
        except StoreError as error:
            raise RefusedError(invalid(str(error), field="cursor")) from error
        return SessionPage(sessions=await self._views(principal, page.rows), cursor=page.cursor, as_of=page.as_of)

    async def traces(self, principal: Principal, session: str) -> list[Trace]:
        """What each turn saw, did and cost; for the service alone."""
        _for_staff(principal)
        await self._door.state(principal, session)
        return await stored(self._store.traces(session))

    async def threads(self, principal: Principal, visitor: str) -> list[ThreadView]:
        """Every thread of a visitor, newest session first."""
        inbox = principal.inbox
        if principal.kind == "visitor" and principal.id != visitor:
            raise not_found()
        if inbox is None:
            known = await stored(self._store.visitor(visitor))
            if known is None or not principal.may_see(known.inbox):
                raise not_found()
            inbox = known.inbox
        rows = await stored(self._store.sessions_of(inbox, visitor, EARLIER_MAX))
        seen: dict[str, ThreadView] = {}
        for row in rows:
            lane = await self._door.state(principal, row.id)
            for thread in self.threads_in(principal, lane.session):
                seen.setdefault(thread.id, thread)
        return list(seen.values())

    async def session_of_thread(self, principal: Principal, thread: str) -> str:
        """The newest session the caller may see in which a thread goes on."""
        for session in reversed(await stored(self._store.session_of_thread(thread))):
            try:
                lane = await self._door.state(principal, session)
            except RefusedError:
                continue
            if thread in lane.session.threads:
                return session
        raise not_found()

    async def policy(self, principal: Principal, inbox: str) -> tuple[str, dict[str, Any]]:
        """The inbox's current policy: its hash, and every knob."""
        _for_staff(principal)
        if not principal.may_see(inbox):
            raise not_found()
        hash_, policy = self._policies.current(inbox)
        return hash_, policy_to_text(policy)

    async def put_policy(self, principal: Principal, inbox: str, text: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Make another policy the inbox's current one."""
        if principal.kind != "key":
            raise RefusedError(forbidden("Only an admin key changes policies."))
        if not principal.may_see(inbox):
            raise not_found()
        try:
            hash_, policy = await self._policies.replace(inbox, text)
        except StoreError as error:
            raise unavailable(error) from error
        return hash_, policy_to_text(policy)

    async def put_session_policy(self, principal: Principal, session: str, text: Mapping[str, Any]) -> SessionView:
        """Let another policy apply to one open session, until it is resumed; the session as it stands after it."""
        if principal.kind != "key":
            raise RefusedError(forbidden("Only an admin key changes policies."))
        await self._door.state(principal, session)
        hash_ = await stored(self._policies.keep(text))
        await self._door.submit(principal, session, c.AdoptPolicy(actor=principal.actor, policy=hash_))
        return await self.view(principal, session)


def _raise_end(end: EndCode) -> None:
    match end:
        case "revoked":
            raise unauthorized()
        case "erased":
            raise not_found()
        case "resync":
            raise RefusedError(RESYNC)
        case "draining":
            return


def _for_staff(principal: Principal) -> None:
    if principal.kind == "visitor":
        raise RefusedError(forbidden("This needs an API key."))
