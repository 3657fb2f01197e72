"""Sockets by picows, as uvicorn's WebSocket class: on the same port as HTTP, cheaper for each message and socket.

uvicorn hands an upgraded connection to whatever `ws=` makes. picows' protocol is meant to be made by picows alone, so
its constructor is nobody's promise: the version is pinned, and the tests run over both makers.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any

from picows import WSAutoPingStrategy, WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest
from picows import picows as extension
from uvicorn.config import Config
from uvicorn.server import ServerState

from chatsession.runtime.service import Service
from chatsession.server.options import ServerOptions
from chatsession.server.socket.asgi import place_of
from chatsession.server.socket.connection import Hearer, Meet, Place
from chatsession.server.socket.sockets import Sockets

DEFAULTS = ServerOptions()
READ_BUFFER_BYTES = 2_048
"""picows' least; it grows as far as a frame is long."""
SHORT_BYTES_MAX, MEDIUM_BYTES_MAX = 125, 65_535
"""How long a frame may be for each of the three forms of its header (RFC 6455, 5.2)."""

TEXT, BINARY, CONTINUATION, CLOSE = WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION, WSMsgType.CLOSE
# Left out of the package's types, as it is meant for picows itself: this file is where that is known.
_WSProtocol: Any = vars(extension)["WSProtocol"]
_CONNECTION = re.compile(rb"(?i)\r\nconnection:[^\r\n]*")


class _Quiet(logging.LoggerAdapter[logging.Logger]):
    """What peers do wrong is no error of ours; and picows makes a child of every real logger for every connection."""

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        """Log what picows calls errors of its peers for those who look for it; our own exceptions stay errors."""
        super().log(level if kwargs.get("exc_info") else logging.DEBUG, msg, *args, **kwargs)


_log = _Quiet(logging.getLogger("chatsession.sockets"), {})


def picows_protocol(service: Service, options: ServerOptions = DEFAULTS) -> Callable[..., asyncio.Protocol]:
    """What uvicorn takes as `ws=`, in front of a service."""
    return picows_sockets(Sockets(service, options).meet, options)


def picows_sockets(meet: Meet, options: ServerOptions) -> Callable[..., asyncio.Protocol]:
    """What uvicorn takes as `ws=`, for sockets that are met by whomever."""
    writing = Writing()

    def make(config: Config, server_state: ServerState, app_state: dict[str, Any]) -> Any:
        del config, app_state
        return PicowsProtocol(meet, options, server_state, writing)

    return make


