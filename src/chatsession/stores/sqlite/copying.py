"""Backup while serving, and restoring when nobody serves."""

import asyncio
import os
import shutil
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import closing, suppress
from pathlib import Path

from chatsession import sqlite
from chatsession.store import LockedError, NewerVersionError, StoreError, StoreUnavailableError
from chatsession.stores.sqlite.migrating import checked_version

PAGES_EACH = 512


class CopyError(StoreError):
    """The copy could not be made or put in place; what was there is unharmed."""


class _AbandonedError(Exception):
    """Nobody waits for the copy any more."""


async def backup(path: Path, target: Path) -> AsyncGenerator[tuple[int, int]]:
    """Copy a consistent state to a new file; yields (pages done, pages in all)."""
    loop = asyncio.get_running_loop()
    steps: asyncio.Queue[tuple[int, int] | None] = asyncio.Queue()
    abandoned = threading.Event()

    def report(done: int, pages: int) -> None:
        if abandoned.is_set():
            raise _AbandonedError
        loop.call_soon_threadsafe(steps.put_nowait, (done, pages))

    def work() -> None:
        try:
            _copy(path, target, report)
        finally:
            loop.call_soon_threadsafe(steps.put_nowait, None)

    working = asyncio.create_task(asyncio.to_thread(work))
    try:
        while (step := await steps.get()) is not None:
            yield step
        await working
    finally:
        abandoned.set()
        await asyncio.gather(working, return_exceptions=True)


def restore(source: Path, path: Path) -> None:
    """Put a backup in place of the data.

    Raise CopyError if it is not sound or not ours, NewerVersionError, or LockedError while somebody serves.
    """
    _check(source)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with sqlite.WriterLock(path):
            _put_in_place(source, path)
    except sqlite.FileLockedError as error:
        raise LockedError(str(error)) from error
    except OSError as error:
        raise CopyError(f"{path} could not be written: {error}") from error


def _copy(path: Path, target: Path, report: Callable[[int, int], None]) -> None:
    if target.exists():
        raise CopyError(f"{target} exists already; name a new file")
    partial = target.with_name(target.name + ".part")
    try:
        _write_privately(partial)
        sqlite.copy(path, partial, PAGES_EACH, report)
        _reach_the_disk(partial)
        partial.replace(target)
        _reach_the_disk(target.parent)
    except (sqlite.Error, OSError) as error:
        raise CopyError(f"{target} could not be written: {error}") from error
    finally:
        for leftover in (partial, partial.with_name(partial.name + "-journal")):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def _check(source: Path) -> None:
    if not source.is_file():
        raise CopyError(f"there is no file {source}")
    problem = sqlite.check(source)
    if problem is not None:
        raise CopyError(f"{source} is not a sound backup: {problem}")
    with closing(sqlite.open_database(source, read_only=True)) as database:
        try:
            empty = checked_version(database) == 0
        except NewerVersionError as error:
            raise NewerVersionError(f"{source}: {error}") from error
        except StoreUnavailableError as error:
            raise CopyError(f"{source} is not a chatsession backup: {error}") from error
    if empty:
        raise CopyError(f"{source} is not a chatsession backup: it is empty")


def _put_in_place(source: Path, path: Path) -> None:
    partial = path.with_name(path.name + ".part")
    try:
        _write_privately(partial)
        shutil.copyfile(source, partial)
        _reach_the_disk(partial)
        _empty_log(path)
        partial.replace(path)
        _reach_the_disk(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def _empty_log(path: Path) -> None:
    """A log left behind by a killed process belongs to the old file; it must not be read into the new one."""
    if path.exists() and sqlite.check(path) is None:
        with closing(sqlite.open_database(path)) as database:
            sqlite.scrub(database)
    for leftover in ("-wal", "-shm"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)


def _write_privately(path: Path) -> None:
    """Begin a file that nobody else can read."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _reach_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
