"""Headers that every answer carries: nothing is guessed, nothing of the API is kept, pages are fenced in."""

from chatsession.server.asgi import App, Message, Receive, Scope, Send

ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"strict-origin-when-cross-origin"))
FRESH = (b"cache-control", b"no-store")
SECURE = (b"strict-transport-security", b"max-age=31536000")
PAGE = (
    b"content-security-policy",
    b"default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'",
)
NO_PAGE = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


class SafeHeaders:
    """Adds what an answer does not say itself."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and complete the head of its answer."""

        async def completing(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message["headers"])
                message["headers"] = [*given, *_missing(dict(given), scope["scheme"])]
            await send(message)

        await self._app(scope, receive, completing)


def _missing(given: dict[bytes, bytes], scheme: str) -> list[tuple[bytes, bytes]]:
    is_page = given.get(b"content-type", b"").startswith(b"text/html")
    wanted = [*ALWAYS, PAGE if is_page else NO_PAGE]
    if given.get(b"content-type", b"").startswith((b"application/json", b"application/problem", b"text/plain")):
        wanted.append(FRESH)
    if scheme == "https":
        wanted.append(SECURE)
    return [(name, value) for name, value in wanted if name not in given]
