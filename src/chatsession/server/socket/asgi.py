"""Sockets over any ASGI server: uvicorn's own WebSocket, and whatever else speaks the protocol."""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from chatsession.runtime.service import Service
from chatsession.server.options import ServerOptions
from chatsession.server.socket.connection import Hearer, Meet, Place
from chatsession.server.socket.sockets import Sockets

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

DEFAULTS = ServerOptions()
PATH = re.compile(r"/v1/sessions/(?P<session>[A-Za-z0-9_-]{1,80})/socket")
NO_SUCH_PLACE = {"type": "websocket.close", "code": 1008}
"""Before the handshake's answer this is an HTTP 403; there is no session in such a path."""


def place_of(path: str, headers: dict[str, str]) -> Place | None:
    """The session in a socket's path, and the page it was opened from; None for another path."""
    found = PATH.fullmatch(path)
    return found and Place(found["session"], headers.get("origin"), headers.get("host", ""))


def socket_app(service: Service, options: ServerOptions = DEFAULTS) -> App:
    """The ASGI application for the scope `websocket`, in front of a service."""
    return asgi_sockets(Sockets(service, options).meet)


def asgi_sockets(meet: Meet) -> App:
    """The ASGI application for sockets that are met by whomever."""

    async def app(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        place = place_of(scope["path"], headers)
        await receive()
        if place is None:
            await send(NO_SUCH_PLACE)
            return
        await send({"type": "websocket.accept"})
        connection = AsgiConnection(receive, send)
        await connection.carry(meet(connection, place))

    return app


class AsgiConnection:
    """A connection whose frames wait in a queue of ours: ASGI's `send` blocks while the peer does not read."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._frames: deque[bytes] = deque()
        self._buffered = 0
        self._goodbye: tuple[int, str] | None = None
        self._more = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self._reader: asyncio.Task[Any] | None = None

    @property
    def buffered(self) -> int:
        """Bytes in the queue."""
        return self._buffered

    def send(self, data: bytes) -> None:
        """Queue a text frame."""
        self._frames.append(data)
        self._buffered += len(data)
        self._drained.clear()
        self._more.set()

    def close(self, code: int, reason: str) -> None:
        """Say goodbye behind what is queued."""
        self._goodbye = (code, reason)
        self._more.set()

    def abort(self) -> None:
        """Leave the application: the server then closes its transport, and the kernel gives the peer up."""
        if self._reader is not None:
            self._reader.cancel()

    async def drained(self) -> None:
        """Wait for the queue to be empty."""
        await self._drained.wait()

    async def carry(self, hearer: Hearer) -> None:
        """Bring what the peer sends to the hearer, until the peer is gone."""
        writer = asyncio.create_task(self._write())
        self._reader = asyncio.create_task(self._read(hearer))
        try:
            await asyncio.wait([self._reader])
        finally:
            self._reader.cancel()
            writer.cancel()
            self._drained.set()
            hearer.on_gone()
            await asyncio.gather(self._reader, writer, return_exceptions=True)

    async def _read(self, hearer: Hearer) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                hearer.on_binary()
            else:
                hearer.on_text(text)

    async def _write(self) -> None:
        try:
            while True:
                await self._more.wait()
                self._more.clear()
                while self._frames:
                    data = self._frames.popleft()
                    await self._send({"type": "websocket.send", "text": data.decode()})
                    self._buffered -= len(data)
                self._drained.set()
                if self._goodbye is not None:
                    code, reason = self._goodbye
                    await self._send({"type": "websocket.close", "code": code, "reason": reason})
                    return
        except OSError:
            # The peer is gone; whoever reads will hear of it.
            self._drained.set()
