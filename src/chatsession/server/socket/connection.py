"""The contract between a socket's library and the conversation above it."""

from collections.abc import Callable
from typing import Protocol

import msgspec


class Place(msgspec.Struct, frozen=True):
    """What the handshake said: which session, from which page, to which host."""

    session: str
    origin: str | None
    host: str


class Connection(Protocol):
    """One open WebSocket that carries text. Nothing here blocks, and nothing raises for a peer that is gone."""

    @property
    def buffered(self) -> int:
        """Bytes that the peer has not taken yet and that wait in this process."""
        ...

    def send(self, data: bytes) -> None:
        """Send a text frame."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Say goodbye behind what was sent before; frames that still come in are not heard any more."""
        ...

    def abort(self) -> None:
        """Let go of the peer at once, whatever it has not taken."""
        ...

    async def drained(self) -> None:
        """Return once the peer has taken most of what was sent, or is gone."""
        ...


class Hearer(Protocol):
    """Who is above a connection and hears what it brings."""

    def on_text(self, data: bytes | str) -> None:
        """A text frame came in, whole, and no larger than allowed."""
        ...

    def on_binary(self) -> None:
        """A binary frame came in, which nobody understands."""
        ...

    def on_gone(self) -> None:
        """The connection is over, by whomever; called once."""
        ...

    def on_closing(self) -> None:
        """The server is about to stop."""
        ...


Meet = Callable[[Connection, Place], Hearer]
"""Who will be above a new connection."""
