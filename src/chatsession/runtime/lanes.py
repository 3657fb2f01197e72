"""The sessions a process has at hand: each with its state, its policy and the commands that wait for it."""

import asyncio
from collections import OrderedDict, deque

from chatsession.core.policy import Policy
from chatsession.core.session import Session
from chatsession.runtime.folding import folded
from chatsession.runtime.lane_lock import LaneLock
from chatsession.runtime.pending import Pending
from chatsession.runtime.policies import Policies
from chatsession.runtime.refused import not_found
from chatsession.store import Append, Store


class Lane:
    """One session at hand. `lock` is held by whoever decides and appends."""

    __slots__ = ("lock", "pending", "policy", "running", "session", "snapshot_seq")

    def __init__(self, session: Session, policy: Policy, snapshot_seq: int) -> None:
        self.session = session
        self.policy = policy
        self.snapshot_seq = snapshot_seq
        self.pending: deque[Pending] = deque()
        self.running = False
        self.lock = LaneLock()

    def take(self, append: Append, policy: Policy) -> None:
        """Move on to what has become durable."""
        self.session = append.session
        self.policy = policy
        if append.snapshot:
            self.snapshot_seq = append.session.seq

    def next_batch(self, commands_max: int) -> list[Pending]:
        """The commands that are decided next, no longer waiting."""
        pending = self.pending
        return [pending.popleft() for _ in range(min(len(pending), commands_max))]

    def put_back(self, batch: list[Pending]) -> None:
        """Let commands wait again, before all that came after them."""
        self.pending.extendleft(reversed(batch))

    @property
    def is_idle(self) -> bool:
        """Whether nobody is at work on it."""
        return not self.running and not self.pending and not self.lock.is_held


class Lanes:
    """A bounded cache: what was used least recently goes first, never one that somebody works on."""

    def __init__(self, store: Store, policies: Policies, lanes_max: int) -> None:
        self._store = store
        self._policies = policies
        self._lanes_max = lanes_max
        self._lanes: OrderedDict[str, Lane] = OrderedDict()
        self._loading: dict[str, asyncio.Task[Lane | None]] = {}

    def __len__(self) -> int:
        return len(self._lanes)

    def at_hand(self, session: str) -> Lane | None:
        """The lane, if the session is cached: it is used now, so others go first."""
        lane = self._lanes.get(session)
        if lane is not None:
            self._lanes.move_to_end(session)
        return lane

    async def get(self, session: str) -> Lane:
        """The lane of a session; raise `not_found` where there is none."""
        lane = self.at_hand(session)
        if lane is not None:
            return lane
        lane = await self._once(session)
        if lane is None:
            raise not_found()
        return lane

    async def _once(self, session: str) -> Lane | None:
        """Load once, however many ask at the same time; whoever leaves meanwhile takes nobody along."""
        loading = self._loading.get(session)
        if loading is None:
            loading = self._loading[session] = asyncio.create_task(self._load(session), name=f"load {session}")
            loading.add_done_callback(lambda done: self._has_loaded(session, done))
        return await asyncio.shield(loading)

    def _has_loaded(self, session: str, loading: "asyncio.Task[Lane | None]") -> None:
        if self._loading.get(session) is loading:
            del self._loading[session]
        if not loading.cancelled():
            # Everybody who asked may be gone: then nobody fetches the error, and that is none.
            loading.exception()

    async def _load(self, session: str) -> Lane | None:
        loaded = await self._store.load(session)
        if loaded is None:
            return None
        state = await folded(loaded.tail, loaded.snapshot)
        if state is None:
            return None
        lane = Lane(state, await self._policies.of_hash(state.policy), loaded.snapshot.seq if loaded.snapshot else 0)
        if self._loading.get(session) is not asyncio.current_task():
            return None  # It was erased while it was loaded.
        self.keep(lane)
        return lane

    async def reload(self, lane: Lane) -> None:
        """Fetch what others have appended meanwhile."""
        key, seq = lane.session.id, lane.session.seq
        tail = await self._store.frames(key, seq, 1_000_000)
        state = await folded(tail, lane.session)
        if lane.session.seq != seq or state is None:
            return  # Whoever works on it has moved it on meanwhile.
        lane.session = state
        lane.policy = await self._policies.of_hash(lane.session.policy)

    def keep(self, lane: Lane) -> None:
        """Have a session at hand."""
        self._lanes[lane.session.id] = lane
        while len(self._lanes) > self._lanes_max:
            idle = next((key for key, each in self._lanes.items() if each.is_idle), None)
            if idle is None:
                return
            del self._lanes[idle]

    def forget(self, session: str) -> None:
        """Drop a session that was erased, and what is just being loaded of it."""
        self._lanes.pop(session, None)
        self._loading.pop(session, None)
