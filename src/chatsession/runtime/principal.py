"""Who is asking, as the credentials say."""

from functools import cached_property
from typing import Literal

import msgspec

from chatsession.core.commands import Actor

PrincipalKind = Literal["visitor", "agent", "key", "bot", "clock"]


class Principal(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Somebody known: a visitor of one inbox, an agent, a program with a key, one of our bots, or the clock."""

    kind: PrincipalKind
    id: str | None = None
    name: str | None = None
    inbox: str | None = None
    """A visitor's inbox."""
    inboxes: tuple[str, ...] | None = None
    """The inboxes an agent or key may see; None is all."""
    verified: bool = False
    token_hash: bytes | None = None

    @cached_property
    def actor(self) -> Actor:
        """The actor of this principal's commands."""
        return Actor(kind=self.kind, id=self.id, name=self.name, verified=self.verified)

    def may_see(self, inbox: str) -> bool:
        """Whether the inbox is within this principal's bounds."""
        if self.kind == "visitor":
            return inbox == self.inbox
        return self.inboxes is None or inbox in self.inboxes


CLOCK_PRINCIPAL = Principal(kind="clock")
BOT_PRINCIPAL = Principal(kind="bot")
