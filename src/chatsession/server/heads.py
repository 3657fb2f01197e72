"""Answers to HEAD: the head that GET would have, and nothing after it."""

from chatsession.server.asgi import App, Message, Receive, Scope, Send


class Heads:
    """Asks as if it were GET, and sends no body."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; what GET does not answer, HEAD is not answered either."""
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        asked: Scope = {**scope, "method": "GET"}

        async def heading(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                # At once: a stream has no end to wait for, and stops when it sees that its reader has gone.
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        try:
            await self._app(asked, receive, heading)
        finally:
            # Which route it was, and who asked, is what is noted of it.
            scope.update({**asked, "method": "HEAD"})
