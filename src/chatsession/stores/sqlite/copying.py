"""Backup while serving, and restoring when nobody serves."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from chatsession import sqlite
from chatsession.store import StoreError
from chatsession.stores.sqlite.migrating import APPLICATION_ID, migrations, schema_version

PAGES_EACH = 512


class CopyError(StoreError):
    """The copy could not be made or put in place; what was there is unharmed."""


async def backup(path: Path, target: Path) -> AsyncIterator[tuple[int, int]]:
    """Copy a consistent state to a new file; yields (pages done, pages in all)."""
    if target.exists():
        raise CopyError(f"{target} exists already; name a new file")
    loop = asyncio.get_running_loop()
    steps: asyncio.Queue[tuple[int, int] | None] = asyncio.Queue()
    partial = target.with_name(target.name + ".part")

    def copy() -> None:
        source = sqlite.open_database(path, read_only=True)
        try:
            sqlite.copy(source, partial, PAGES_EACH, lambda done, pages: _tell(loop, steps, (done, pages)))
        finally:
            source.close()
            _tell(loop, steps, None)

    work = asyncio.create_task(asyncio.to_thread(copy))
    while (step := await steps.get()) is not None:
        yield step
    try:
        await work
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def restore(source: Path, path: Path) -> None:
    """Put a backup in place of the data; raise CopyError if it is not sound, LockedError's cause if somebody serves."""
    problem = sqlite.check(source) if source.exists() else "there is no such file"
    if problem is not None:
        raise CopyError(f"{source} is not a sound backup: {problem}")
    database = sqlite.open_database(source, read_only=True)
    ours = database.execute("pragma application_id").fetchall()[0][0] == APPLICATION_ID
    found = schema_version(database)
    database.close()
    if not ours:
        raise CopyError(f"{source} is not a chatsession backup")
    if found > len(migrations()):
        raise CopyError(f"{source} comes from a newer chatsession (schema {found})")
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite.WriterLock(path):
        partial = path.with_name(path.name + ".part")
        shutil.copyfile(source, partial)
        for leftover in ("-wal", "-shm"):
            path.with_name(path.name + leftover).unlink(missing_ok=True)
        os.replace(partial, path)


def _tell(
    loop: asyncio.AbstractEventLoop, steps: "asyncio.Queue[tuple[int, int] | None]", step: tuple[int, int] | None
) -> None:
    loop.call_soon_threadsafe(steps.put_nowait, step)
