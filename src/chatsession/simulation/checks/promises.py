"""I3, I4: what was acknowledged is in the store, once, whatever was retried and whoever died."""

from collections.abc import Sequence
from typing import NamedTuple

from chatsession.core import events as e
from chatsession.core.events import decode

Key = tuple[str, str, str]
"""Session, author and client id."""


class Promise(NamedTuple):
    """What somebody was told of their message."""

    seq: int
    message_id: str | None
    text: str


class Promises:
    """Every acknowledgement that reached somebody."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[Key, Promise]] = {}

    def acknowledged(self, key: Key, promise: Promise) -> str | None:
        """Keep a promise; say whether it contradicts an earlier one."""
        first = self._kept.setdefault(key[0], {}).setdefault(key, promise)
        if first == promise:
            return None
        return f"message {key[2]} of {key[1]} was acknowledged as {first}, and then as {promise}"

    def unkept(self, key: Key, frames: Sequence[bytes]) -> str | None:
        """Say how the stored list does not keep one promise."""
        return _broken(key, self._kept[key[0]][key], frames)

    def of(self, session: str) -> dict[Key, Promise]:
        """The promises made in a session."""
        return self._kept.get(session, {})

    def forget(self, session: str) -> None:
        """The session was erased, and its promises with it."""
        self._kept.pop(session, None)

    def broken(self, session: str, frames: Sequence[bytes]) -> str | None:
        """Say which promise the stored list does not keep."""
        for key, promise in self.of(session).items():
            if (broken := _broken(key, promise, frames)) is not None:
                return broken
        return None


def _broken(key: Key, promise: Promise, frames: Sequence[bytes]) -> str | None:
    if not 0 < promise.seq <= len(frames):
        return f"message {key[2]} was acknowledged as {promise.seq}, and {len(frames)} events are stored"
    event = decode(frames[promise.seq - 1])
    if not isinstance(event, e.MessagePosted) or event.client_id != key[2] or event.text != promise.text:
        return f"message {key[2]} was acknowledged as {promise.seq}, where something else is stored"
    return None
