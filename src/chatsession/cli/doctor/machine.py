"""The machine: Python, SQLite, the clock, the disk, the port."""

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from chatsession import sqlite
from chatsession.cli.doctor.finding import Finding, ok, problem, warning
from chatsession.cli.failing import CommandError
from chatsession.cli.folder import DataFolder
from chatsession.cli.running import free_port
from chatsession.settings import ServerSettings

PYTHON_MIN = (3, 11)
DISK_BYTES_MIN = 200 * 1024 * 1024
DISK_BYTES_WARN = 2 * 1024 * 1024 * 1024
RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock that shows an earlier time is wrong."""


def machine(server: ServerSettings, *, is_served: bool) -> Iterator[Finding]:
    """Everything that does not depend on what is kept."""
    yield python()
    yield _sqlite()
    yield clock(datetime.now(UTC))
    yield _fast_loop()
    yield disk(server.data)
    if not is_served:
        yield port(server.host, server.port)
    yield _host(server)


def python() -> Finding:
    """Which Python this is."""
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < PYTHON_MIN:
        return problem("python", found, "use Python 3.11 or newer")
    return ok("python", found)


def _sqlite() -> Finding:
    major, minor, patch = (int(part) for part in sqlite.version().split(".")[:3])
    if major * 1_000_000 + minor * 1_000 + patch < sqlite.VERSION_MIN:
        return problem("sqlite", sqlite.version(), "pip install --upgrade apsw: this one can corrupt its log")
    return ok("sqlite", sqlite.version())


def clock(now: datetime) -> Finding:
    """Whether the time can be right."""
    if now < RELEASED:
        return problem("clock", now.isoformat(timespec="seconds"), "set the clock: it shows a time before this release")
    return ok("clock", f"{now.isoformat(timespec='seconds')} (UTC)")


def _fast_loop() -> Finding:
    if find_spec("uvloop") is None:
        return warning("event loop", "asyncio", "pip install uvloop makes the server faster, where it exists")
    return ok("event loop", "uvloop")


def disk(folder: Path) -> Finding:
    """Whether there is room where the data is, and whether it may be written."""
    place = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    free = shutil.disk_usage(place).free
    says = f"{place}: {free / 1024**3:.1f} GiB free"
    if not os.access(place, os.W_OK):
        return problem("disk", f"{place} cannot be written", "choose another data folder, or change its rights")
    if free < DISK_BYTES_MIN:
        return problem("disk", says, "make room: a full disk refuses messages")
    if free < DISK_BYTES_WARN:
        return warning("disk", says, "make room soon: a full disk refuses messages")
    return ok("disk", says)


def port(host: str, number: int) -> Finding:
    """Whether the port is free."""
    try:
        free_port(host, number, or_next=False)
    except CommandError as error:
        return problem("port", str(error), "stop what uses it, or set another `port`")
    return ok("port", f"{number} of {host} is free")


def _host(server: ServerSettings) -> Finding:
    if server.host in ("127.0.0.1", "localhost", "::1"):
        return ok("network", f"{server.host}: this machine alone reaches it")
    if not server.trusted_proxies:
        return warning(
            "network",
            f"{server.host}: others reach it, without TLS",
            "put a proxy with TLS in front, and name it in trusted_proxies",
        )
    return ok("network", f"{server.host}, behind {', '.join(server.trusted_proxies)}")


def rights(folder: DataFolder) -> Iterator[Finding]:
    """Whether what is secret is."""
    for file in (folder.database, folder.keys):
        if file.exists():
            mode = file.stat().st_mode & 0o777
            if mode & 0o077:
                yield problem("rights", f"{file} can be read by others ({mode:o})", f"chmod 600 {file}")
            else:
                yield ok("rights", f"{file} is its owner's alone")
