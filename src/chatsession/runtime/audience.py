"""Which frames are for whom: a visitor gets the place of what is for the service alone, and nothing of it."""

from chatsession.core.events import hidden, is_for_all
from chatsession.runtime.principal import Principal


def seen_by(principal: Principal, frame: bytes) -> bytes:
    """The frame, or its place alone where a visitor must not see it."""
    return frame if principal.kind != "visitor" or is_for_all(frame) else hidden(frame)
