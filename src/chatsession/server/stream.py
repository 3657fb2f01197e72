"""One stream of Server-Sent Events: the session's list as it grows, in the words a browser understands."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec

from chatsession.runtime.following import Delivery, EndCode, Ended, EventFrame, Follow, SignalFrame
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError
from chatsession.runtime.service import Service
from chatsession.server.asgi import Receive, Scope, Send
from chatsession.server.options import ServerOptions
from chatsession.server.outbox import Outbox
from chatsession.store import Durability, StoreError
from chatsession.tracing import LOG_DROPPED, LOG_UNEXPECTED

log = logging.getLogger("chatsession")

MEDIA_TYPE = "text/event-stream"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
ABORT = "chatsession.abort"
"""The ASGI extension by which our HTTP protocol lets a connection be cut."""
KEYS_LOOKED_UP_EVERY_SECONDS = 4
"""A key can be revoked without our being told; a visitor's token cannot."""
SERVERS_OWN = 500
"""From this status on, a refusal is our own trouble and may pass."""
COMES_BACK: frozenset[EndCode] = frozenset(("draining",))
"""The ends after which the same stream can be opened again."""

StillKnown = Callable[[], Awaitable[object]]
"""Looks the credential up once more; raises RefusedError when it is nobody's any more."""


class StreamHello(msgspec.Struct, frozen=True, kw_only=True):
    """The first frame of a stream: which store this is, where the session stands, and what was written survives."""

    epoch: str
    head: int
    durability: Durability
    server_time: datetime


class StreamEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The last frame of a stream: why it ends, and whether and when to come back."""

    code: EndCode
    reconnect: bool
    retry_ms: int


class EventStream:
    """Writes a session to one reader until one of them leaves."""

    def __init__(
        self, service: Service, options: ServerOptions, principal: Principal, session: str, still_known: StillKnown
    ) -> None:
        self._service = service
        self._options = options
        self._principal = principal
        self._session = session
        self._still_known = still_known
        self._outbox = Outbox(options.buffer_bytes_max)
        self._follow: Follow | None = None

    async def run(self, after: int, head: int, receive: Receive, send: Send, scope: Scope) -> None:
        """Serve the stream to its end."""
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        self._outbox.put(self._hello(head))
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(self._write(send)),
            asyncio.create_task(_gone(receive)),
            asyncio.create_task(self._outbox.overflown.wait()),
        ]
        feeding = asyncio.create_task(self._feed(after))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if self._follow is not None:
                self._follow.close()
            for task in (*tasks, feeding):
                task.cancel()
            await asyncio.gather(*tasks, feeding, return_exceptions=True)
        if self._outbox.overflown.is_set():
            await self._drop(scope, receive)

    # What goes in.

    async def _feed(self, after: int) -> None:
        """Catch up, and follow; then look once more whether the credential holds: until now nobody could end us."""
        try:
            self._follow = await self._service.following.follow(
                self._principal, self._session, after, self._deliver, self._outbox.room
            )
            await self._still_known()
        except (RefusedError, StoreError) as error:
            self._end(_end_of(error))
        except Exception:  # A reader must not sit before a stream that nobody feeds.
            log.exception(LOG_UNEXPECTED, extra={"session": self._session})
            self._end("draining")

    def _deliver(self, delivery: Delivery) -> None:
        match delivery:
            case EventFrame(seq=seq, data=data):
                self._outbox.put(b"id: %d\ndata: %b\n\n" % (seq, data))
            case SignalFrame(data=data):
                self._outbox.put(b"event: signal\ndata: %b\n\n" % data)
            case Ended(code=code):
                self._end(code)

    def _hello(self, head: int) -> bytes:
        says = StreamHello(
            epoch=self._service.epoch,
            head=head,
            durability=self._service.store.durability,
            server_time=self._service.clock.now(),
        )
        return b"retry: %d\nevent: hello\ndata: %b\n\n" % (self._options.reconnect_ms, msgspec.json.encode(says))

    def _end(self, code: EndCode) -> None:
        """Say that this is all, and whether and when to come back."""
        retry_ms = self._options.reconnect_ms + secrets.randbelow(self._options.reconnect_spread_ms + 1)
        says = StreamEnd(code=code, reconnect=code in COMES_BACK, retry_ms=retry_ms)
        self._outbox.end(b"retry: %d\nevent: end\ndata: %b\n\n" % (retry_ms, msgspec.json.encode(says)))

    # What comes out.

    async def _write(self, send: Send) -> None:
        every = self._options.beat_seconds
        if self._principal.kind != "visitor":
            every = min(every, KEYS_LOOKED_UP_EVERY_SECONDS)
        while (chunk := await self._outbox.take(every)) is not None:
            if not chunk:
                await self._beat()
                continue
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            self._outbox.written(len(chunk))
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _beat(self) -> None:
        """Say where the session's head is, repair what the bus lost, and notice a key that was revoked."""
        try:
            await self._still_known()
            head = (await self._service.door.state(self._principal, self._session)).session.seq
        except RefusedError as refused:
            if refused.refusal.status < SERVERS_OWN:
                self._end(_end_of(refused))
            return
        if self._follow is not None:
            self._service.following.check(self._follow, head)
        self._outbox.put(b": head %d\n\n" % head)

    async def _drop(self, scope: Scope, receive: Receive) -> None:
        """Cut off a reader who is too slow: whoever loses a stream without its end comes back for what is missing."""
        log.info(LOG_DROPPED, extra={"session": self._session, "bytes": len(self._outbox)})
        extensions: dict[str, Any] = scope.get("extensions") or {}
        abort = extensions.get(ABORT)
        if abort is not None:
            abort["cut"]()
            await _gone(receive)


def _end_of(error: RefusedError | StoreError) -> EndCode:
    """What a stream says whose reader was refused in the middle."""
    code = error.refusal.code if isinstance(error, RefusedError) else ""
    match code:
        case "unauthorized":
            return "revoked"
        case "not_found":
            return "erased"
        case "resync":
            return "resync"
        case _:
            return "draining"


async def _gone(receive: Receive) -> None:
    """Return when the reader has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
