"""Serve from a data folder: take its lock, keep its keys, say where the server is, and forget it at the end."""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import closing
from typing import Annotated, Any, Literal

import msgspec
from cyclopts import Parameter

from chatsession.assemble import clock_for, store_at
from chatsession.cli.failing import CommandError
from chatsession.cli.folder import Address, DataFolder
from chatsession.cli.screen import out
from chatsession.clocks.system import SystemClock
from chatsession.runtime.refused import RefusedError
from chatsession.runtime.service import Service
from chatsession.server.logs import log_to
from chatsession.server.options import ServerOptions
from chatsession.server.serving import ListenError, serve
from chatsession.store import Store

Role = Literal["admin", "agent", "bot"]
LogLevel = Literal["info", "warning"]
LEVELS: dict[LogLevel, int] = {"info": logging.INFO, "warning": logging.WARNING}
PORTS_TRIED_MAX = 50
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  these are compared, not bound
Log = Annotated[
    LogLevel | None,
    Parameter(
        help="How much is logged to standard error, as lines of JSON.",
        show_default=lambda _: "warning on a terminal, else info",
    ),
]
LOCAL_KEY = "local"
"""The id of the key for this machine's commands; another secret each time, so that an old file opens nothing."""


class Running(msgspec.Struct, frozen=True):
    """A server that is about to listen."""

    service: Service
    clock: SystemClock
    folder: DataFolder
    base_url: str
    keys: dict[str, Any]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be served, from where, and what is said once it can be reached."""

    folder: DataFolder
    host: str
    port: int
    service: Callable[[Store, SystemClock], Service]
    pages: Callable[[Running], Sequence[Any]]
    greet: Callable[[Running], None]
    roles: tuple[Role, ...] = ("admin",)
    options: ServerOptions = ServerOptions()
    log: LogLevel | None = None


async def run(plan: Plan) -> None:
    """Serve until we are told to stop."""
    store = store_at(plan.folder.database)
    await store.open()
    try:
        clock = await clock_for(store)
        running = await _prepared(plan, plan.service(store, clock), clock)
        admin = await running.service.identity.new_key(LOCAL_KEY, "admin", "commands on this machine")
        inboxes = tuple(running.service.inboxes)

        def ready(_: str) -> None:
            plan.folder.write_address(Address(running.base_url, admin, os.getpid(), inboxes))
            plan.greet(running)

        pages = plan.pages(running)
        log_to(level=_level(plan.log))
        try:
            await serve(running.service, plan.options, host=plan.host, port=plan.port, ready=ready, pages=pages)
        except ListenError as error:
            raise CommandError("cannot_listen", str(error)) from None
    finally:
        plan.folder.forget_address()
        await store.close()
    out().print("Stopped. What was acknowledged is kept.")


def _level(log: LogLevel | None) -> int:
    """Whoever collects the log gets all of it; whoever sits before it gets what needs them."""
    return LEVELS[log or ("warning" if sys.stderr.isatty() else "info")]


async def _prepared(plan: Plan, service: Service, clock: SystemClock) -> Running:
    base_url = base_url_of(plan.host, plan.port)
    keys: dict[str, Any] = {
        "base_url": base_url,
        "inboxes": {
            name: {"title": inbox.title, "visitors": f"{base_url}/v1/inboxes/{name}/visitors"}
            for name, inbox in service.inboxes.items()
        },
    }
    known = plan.folder.read_keys()
    for role in plan.roles:
        keys[role] = await _key(service, role, known.get(role))
    plan.folder.write_keys(keys)
    return Running(service, clock, plan.folder, base_url, keys)


async def _key(service: Service, role: Role, known: object) -> str:
    """The key that was handed out before, if it still opens this data; else a new one."""
    if isinstance(known, str):
        try:
            principal = await service.identity.of_key(known)
        except RefusedError:
            pass
        else:
            if principal.kind == ("key" if role == "admin" else role):
                return known
    return await service.identity.new_key(role, role, role)


def base_url_of(host: str, port: int) -> str:
    """Where this machine reaches the server."""
    name = EVERYWHERE.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}"


def free_port(host: str, port: int, *, or_next: bool) -> int:
    """The port, if it is free (0 is any); with `or_next`, else the next one that is."""
    for candidate in range(port, port + (PORTS_TRIED_MAX if or_next else 1)):
        if (found := _bound(host, candidate)) is not None:
            return found
    raise CommandError("port_in_use", f"port {port} of {host} is in use; choose another with --port")


def _bound(host: str, port: int) -> int | None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise CommandError("no_such_host", f"{host} is no address of this machine; use 127.0.0.1 or 0.0.0.0") from None
    with closing(socket.socket(family, kind)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
        except OSError:
            return None
        return int(trial.getsockname()[1])


def in_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run in the fastest event loop there is."""
    try:
        import uvloop  # noqa: PLC0415  not everywhere
    except ImportError:
        asyncio.run(work)
    else:
        uvloop.run(work)
