"""Deadlines: a wheel for the sessions at hand, a scan of the store for all others, and a Tick for whatever is due."""

import asyncio
import logging
from datetime import datetime, timedelta

from chatsession.clock import Clock
from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.due import due_at
from chatsession.core.policy import Policy
from chatsession.core.session import Session
from chatsession.runtime.background import Background
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.door import Door
from chatsession.runtime.erasing import Erasing
from chatsession.runtime.heartbeat import Heartbeat
from chatsession.runtime.lanes import Lane, Lanes
from chatsession.runtime.policies import Policies
from chatsession.runtime.principal import CLOCK_PRINCIPAL
from chatsession.runtime.refused import RefusedError
from chatsession.runtime.waking import HORIZON, wakes_at
from chatsession.runtime.wheel import Wheel
from chatsession.store import Store, StoreError
from chatsession.tracing import LOG_UNEXPECTED

TICKS_AT_ONCE = 64
AGAIN_AFTER = timedelta(seconds=1)
log = logging.getLogger("chatsession")


class Timers:
    """Fires every deadline once, never early, and soon."""

    def __init__(  # noqa: PLR0913  the seams of the clock
        self,
        *,
        store: Store,
        clock: Clock,
        door: Door,
        lanes: Lanes,
        policies: Policies,
        heartbeat: Heartbeat,
        erasing: Erasing,
        background: Background,
        config: RuntimeConfig,
    ) -> None:
        self._store = store
        self._clock = clock
        self._door = door
        self._lanes = lanes
        self._policies = policies
        self._heartbeat = heartbeat
        self._erasing = erasing
        self._background = background
        self._config = config
        self.wheel = Wheel(clock.now())
        self._ticking: set[str] = set()
        self._sleeps_until = clock.now()
        self._is_earlier = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Look at everything that fell due while nobody served, and keep looking."""
        await self._recover()
        self._tasks = [
            self._background.start(self._turn_the_wheel(), "wheel"),
            self._background.start(self._scan_the_store(), "scan"),
        ]

    async def stop(self) -> None:
        """Fire nothing any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def look_once(self) -> None:
        """Fire what is due now: first of the sessions at hand, then of all others."""
        await self._fire_from_wheel()
        await self._fire_from_store()

    def react(self, session: Session, _: tuple[e.Event, ...]) -> None:
        """Remember the deadline of a session that has changed; one further away is left to the store."""
        policy = self._policies.at_hand(session.policy)
        if policy is None:
            self._remember(session.id, self._clock.now())
        else:
            self._file(session, policy)

    def _file(self, session: Session, policy: Policy) -> None:
        due = due_at(session, policy, self._heartbeat.served_since)
        if due is not None and due <= self._clock.now() + HORIZON:
            self._remember(session.id, due)
        else:
            self.wheel.drop(session.id)

    def _remember(self, session: str, due: datetime) -> None:
        self.wheel.set(session, due)
        if due < self._sleeps_until:
            self._is_earlier.set()

    async def _recover(self) -> None:
        """Turns whose process died are due at once, whatever their deadline says."""
        now = self._clock.now()
        for session, _ in await self._store.due(now + HORIZON, self._config.sessions_cached_max):
            self._remember(session, now)

    async def _turn_the_wheel(self) -> None:
        while True:
            self._is_earlier.clear()
            self._sleeps_until = self.wheel.next_at() or self._clock.now() + HORIZON
            await self._sleep()
            if not await self._fire_from_wheel():
                await self._clock.sleep_until(self._clock.now() + AGAIN_AFTER)

    async def _sleep(self) -> None:
        """Wait for the next deadline, or for an earlier one to be set."""
        waits = [
            asyncio.ensure_future(self._clock.sleep_until(self._sleeps_until)),
            asyncio.ensure_future(self._is_earlier.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _scan_the_store(self) -> None:
        pause = AGAIN_AFTER
        while True:
            await self._clock.sleep_until(self._clock.now() + pause)
            pause = AGAIN_AFTER if await self._fire_from_store() else self._config.scan_every

    async def _fire_from_wheel(self) -> bool:
        """Fire what is due of what is at hand; False where that has to wait until we serve again."""
        if not await self._heartbeat.serves():
            return False
        for due in self.wheel.turn(self._clock.now()):
            await self._tick_all(due)
        return True

    async def _fire_from_store(self) -> bool:
        """Fire what is due and bring what soon will be into the wheel; True if there is more to do soon."""
        if not await self._heartbeat.serves():
            return True
        now = self._clock.now()
        try:
            found = await self._store.due(now + HORIZON, self._config.scan_max)
        except StoreError:
            return True
        due = [session for session, wake_at in found if wake_at <= now]
        for session, wake_at in found[len(due) :]:
            if session not in self.wheel:
                self._remember(session, wake_at)
        await self._tick_all(due)
        return len(due) == self._config.scan_max

    async def _tick_all(self, sessions: list[str]) -> None:
        for start in range(0, len(sessions), TICKS_AT_ONCE):
            some = sessions[start : start + TICKS_AT_ONCE]
            await asyncio.gather(*(self._tick(session) for session in some))

    async def _tick(self, session: str) -> None:
        """Look at one session; then note where its next deadline really is."""
        if session in self._ticking:
            return
        self._ticking.add(session)
        try:
            if not await self._heartbeat.serves():
                self._remember(session, self._clock.now() + AGAIN_AFTER)
                return
            tick = c.Tick(served_since=self._heartbeat.served_since, asked_at=self._clock.now())
            await self._door.submit(CLOCK_PRINCIPAL, session, tick)
            await self._refile(session)
        except RefusedError as refused:
            if refused.refusal.code != "not_found":
                self._remember(session, self._clock.now() + AGAIN_AFTER)
        except StoreError:
            self._remember(session, self._clock.now() + AGAIN_AFTER)
        except Exception:
            # Whatever is wrong with this session, the others have deadlines too; the next scan comes back to it.
            log.exception(LOG_UNEXPECTED, extra={"session": session})
        finally:
            self._ticking.discard(session)

    async def _refile(self, session: str) -> None:
        lane = await self._lanes.get(session)
        if self._is_over(lane):
            await self._erasing.erase_session(session)
            return
        self._file(lane.session, lane.policy)
        wake_at = wakes_at(lane.session, lane.policy, self._clock.now(), self._heartbeat.served_since)
        await self._store.refile(session, wake_at, seen=lane.session.seq)

    def _is_over(self, lane: Lane) -> bool:
        """Whether an archived session has been kept for as long as its policy says."""
        due = due_at(lane.session, lane.policy)
        return lane.session.phase == "archived" and due is not None and due <= self._clock.now()
