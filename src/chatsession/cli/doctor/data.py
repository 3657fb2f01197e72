"""The data: who writes it, what it survives, whether it is sound."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from chatsession import sqlite
from chatsession.cli.doctor.finding import Finding, ok, problem, warning
from chatsession.cli.failing import CommandError
from chatsession.cli.folder import Address, DataFolder
from chatsession.cli.remote import Remote
from chatsession.demo.pages import DURABILITIES
from chatsession.store import StoreError
from chatsession.stores.sqlite import SqliteStore


async def server_of(folder: DataFolder) -> Address | None:
    """The server that runs on this data, if it answers."""
    address = folder.read_address()
    if address is not None:
        with suppress(CommandError):
            async with Remote(address.base_url, address.admin) as remote:
                await remote.get("/healthz")
                return address
    return None


async def data(folder: DataFolder, address: Address | None, *, deep: bool) -> AsyncIterator[Finding]:
    """Everything about the file."""
    if not folder.database.exists():
        yield ok("data", f"none in {folder.path} yet; `serve` begins it")
        return
    yield lock(folder.database, address)
    store = SqliteStore(folder.database, read_only=True)
    try:
        await store.open()
        health = await store.health()
        await store.close()
    except StoreError as error:
        yield problem("data", str(error), "see above; `chatsession restore` puts a backup in its place")
        return
    level = health["durability"]
    yield ok("durability", f"{level}: {DURABILITIES[level]}")
    yield ok("data", f"{folder.database}: schema {health['schema']}, {_size(int(health['bytes']))}")
    if deep:
        yield _soundness(folder.database)


def _size(size: int) -> str:
    return f"{size / 1024**2:.1f} MiB" if size >= 1024**2 else f"{size // 1024} KiB"


def lock(database: Path, address: Address | None) -> Finding:
    """Whether somebody writes the file, and whether it is who we think."""
    if address is not None:
        return ok("lock", f"process {address.pid} serves it at {address.base_url}")
    try:
        with sqlite.WriterLock(database):
            return ok("lock", "free")
    except sqlite.FileLockedError as error:
        return warning("lock", str(error), "a server that does not answer has it: look at its log, or stop it")
    except (sqlite.UnfitSqliteError, OSError) as error:
        return problem("lock", str(error), "keep the data on a disk of this machine, in a folder that can be written")


def _soundness(database: Path) -> Finding:
    found = sqlite.check(database)
    if found is None:
        return ok("soundness", "every page of the file is as it should be")
    return problem("soundness", found, "stop the server, and restore a backup")