class PicowsProtocol(_WSProtocol):
    """picows' protocol as uvicorn wants it: given the handshake as bytes, registered, and told to shut down."""

    __slots__ = ("_connection", "_meet", "_options", "_server_state", "_writing")

    def __init__(self, meet: Meet, options: ServerOptions, server_state: ServerState, writing: "Writing") -> None:
        _WSProtocol.__init__(
            self,
            None,  # host and port, of clients
            None,  # path, of clients
            False,  # noqa: FBT003  whether this is a client
            self._met,
            _log,
            True,  # noqa: FBT003  whether an exception of the listener ends the connection
            options.auth_seconds_max,
            False,  # noqa: FBT003  whether to ping: the beat does that, and says something too
            10,
            10,
            WSAutoPingStrategy.PING_WHEN_IDLE,
            True,  # noqa: FBT003  whether to answer pings
            options.frame_bytes_max,
            None,  # headers, of clients
            READ_BUFFER_BYTES,
        )
        self._meet = meet
        self._options = options
        self._server_state = server_state
        self._writing = writing
        self._connection: PicowsConnection | None = None

    def _met(self, request: WSUpgradeRequest) -> "PicowsConnection | None":
        """Whom the connection talks to; None is answered with HTTP 404."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = request.path.decode("latin-1").partition("?")[0]
        place = place_of(path, headers)
        if place is not None:
            self._connection = PicowsConnection(self._meet, place, self._options, self._writing)
        return self._connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be counted among the server's connections."""
        self._server_state.connections.add(self)
        _WSProtocol.connection_made(self, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Be counted no more."""
        self._server_state.connections.discard(self)
        _WSProtocol.connection_lost(self, exc)

    def data_received(self, data: bytes) -> None:
        """Take the handshake, as uvicorn writes it down again after having read it itself."""
        # uvicorn has found `upgrade` in the list; picows wants it to be alone there, and Firefox sends two.
        rest = memoryview(_CONNECTION.sub(b"\r\nconnection: Upgrade", data, count=1))
        while rest:
            buffer = self.get_buffer(-1)
            taken = min(len(buffer), len(rest))
            buffer[:taken] = rest[:taken]
            self.buffer_updated(taken)
            rest = rest[taken:]

    def shutdown(self) -> None:
        """Send the client away, as the server is about to stop."""
        if self._connection is not None:
            self._connection.hearer.on_closing()
        else:
            self.transport.disconnect()


class Writing:
    """Connections with something to say in this turn of the event loop: each is written once, when it ends."""

    def __init__(self) -> None:
        self._waiting: list[PicowsConnection] = []

    def plan(self, connection: "PicowsConnection") -> None:
        """Write this one too."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._write)
        self._waiting.append(connection)

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, []
        for connection in waiting:
            connection.flush()


class PicowsConnection(WSListener):
    """A connection whose frames of one turn of the event loop are written together."""

    __slots__ = (
        "_drained",
        "_kind",
        "_meet",
        "_options",
        "_outgoing",
        "_outgoing_bytes",
        "_parts",
        "_place",
        "_size",
        "_transport",
        "_writing",
        "hearer",
    )

    def __init__(self, meet: Meet, place: Place, options: ServerOptions, writing: Writing) -> None:
        self._meet = meet
        self._place = place
        self._options = options
        self._writing = writing
        self._drained: asyncio.Future[None] | None = None
        self._outgoing: list[bytes] = []
        self._outgoing_bytes = 0
        self._kind: WSMsgType | None = None
        self._parts: list[bytes] = []
        self._size = 0

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Begin the conversation."""
        # Whoever waits for room is told long before the reader is taken for too slow.
        transport.underlying_transport.set_write_buffer_limits(high=self._options.buffer_bytes_max // 4)
        self._transport = transport
        self.hearer: Hearer = self._meet(self, self._place)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Hand whole messages on; pings are answered by picows."""
        kind = frame.msg_type
        if kind is CLOSE:
            self._leave(transport, frame)
        elif transport.is_close_frame_sent:
            return
        elif frame.rsv1 or frame.rsv2 or frame.rsv3:
            self._fail(WSCloseCode.PROTOCOL_ERROR)
        elif kind is TEXT and frame.fin and self._kind is None:
            self.hearer.on_text(frame.get_payload_as_bytes())
        elif kind in (TEXT, BINARY, CONTINUATION):
            self._gather(kind, frame)

    def _gather(self, kind: WSMsgType, frame: WSFrame) -> None:
        """Put fragments together, within the bound of one frame."""
        if (kind is CONTINUATION) == (self._kind is None):
            self._fail(WSCloseCode.PROTOCOL_ERROR)
            return
        if kind is not CONTINUATION:
            self._kind = kind
        self._size += frame.payload_size
        if self._size > self._options.frame_bytes_max:
            self._fail(WSCloseCode.MESSAGE_TOO_BIG)
            return
        self._parts.append(frame.get_payload_as_bytes())
        if frame.fin:
            is_text, data = self._kind is TEXT, b"".join(self._parts)
            self._kind, self._parts, self._size = None, [], 0
            if is_text:
                self.hearer.on_text(data)
            else:
                self.hearer.on_binary()

    def _leave(self, transport: WSTransport, frame: WSFrame) -> None:
        """Answer a goodbye, or take the answer to ours; then hang up."""
        if not transport.is_close_frame_sent:
            transport.send_close(frame.get_close_code())
        transport.disconnect()

    def _fail(self, code: WSCloseCode) -> None:
        self.flush()
        self._transport.send_close(code)
        self._transport.disconnect()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Tell the conversation that it is over."""
        del transport
        self.resume_writing()
        self.hearer.on_gone()

    def pause_writing(self) -> None:
        """The peer takes no more for now."""
        if self._drained is None:
            self._drained = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """The peer has taken most of it, or is gone."""
        if self._drained is not None:
            self._drained.set_result(None)
            self._drained = None

    @property
    def buffered(self) -> int:
        """Bytes that neither the kernel nor the peer has taken."""
        transport = self._transport.underlying_transport
        return self._outgoing_bytes + (0 if transport.is_closing() else transport.get_write_buffer_size())

    def send(self, data: bytes) -> None:
        """Send a text frame, together with the others of this turn: what costs is the call of the kernel."""
        if not self._outgoing:
            self._writing.plan(self)
        length = len(data)
        self._outgoing += (_header(length), data)
        self._outgoing_bytes += length

    def flush(self) -> None:
        """Write what was sent in this turn."""
        transport = self._transport
        if self._outgoing and not transport.is_close_frame_sent and not transport.underlying_transport.is_closing():
            transport.underlying_transport.write(b"".join(self._outgoing))
        self._outgoing.clear()
        self._outgoing_bytes = 0

    def close(self, code: int, reason: str) -> None:
        """Say goodbye behind what was sent; the peer's answer hangs up."""
        self.flush()
        if not self._transport.underlying_transport.is_closing():
            self._transport.send_close(code, reason.encode())  # type: ignore[arg-type]  codes of applications are no members

    def abort(self) -> None:
        """Cut the peer off."""
        self._transport.disconnect(graceful=False)

    async def drained(self) -> None:
        """Wait for the peer to take what waits in the transport."""
        self.flush()
        if self._drained is not None:
            await asyncio.shield(self._drained)


def _header(length: int) -> bytes:
    """The header of a whole text frame of a server."""
    if length <= SHORT_BYTES_MAX:
        return bytes((0x81, length))
    if length <= MEDIUM_BYTES_MAX:
        return b"\x81\x7e" + length.to_bytes(2, "big")
    return b"\x81\x7f" + length.to_bytes(8, "big")
