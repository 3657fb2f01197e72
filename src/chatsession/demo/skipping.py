"""Skip ahead: move the demo's clock to what a session is waiting for, and wait until it has happened."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from chatsession.clocks.system import SystemClock
from chatsession.core.due import clocks
from chatsession.core.refusals import forbidden, wrong_state
from chatsession.core.session import Session
from chatsession.runtime.lanes import Lane
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError
from chatsession.runtime.service import Service
from chatsession.runtime.views import SessionView

Goal = Literal["warning", "closing", "window"]
WAIT_SECONDS = 15.0
STEPS_MAX = 6
"""A warning, a closing, the end of the window; twice as many, for what may come between."""
REACHED: Mapping[Goal, Callable[[Session], bool]] = {
    "warning": lambda session: bool(session.idle_warning or session.limit_warning),
    "closing": lambda session: session.phase != "open",
    "window": lambda session: session.phase == "archived",
}
CLOCKS = ("idle_timeout", "max_duration", "resume_window")


class SkipRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which session, and to what: its warning, its closing, or past its resume window."""

    session: str
    to: Goal


class Skipping:
    """Moves the clock of the whole server; the service itself notices nothing but the time."""

    def __init__(self, service: Service, clock: SystemClock) -> None:
        self._service = service
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def skip(self, principal: Principal, request: SkipRequest) -> SessionView:
        """Skip to what is next for this session, as often as it takes; the session as it is then."""
        if principal.kind not in ("visitor", "agent", "key"):
            raise RefusedError(
                forbidden("Time is skipped by the session's own visitor, or with the admin's or agent's key.")
            )
        async with self._one_at_a_time:
            for _ in range(STEPS_MAX):
                lane = await self._service.door.state(principal, request.session)
                if REACHED[request.to](lane.session):
                    return self._service.reading.shape(principal, lane.session, lane.policy)
                await self._step(principal, lane, request.to)
        raise RefusedError(wrong_state("The session did not get there; ask for its state and try again."))

    async def _step(self, principal: Principal, lane: Lane, goal: Goal) -> None:
        seq = lane.session.seq
        instant = self._next(lane)
        if instant is None or (goal == "warning" and lane.session.phase != "open"):
            raise RefusedError(wrong_state(_why_not(lane.session)))
        self._clock.skip(max(timedelta(0), instant - self._clock.now()))
        await self._service.reading.events(principal, lane.session.id, seq, 1, WAIT_SECONDS)

    def _next(self, lane: Lane) -> datetime | None:
        running = clocks(lane.session, lane.policy, self._service.heartbeat.served_since)
        return min((each.fires_at for each in running if each.name in CLOCKS), default=None)


def _why_not(session: Session) -> str:
    if session.phase != "open":
        return f"The session is {session.phase}; nothing of that kind is ahead of it."
    if session.waiting_on != "visitor":
        return f"The session waits for the {session.waiting_on}; its idle clock runs when it waits for the visitor."
    return "No clock of this session runs; its policy has them off."
