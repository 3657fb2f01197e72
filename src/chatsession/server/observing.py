"""Every request is counted and leaves one line: which route, how it ended, how long it took; never what was said."""

import logging
import time

from chatsession.runtime.principal import Principal
from chatsession.server.asgi import App, Message, Receive, Scope, Send
from chatsession.server.counting import Counting
from chatsession.tracing import LOG_REQUEST

log = logging.getLogger("chatsession")

UNMATCHED = "unmatched"
KNOWN_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
CLOSED_BY_CLIENT = 499
"""The status of a request whose client left before there was an answer; the number others use for it."""


class Observing:
    """Watches requests go by."""

    def __init__(self, app: App, counting: Counting) -> None:
        self._app = app
        self._counting = counting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note what became of it."""
        status, size, began = CLOSED_BY_CLIENT, 0, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._note(scope, status, size, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        known = str(scope.get("method"))
        method = known if known in KNOWN_METHODS else "other"
        route = str(scope.get("path_template") or UNMATCHED)
        self._counting.request(method, route, status, seconds)
        if log.isEnabledFor(logging.INFO):
            log.info(LOG_REQUEST, extra=_line(scope, method, route, status, size, seconds))


def _line(scope: Scope, method: str, route: str, status: int, size: int, seconds: float) -> dict[str, object]:  # noqa: PLR0913  what one line says
    line: dict[str, object] = {
        "method": method,
        "route": route,
        "status": status,
        "bytes": size,
        "ms": round(seconds * 1000, 1),
    }
    caller = scope.get("user")
    if isinstance(caller, Principal):
        line |= {"caller": caller.id, "kind": caller.kind}
    return line
