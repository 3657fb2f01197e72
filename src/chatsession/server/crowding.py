"""The first thing a request meets: is this server meant, is there room, and is its sender not too fast."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_address

from chatsession.core.refusals import Refusal, forbidden
from chatsession.runtime.rates import Rates
from chatsession.runtime.refused import RefusedError, rate_limited
from chatsession.server.asgi import App, Receive, Scope, Send
from chatsession.server.options import ServerOptions
from chatsession.server.problems import send_problem

BUSY = Refusal(
    "overloaded", 503, "Too many requests are in progress on this server; try again soon.", {"retry_after": 2}
)
NOT_MEANT = forbidden("This server is not known under the name in the `Host` header.")
OPEN_PATHS = frozenset(("/healthz", "/readyz"))
"""What is looked at when there is trouble must be answered in trouble."""


class Crowding:
    """Refuses before any work is done."""

    def __init__(self, app: App, options: ServerOptions) -> None:
        self._app = app
        self._hosts = frozenset(options.hosts)
        self._running_max = options.requests_running_max
        self._running = 0
        self._rates = Rates(options.address_requests_per_second, options.address_requests_burst, options.buckets_max)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it may come in."""
        refused = None if scope["path"] in OPEN_PATHS else self._refused(scope)
        if refused is not None:
            await send_problem(refused, scope, receive, send)
            return
        self._running += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running -= 1

    def _refused(self, scope: Scope) -> RefusedError | None:
        if self._hosts and _name_of(dict(scope["headers"])) not in self._hosts:
            return RefusedError(NOT_MEANT)
        if self._running >= self._running_max:
            return RefusedError(BUSY)
        client = scope["client"]
        if client is None or _is_loopback(client[0]):
            return None
        now = datetime.fromtimestamp(time.monotonic(), UTC)
        return None if self._rates.allow(client[0], now) else rate_limited()


def _name_of(headers: Mapping[bytes, bytes]) -> str:
    name = headers.get(b"host", b"").decode("latin-1").lower()
    return name if name.endswith("]") else name.rsplit(":", 1)[0]


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
