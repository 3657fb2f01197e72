"""The server as one ASGI application: sockets go their own way, everything else is HTTP."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from chatsession.runtime.principal import Principal
from chatsession.runtime.service import Service
from chatsession.server.asgi import App, Receive, Scope, Send
from chatsession.server.bodies import JsonRequest
from chatsession.server.counting import Counting
from chatsession.server.crowding import Crowding
from chatsession.server.doorkeeper import Doorkeeper
from chatsession.server.headers import SafeHeaders
from chatsession.server.heads import Heads
from chatsession.server.observing import Observing
from chatsession.server.options import ServerOptions
from chatsession.server.places import Places
from chatsession.server.problems import respond
from chatsession.server.providing import always
from chatsession.server.routes import ROUTES
from chatsession.server.routes.contract import read_contract
from chatsession.server.sharing import Sharing
from chatsession.server.socket.asgi import socket_app
from chatsession.server.stopping import Stopping
from chatsession.server.widget.assets import Assets

DEFAULTS = ServerOptions()


def create_app(
    service: Service,
    options: ServerOptions = DEFAULTS,
    *,
    pages: Sequence[Any] = (),
    stopping: Stopping | None = None,
) -> App:
    """The application in front of a service, which whoever calls this starts and drains; `pages` are further routes."""
    waits = Places(options.waits_per_visitor_max, options.waits_max)
    streams = Places(options.connections_per_visitor_max, options.connections_max)
    uploads = Places(options.uploads_per_visitor_max, options.uploads_max)
    counting = Counting(service, {"waits": waits, "streams": streams, "uploads": uploads})
    given = {
        "service": service,
        "options": options,
        "waits": waits,
        "connections": streams,
        "uploads": uploads,
        "assets": Assets(Path(options.widget_folder)) if options.widget_folder else Assets(),
        "counting": counting,
        "stopping": stopping or Stopping(),
    }
    routed = _routed(service, options, given, pages)
    http: App = Crowding(Sharing(Heads(routed), service.inboxes), options)
    http = Observing(SafeHeaders(http), counting)
    return _behind_proxies(Server(routed, http, socket_app(service, options)), options)


def _routed(service: Service, options: ServerOptions, given: dict[str, Any], pages: Sequence[Any]) -> App:
    """Every route, with what the handlers ask for."""
    handlers = [handler for group in ROUTES.values() for handler in group]
    litestar = Litestar(
        [*handlers, read_contract, *pages],
        dependencies={
            "principal": Provide(_caller, sync_to_thread=False),
            **{name: always(value) for name, value in given.items()},
        },
        guards=[Doorkeeper(service, options).check],
        exception_handlers={Exception: respond},
        openapi_config=None,
        logging_config=None,
        request_class=JsonRequest,
        request_max_body_size=options.body_bytes_max,
        state=State({"options": options}),
    )
    return cast("App", litestar)


class Server:
    """Tells sockets, requests and the server's own beginning and end from each other."""

    def __init__(self, lifespan: App, http: App, sockets: App) -> None:
        self._lifespan = lifespan
        self._http = http
        self._sockets = sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection or request."""
        match str(scope["type"]):
            case "http":
                await self._http(scope, receive, send)
            case "websocket":
                await self._sockets(scope, receive, send)
            case _:
                await self._lifespan(scope, receive, send)


def _behind_proxies(app: App, options: ServerOptions) -> App:
    """Believe what trusted proxies say of who is asking; without any, believe the connection alone."""
    if not options.trusted_proxies:
        return app
    proxied: Any = ProxyHeadersMiddleware(cast("Any", app), trusted_hosts=list(options.trusted_proxies))
    return cast("App", proxied)


def _caller(request: Request[Principal, Any, State]) -> Principal:
    return request.user
