"""What matters only now: typing, and what was read. It is told to everybody and stored for nobody."""

from datetime import timedelta
from typing import Literal

import msgspec

from chatsession.bus import Bus, News
from chatsession.clock import Clock
from chatsession.core import commands as c
from chatsession.core.refusals import forbidden, invalid
from chatsession.runtime.door import Door
from chatsession.runtime.principal import Principal
from chatsession.runtime.rates import Rates
from chatsession.runtime.refused import RefusedError

TYPING_FOR = timedelta(seconds=6)
"""A sign of typing expires by itself, so that no dots dance for ever."""
SIGNALS_PER_SECOND = 2.0
SIGNALS_BURST = 10
SIGNALLERS_MAX = 50_000


class Typing(msgspec.Struct, frozen=True, tag="typing"):
    """Somebody is writing, until a stated instant."""

    by: Literal["visitor", "bot", "agent"]
    until: str
    name: str | None = None


class Read(msgspec.Struct, frozen=True, tag="read"):
    """Somebody has seen everything up to this seq."""

    by: Literal["visitor", "agent"]
    seq: int
    name: str | None = None


class Signals:
    """Tells typing on, and lets it count as activity; tells what was read."""

    def __init__(self, *, bus: Bus, clock: Clock, door: Door) -> None:
        self._bus = bus
        self._clock = clock
        self._door = door
        self._rates = Rates(SIGNALS_PER_SECOND, SIGNALS_BURST, SIGNALLERS_MAX)

    async def typing(self, principal: Principal, session: str) -> None:
        """Tell everybody in the session; too many are dropped in silence, for they matter only now."""
        now = self._clock.now()
        if not self._rates.allow(f"{principal.kind}:{principal.id}", now):
            return
        await self._door.submit(principal, session, c.Touch(actor=principal.actor))
        by = principal.kind if principal.kind in ("visitor", "agent") else "bot"
        signal = Typing(by=by, until=(now + TYPING_FOR).isoformat(), name=principal.name)
        self._bus.publish(News(session, 0, (msgspec.json.encode(signal),)))

    async def read(self, principal: Principal, session: str, seq: int) -> None:
        """Tell everybody how far somebody has read; it moves no clock, and too many are dropped in silence."""
        head = (await self._door.state(principal, session)).session.seq
        if principal.kind not in ("visitor", "agent"):
            raise RefusedError(forbidden("Visitors and agents read; programs do not."))
        if not 0 < seq <= head:
            raise RefusedError(invalid(f"seq is a position in this session, from 1 to {head}.", field="seq"))
        if self._rates.allow(f"read {principal.kind}:{principal.id}", self._clock.now()):
            signal = Read(by=principal.kind, seq=seq, name=principal.name)
            self._bus.publish(News(session, 0, (msgspec.json.encode(signal),)))
