"""What happens to sessions when an anonymous visitor turns out to be a known one."""

from contextlib import AsyncExitStack

from chatsession.clock import Clock
from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.apply import apply
from chatsession.core.decide import decide
from chatsession.core.refusals import Refusal
from chatsession.core.session import Session
from chatsession.runtime.committing import append_of
from chatsession.runtime.door import Door
from chatsession.runtime.facts import OTHERS_MAX
from chatsession.runtime.lanes import Lane, Lanes
from chatsession.store import AlreadyOpenError, Append, ConflictError, Store, StoreError

RACES_MAX = 8


class Merging:
    """Gives the session at hand to the identified visitor; another open one of theirs closes as merged."""

    def __init__(self, *, store: Store, lanes: Lanes, door: Door, clock: Clock) -> None:
        self._store = store
        self._lanes = lanes
        self._door = door
        self._clock = clock

    async def claim(self, inbox: str, anonymous: str, identified: str) -> None:
        """Do it all in one transaction; without a session at hand nothing happens."""
        for _ in range(RACES_MAX):
            try:
                await self._claim(inbox, anonymous, identified)
            except (AlreadyOpenError, ConflictError):
                continue
            return
        raise StoreError("the sessions of a visitor who identified changed too often")

    async def _claim(self, inbox: str, anonymous: str, identified: str) -> None:
        current = await self._open_of(inbox, anonymous)
        if current is None:
            return
        other = await self._open_of(inbox, identified)
        lanes = [await self._lanes.get(key) for key in sorted(filter(None, (current, other)))]
        async with AsyncExitStack() as locks:
            for lane in lanes:
                await locks.enter_async_context(lane.lock)
                await self._lanes.reload(lane)
            steps = [(lane, self._step(lane, current, identified)) for lane in lanes]
            await self._door.commit(*(append for _, append in steps if append is not None))
            for lane, append in steps:
                if append is not None:
                    lane.take(append, lane.policy)

    def _step(self, lane: Lane, current: str, identified: str) -> Append | None:
        command: c.Command
        if lane.session.id == current:
            command = c.IdentifyVisitor(actor=c.CLOCK, visitor=identified)
        else:
            command = c.CloseSession(actor=c.CLOCK, merged_into=current)
        decided = decide(lane.session, command, lane.policy, self._clock.now())
        if isinstance(decided, Refusal) or not decided:
            return None
        return append_of(_after(lane.session, decided), decided, lane.policy, snapshot_seq=lane.snapshot_seq)

    async def _open_of(self, inbox: str, visitor: str) -> str | None:
        rows = await self._store.sessions_of(inbox, visitor, OTHERS_MAX)
        return next((row.id for row in rows if row.phase == "open"), None)


def _after(session: Session, events: list[e.Event]) -> Session:
    for event in events:
        session = apply(session, event)
    return session
