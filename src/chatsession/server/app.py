"""The server as one ASGI application: sockets go their own way, everything else is HTTP."""

from collections.abc import Sequence
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.types import ASGIApp, Receive, Scope, Send

from chatsession.runtime.service import Service
from chatsession.server.options import ServerOptions
from chatsession.server.problems import respond

INTERNAL_CLOSE_CODE = 1011


def create_app(service: Service, options: ServerOptions | None = None, *, pages: Sequence[Any] = ()) -> ASGIApp:
    """The application in front of a service, which whoever calls this starts and drains; `pages` are further routes."""
    options = options or ServerOptions()
    http = Litestar(
        list(pages),
        openapi_config=None,
        exception_handlers={Exception: respond},
        request_max_body_size=options.body_bytes_max,
        state=State({"service": service}),
    )
    return App(http)


class App:
    """Tells sockets from everything else."""

    def __init__(self, http: ASGIApp, socket: ASGIApp | None = None) -> None:
        self._http = http
        self._socket = socket

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection or request."""
        if scope["type"] != "websocket":
            await self._http(scope, receive, send)
        elif self._socket is not None:
            await self._socket(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": INTERNAL_CLOSE_CODE, "reason": "no sockets here"})
