"""One process that serves: the service is started and the port listened on; at the end all of it in reverse."""

import asyncio
import contextlib
import errno
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from datetime import timedelta
from types import FrameType
from typing import Any

import uvicorn

from chatsession.runtime.service import Service
from chatsession.server.app import DEFAULTS, create_app
from chatsession.server.options import ServerOptions
from chatsession.server.protocol import http_protocol
from chatsession.server.socket.listening import listening_socket
from chatsession.server.socket.uvicorn_settings import uvicorn_settings
from chatsession.server.stopping import Stopping
from chatsession.tracing import LOG_DRAINING, LOG_SERVING, LOG_STOPPED

log = logging.getLogger("chatsession")

LOOPBACK = "127.0.0.1"
PORT = 8080
EVERYWHERE = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104  compared, not bound
SIGNALS = (signal.SIGTERM, signal.SIGINT)
LEFT_AT_ONCE = 1
"""The exit code after a second signal."""
GC_THRESHOLDS = (50_000, 20, 100)
"""With Python's own, a collection over ten thousand connections stops everything for half a second."""
LAST_ANSWERS_SECONDS = 5
"""What requests get to be answered once the running turns have had their grace."""


class ListenError(Exception):
    """The address cannot be listened on; the message says why, and what to do."""


async def serve(  # noqa: PLR0913  what one process is
    service: Service,
    options: ServerOptions = DEFAULTS,
    *,
    host: str = LOOPBACK,
    port: int = PORT,
    ready: Callable[[str], None] | None = None,
    pages: Sequence[Any] = (),
) -> None:
    """Serve until SIGTERM or SIGINT, then leave in order, within half a minute; a second signal leaves at once.

    `ready` is called with the address once it accepts. The caller opens the store before, and closes it after. Raise
    ListenError where the address cannot be had.
    """
    _make_room_for(options.connections_max)
    with _told_to_leave() as told:
        async with running(service, options, host=host, port=port, pages=pages) as url:
            gc.collect()
            gc.freeze()
            gc.set_threshold(*GC_THRESHOLDS)
            if ready is not None:
                ready(url)
            await told.wait()


@contextlib.asynccontextmanager
async def running(
    service: Service,
    options: ServerOptions = DEFAULTS,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    pages: Sequence[Any] = (),
) -> AsyncGenerator[str]:
    """Have the service serve for as long as this lasts: its address. The store is the caller's to open and close."""
    stopping = Stopping()
    server = _Server(_config(service, options, create_app(service, options, pages=pages, stopping=stopping)))
    listener = _listener(host, port, options)
    try:
        await service.start()
    except BaseException:
        listener.close()
        raise
    url = _url_of(host, listener)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="uvicorn")
    try:
        await _up(server, serving)
        log.info(LOG_SERVING, extra={"url": url, "durability": service.store.durability})
        yield url
    finally:
        stopping.begin()
        await _leave(service, server, serving, options)


async def _up(server: "_Server", serving: "asyncio.Task[None]") -> None:
    """Wait until it accepts; raise what kept it from that."""
    accepting = asyncio.ensure_future(server.is_up.wait())
    await asyncio.wait((accepting, serving), return_when=asyncio.FIRST_COMPLETED)
    accepting.cancel()
    if serving.done():
        serving.result()


async def _leave(service: Service, server: "_Server", serving: "asyncio.Task[None]", options: ServerOptions) -> None:
    """Send followers away, take nothing new, let turns and requests end; what takes too long is cut off."""
    log.info(LOG_DRAINING)
    draining = asyncio.create_task(service.drain(timedelta(seconds=options.turn_grace_seconds)), name="drain")
    server.should_exit = True
    _, late = await asyncio.wait((draining, serving), timeout=options.exit_seconds_max)
    for task in late:
        task.cancel()
    ends = await asyncio.gather(draining, serving, return_exceptions=True)
    log.info(LOG_STOPPED, extra={"reason": "cut off" if late else "in order"})
    for end in ends:
        if isinstance(end, Exception):
            raise end


class _Server(uvicorn.Server):
    """uvicorn without its signals, which are ours, and with word of when it accepts."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def _config(service: Service, options: ServerOptions, app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=http_protocol(options),
        **uvicorn_settings(service, options),
        lifespan="off",
        log_config=None,
        access_log=False,  # It would log addresses with their queries.
        proxy_headers=False,  # The application believes the proxies it is told of.
        server_header=False,
        timeout_keep_alive=options.idle_connection_seconds,
        timeout_graceful_shutdown=int(options.turn_grace_seconds) + LAST_ANSWERS_SECONDS,
    )


def _listener(host: str, port: int, options: ServerOptions) -> socket.socket:
    try:
        return listening_socket(host, port, options)
    except socket.gaierror:
        raise ListenError(f"{host} is no address of this machine; use 127.0.0.1, or 0.0.0.0 for all.") from None
    except OverflowError:
        raise ListenError(f"{port} is no port; ports go from 0 to 65535.") from None
    except OSError as error:
        raise ListenError(_why_not(error, host, port)) from error


def _why_not(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} of {host} is in use; choose another, or stop what listens there."
        case errno.EACCES | errno.EPERM:
            return f"Port {port} may not be listened on by this user; choose one above 1023."
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine; use 127.0.0.1, or 0.0.0.0 for all."
        case _:
            return f"Port {port} of {host} cannot be listened on: {error.strerror}."


def _url_of(host: str, listener: socket.socket) -> str:
    name = EVERYWHERE.get(host, host)
    return f"http://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}"


@contextlib.contextmanager
def _told_to_leave() -> Generator[asyncio.Event]:
    """Set at the first signal; the second one ends the process: whatever was acknowledged is durable."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hear() -> None:  # In the loop, not in the middle of whatever the signal came upon.
        if told.is_set():
            os._exit(LEFT_AT_ONCE)
        told.set()

    def pass_on(_: int, __: FrameType | None) -> None:
        loop.call_soon_threadsafe(hear)

    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        signal.signal(number, pass_on)
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _make_room_for(connections: int) -> None:
    """Each connection is an open file; raise our limit as far as we may."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  not everywhere

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * connections
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
