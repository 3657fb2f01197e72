"""Who follows a session gets its events in order, without gaps, however the news arrive; signals as they come."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Literal

import msgspec

from chatsession.bus import Bus, News
from chatsession.core.refusals import Refusal
from chatsession.runtime.audience import seen_by
from chatsession.runtime.background import Background
from chatsession.runtime.door import Door
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError, stored
from chatsession.store import Store

PAGE = 500
EndCode = Literal["revoked", "erased", "draining", "resync"]


class EventFrame(msgspec.Struct, frozen=True):
    """A stored event, as its bytes are."""

    seq: int
    data: bytes


class SignalFrame(msgspec.Struct, frozen=True):
    """Something that matters only now."""

    data: bytes


class Ended(msgspec.Struct, frozen=True):
    """Nothing more will come, and why."""

    code: EndCode


Delivery = EventFrame | SignalFrame | Ended
Deliver = Callable[[Delivery], None]
Room = Callable[[], Awaitable[None]]


class Follow:
    """One follower: what has been delivered so far, and how to stop."""

    def __init__(self, principal: Principal, session: str, inbox: str, after: int, deliver: Deliver) -> None:
        self.principal = principal
        self.session = session
        self.inbox = inbox
        self.delivered = after
        self.deliver = deliver
        self.is_live = False
        self.is_over = False
        self.repairing = False
        self.leave: Callable[[], None] = lambda: None

    def close(self) -> None:
        """Stop following; nothing is delivered any more."""
        self.is_over = True
        self.leave()


class Following:
    """Catches followers up from the store, keeps them up to date from the bus, and repairs what the bus lost."""

    def __init__(self, *, store: Store, bus: Bus, door: Door, background: Background) -> None:
        self._store = store
        self._bus = bus
        self._door = door
        self._background = background
        self._follows: set[Follow] = set()
        self._partials: Callable[[str], bytes | None] = lambda _: None

    def __len__(self) -> int:
        return len(self._follows)

    def show_partials(self, partials: Callable[[str], bytes | None]) -> None:
        """Where to find the text of an answer that is being written, for newcomers."""
        self._partials = partials

    async def follow(self, principal: Principal, session: str, after: int, deliver: Deliver, room: Room) -> Follow:
        """Deliver everything after a seq, and from then on whatever comes.

        `deliver` must not block. `room` is awaited between the events of a long history, so that a slow reader is not
        flooded. Raise `resync` if `after` is ahead of the session.
        """
        lane = await self._door.state(principal, session)
        if after > lane.session.seq:
            raise RefusedError(
                Refusal(
                    "resync", 410, "The position is ahead of this session; read it anew.", {"head": lane.session.seq}
                )
            )
        follow = Follow(principal, session, lane.session.inbox, after, deliver)
        unsubscribe = self._bus.subscribe(session, partial(self._hear, follow))

        def leave() -> None:
            unsubscribe()
            self._follows.discard(follow)

        follow.leave = leave
        self._follows.add(follow)
        try:
            await self._catch_up(follow, room)
        except BaseException:
            follow.close()
            raise
        so_far = self._partials(session)
        if so_far is not None and not follow.is_over:
            follow.deliver(SignalFrame(so_far))
        return follow

    def has_agent(self, inbox: str, agent: str) -> bool:
        """Whether an agent is at an inbox: follows a session of it now. Being at another one says nothing here."""
        return any(
            each.inbox == inbox and each.principal.kind == "agent" and each.principal.id == agent
            for each in self._follows
        )

    def head(self, follow: Follow) -> int:
        """The last seq this follower has."""
        return follow.delivered

    def check(self, follow: Follow, head: int) -> None:
        """Repair a follower who has missed news, given where the session really is."""
        if follow.is_live and head > follow.delivered and not follow.repairing:
            self._repair(follow)

    def end_visitor(self, visitor: str, code: EndCode) -> None:
        """End everything a visitor follows."""
        self._end(
            [each for each in self._follows if each.principal.kind == "visitor" and each.principal.id == visitor], code
        )

    def end_session(self, session: str, code: EndCode) -> None:
        """End everything that follows a session."""
        self._end([each for each in self._follows if each.session == session], code)

    def end_all(self, code: EndCode) -> None:
        """End everything."""
        self._end(list(self._follows), code)

    def _end(self, follows: list[Follow], code: EndCode) -> None:
        for follow in follows:
            follow.close()
            follow.deliver(Ended(code))

    def _hear(self, follow: Follow, news: News) -> None:
        if news.seq == 0:
            if follow.is_live:
                for frame in news.frames:
                    follow.deliver(SignalFrame(frame))
            return
        if not follow.is_live or follow.repairing:
            return
        first = news.seq - len(news.frames) + 1
        if first > follow.delivered + 1:
            self._repair(follow)
            return
        sees_all = follow.principal.kind != "visitor"
        for offset, frame in enumerate(news.frames):
            # What the news say of an event's audience spares looking into it, for every follower anew.
            is_for_all = bool(news.service_only) and not news.service_only[offset]
            self._deliver(follow, first + offset, frame, as_is=sees_all or is_for_all)

    def _deliver(self, follow: Follow, seq: int, frame: bytes, *, as_is: bool = False) -> None:
        if seq == follow.delivered + 1 and not follow.is_over:
            follow.delivered = seq
            follow.deliver(EventFrame(seq, frame if as_is else seen_by(follow.principal, frame)))

    def _repair(self, follow: Follow) -> None:
        follow.repairing = True
        self._background.start(self._repaired(follow), "repair")

    async def _repaired(self, follow: Follow) -> None:
        try:
            await self._catch_up(follow, no_wait)
        except RefusedError:
            return  # The next beat finds the gap still there, and tries again.
        finally:
            follow.repairing = False

    async def _catch_up(self, follow: Follow, room: Room) -> None:
        """Deliver from the store until nothing is left; then the news take over, with nothing between."""
        while not follow.is_over:
            frames = await stored(self._store.frames(follow.session, follow.delivered, PAGE))
            for frame in frames:
                self._deliver(follow, follow.delivered + 1, frame)
                await room()
            if len(frames) < PAGE:
                lane = await self._door.state(follow.principal, follow.session)
                if follow.delivered >= lane.session.seq:
                    follow.is_live = True
                    return
            await asyncio.sleep(0)  # A long list must not keep everybody else waiting.


async def no_wait() -> None:
    """The room of a reader who takes everything at once."""
