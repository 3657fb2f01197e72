"""Cross-origin requests (CORS), decided by each inbox's own list; a library's list holds for a whole application."""

import re
from collections.abc import Mapping

from chatsession.core.refusals import forbidden
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.refused import RefusedError
from chatsession.server.asgi import App, Message, Receive, Scope, Send
from chatsession.server.origins import is_allowed
from chatsession.server.problems import send_problem

METHODS = b"GET, POST, PUT, PATCH, DELETE"
ASKED_HEADERS = b"authorization, content-type, last-event-id"
SHOWN_HEADERS = b"retry-after, etag, location, content-disposition"
KEPT_SECONDS = b"600"
VARY = (b"vary", b"origin")
NOT_SHARED = forbidden("Pages of this origin may not use this address; add it to the inbox's `origins`.")

_INBOX = re.compile(r"^/v1/inboxes/([^/]+)")

ALLOWED = b"access-control-allow-origin"


class Sharing:
    """Answers preflights, and tells browsers which pages may read an answer."""

    def __init__(self, app: App, inboxes: Mapping[str, Inbox]) -> None:
        self._app = app
        self._inboxes = inboxes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless it is a preflight; programs, which send no origin, notice nothing."""
        headers = dict(scope["headers"])
        origin = headers.get(b"origin")
        if origin is None:
            await self._app(scope, receive, send)
            return
        allowed = self._is_allowed(scope["path"], origin.decode("latin-1"), headers.get(b"host", b"").decode("latin-1"))
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            await self._preflight(origin if allowed else None, scope, receive, send)
            return

        async def sharing(message: Message) -> None:
            if message["type"] == "http.response.start" and not _is_for_everybody(message):
                shared = [(ALLOWED, origin)] if allowed else []
                shown = [(b"access-control-expose-headers", SHOWN_HEADERS)] if allowed else []
                message["headers"] = [*message["headers"], *shared, *shown, VARY]
            await send(message)

        await self._app(scope, receive, sharing)

    def _is_allowed(self, path: str, origin: str, host: str) -> bool:
        """By the inbox in the address; elsewhere by any inbox, for the caller's own one is checked once it is known."""
        named = _INBOX.match(path)
        inboxes = self._inboxes.values() if named is None else filter(None, [self._inboxes.get(named[1])])
        return any(is_allowed(inbox, origin, host) for inbox in inboxes)

    async def _preflight(self, origin: bytes | None, scope: Scope, receive: Receive, send: Send) -> None:
        if origin is None:
            await send_problem(RefusedError(NOT_SHARED), scope, receive, send)
            return
        headers = [
            (ALLOWED, origin),
            (b"access-control-allow-methods", METHODS),
            (b"access-control-allow-headers", ASKED_HEADERS),
            (b"access-control-max-age", KEPT_SECONDS),
            VARY,
        ]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _is_for_everybody(start: Message) -> bool:
    """Whether the answer itself lets every page read it."""
    return any(name == ALLOWED for name, _ in start["headers"])
