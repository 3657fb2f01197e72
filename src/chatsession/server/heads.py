"""Answers to HEAD: the head that GET would have, and nothing after it; nothing is used up, waited for or begun."""

from collections.abc import Mapping
from typing import Any

from chatsession.server.asgi import App, Message, Receive, Scope, Send

HEAD = "chatsession.head"
"""The ASGI extension by which a route learns that its answer will not be read."""


def is_for_head(scope: Mapping[str, Any]) -> bool:
    """Whether the head alone is asked for."""
    return HEAD in (scope.get("extensions") or {})


class Heads:
    """Asks as if it were GET, and sends no body."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; what GET does not answer, HEAD is not answered either."""
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        asked: Scope = {**scope, "method": "GET", "extensions": {**(scope.get("extensions") or {}), HEAD: {}}}

        async def heading(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        try:
            await self._app(asked, receive, heading)
        finally:
            # Which route it was, and who asked, is what is noted of it.
            scope.update({**asked, "method": "HEAD"})
