"""The HTTP protocol under uvicorn, less patient: a head that is too large or too slow ends the connection."""

import asyncio
from http import HTTPStatus
from typing import Any

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chatsession.core.refusals import Refusal, invalid
from chatsession.runtime.refused import RefusedError
from chatsession.server.options import ServerOptions
from chatsession.server.problems import MEDIA_TYPE, problem_of
from chatsession.server.stream import ABORT

HEAD_TOO_LARGE = Refusal("too_large", 431, "The headers of the request are larger than this server takes in.")
ADDRESS_TOO_LONG = Refusal("too_large", 414, "The address of the request is longer than this server takes in.")
TOO_SLOW = Refusal("timed_out", 408, "The head of the request did not arrive in time.")
NOT_HTTP = invalid("This is not an HTTP request.")


class _TooMuchError(Exception):
    """Stops the parser."""


class BoundedProtocol(HttpToolsProtocol):
    """Reads heads within bounds, and lets a stream cut its connection."""

    options = ServerOptions()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head_bytes = 0
        self._refusal = NOT_HTTP
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  as the base has it
        """Give the first head its time."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Give this head its time, and its request the way to cut the connection."""
        super().on_message_begin()
        self._head_bytes = 0
        scope: Any = self.scope
        scope["extensions"] = {ABORT: {"cut": self.transport.abort}}
        self._await_head()

    def on_url(self, url: bytes) -> None:
        """Take in so much of an address."""
        super().on_url(url)
        if len(self.url) > self.options.url_bytes_max:
            self._refusal = ADDRESS_TOO_LONG
            raise _TooMuchError

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in so much of a head."""
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > self.options.header_bytes_max:
            self._refusal = HEAD_TOO_LARGE
            raise _TooMuchError
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is here; the body has its own time."""
        self._stop_waiting()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Say what was wrong with the head, and close."""
        del msg
        self._refuse(self._refusal)

    def _await_head(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(self.options.header_seconds_max, self._refuse, TOO_SLOW)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, refusal: Refusal) -> None:
        if not self.transport.is_closing():
            self.transport.write(_answer_of(refusal))
            self.transport.close()


def http_protocol(options: ServerOptions) -> type[HttpToolsProtocol]:
    """The protocol class for these options: uvicorn makes its instances itself."""
    return type("ServerProtocol", (BoundedProtocol,), {"options": options})


def _answer_of(refusal: Refusal) -> bytes:
    body = msgspec.json.encode(problem_of(RefusedError(refusal)))
    status = HTTPStatus(refusal.status)
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
        "x-content-type-options: nosniff\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
