"""What one client is told: frames on their way out, and the end of them."""

from collections.abc import Callable

import msgspec

from chatsession.server.problems import problem_of
from chatsession.server.socket.closing import Close
from chatsession.server.socket.connection import Connection
from chatsession.server.socket.frames import EVENT, SIGNAL

encode = msgspec.json.Encoder().encode


class Outgoing:
    """Tells until it is over; a client that lets too much wait is too slow, which ends it."""

    __slots__ = ("_bytes_max", "_connection", "_end", "is_over")

    def __init__(self, connection: Connection, bytes_max: int, end: Callable[[Close], None]) -> None:
        self._connection = connection
        self._bytes_max = bytes_max
        self._end = end
        self.is_over = False

    def event(self, data: bytes) -> None:
        """Tell a stored event, as its bytes are."""
        self._send(EVENT % data)

    def signal(self, data: bytes) -> None:
        """Tell what matters only now."""
        self._send(SIGNAL % data)

    def frame(self, frame: msgspec.Struct) -> None:
        """Tell anything else."""
        self._send(encode(frame))

    def problem(self, error: Exception, client_id: str | None) -> None:
        """Tell why a frame was refused, and which."""
        self._send(encode({**problem_of(error), "type": "problem", "client_id": client_id}))

    async def room(self) -> None:
        """Wait for a reader of a long history, well before they would be taken for too slow."""
        if self._connection.buffered > self._bytes_max // 2:
            await self._connection.drained()

    def close(self, code: int, reason: str) -> None:
        """Say goodbye; nothing is told any more."""
        self.is_over = True
        self._connection.close(code, reason)

    def abort(self) -> None:
        """Cut a client off who does not answer the goodbye."""
        self._connection.abort()

    def _send(self, data: bytes) -> None:
        if self.is_over:
            return
        self._connection.send(data)
        if self._connection.buffered > self._bytes_max:
            self._end(Close.SLOW)
