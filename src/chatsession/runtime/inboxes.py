"""An inbox: one place where visitors chat. Nothing crosses from one inbox to another."""

import msgspec

from chatsession.core.policy import Policy
from chatsession.widget import Widget


class Inbox(msgspec.Struct, frozen=True, kw_only=True):
    """What an inbox is configured with; its policy can be replaced while it runs."""

    name: str
    title: str = ""
    policy: Policy = Policy()
    origins: tuple[str, ...] = ()
    """Web origins that may use it from a browser; none means pages of the same origin and of this machine."""
    identity_secrets: tuple[str, ...] = ()
    """Secrets that sign visitors' identities; two at a time while one replaces the other."""
    require_identity: bool = False
    widget: Widget = Widget()

    def __repr__(self) -> str:
        return f"Inbox(name={self.name!r}, …)"
