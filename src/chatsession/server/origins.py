"""Which pages may use an inbox from a browser: those on its list; without a list, this machine's and our own."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from litestar.connection import ASGIConnection

from chatsession.core.refusals import forbidden
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.refused import RefusedError

DEFAULT_PORTS = {"http": 80, "https": 443}
LOOPBACK_NAME = "localhost"
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def check_origin(inbox: Inbox, origin: str | None, host: str) -> None:
    """Raise `forbidden` for a page that may not use the inbox; programs send no origin and are not meant."""
    if origin is not None and not is_allowed(inbox, origin, host):
        raise RefusedError(forbidden("Pages of this origin may not use this inbox; add it to the inbox's `origins`."))


def is_allowed(inbox: Inbox, origin: str, host: str) -> bool:
    """Whether a page of this origin, talking to this host, may use the inbox."""
    if inbox.origins:
        return origin in inbox.origins
    page = _split(origin)
    return page is not None and (_is_loopback(page.hostname or "") or _place(page) == _place_of(host, page.scheme))


def is_loopback_host(host: str) -> bool:
    """Whether a `Host` header names this machine."""
    parts = _split(f"http://{host}")
    return parts is not None and _is_loopback(parts.hostname or "")


def is_this_machine(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether somebody on this machine asks directly: not a proxy for others, nor a page that renamed itself."""
    client = connection.client
    here = client is not None and is_loopback_host(f"[{client.host}]" if ":" in client.host else client.host)
    forwarded = any(name in connection.headers for name in FORWARDED)
    return here and not forwarded and is_loopback_host(connection.headers.get("host", ""))


def _is_loopback(name: str) -> bool:
    if name == LOOPBACK_NAME or name.endswith(f".{LOOPBACK_NAME}"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _split(origin: str) -> SplitResult | None:
    try:
        parts = urlsplit(origin)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in DEFAULT_PORTS and parts.hostname else None


def _place(parts: SplitResult) -> tuple[str, int]:
    return (parts.hostname or "").lower(), parts.port or DEFAULT_PORTS[parts.scheme]


def _place_of(host: str, scheme: str) -> tuple[str, int] | None:
    parts = _split(f"{scheme}://{host}")
    return None if parts is None else _place(parts)
