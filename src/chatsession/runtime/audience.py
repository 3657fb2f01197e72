"""What is for whom: a visitor gets the place of what is for the service alone, and nothing of it."""

from collections.abc import Callable

from chatsession.core.events import Entry, hidden, is_for_all
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.principal import Principal

Seen = Callable[[str, Entry], bool]
"""Whether a context value, by its key and entry, is shown."""


def seen_by(principal: Principal, frame: bytes) -> bytes:
    """The frame, or its place alone where a visitor must not see it."""
    return frame if principal.kind != "visitor" or is_for_all(frame) else hidden(frame)


def context_seen_by(principal: Principal, inbox: Inbox | None) -> Seen:
    """A visitor sees what they said themselves and what the inbox shows as remembered; everybody else sees all."""
    sees_all = principal.kind != "visitor"
    remembered = inbox.widget.remember if inbox else {}
    return lambda key, entry: sees_all or entry.by == "visitor" or key in remembered
