"""The one place that opens SQLite: which version, how durable, who may write."""

import fcntl
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import apsw

VERSION_MIN = 3_051_003
"""Older versions can corrupt a write-ahead log that two connections reset at once (fixed in 3.51.3)."""
BUSY_MS = 5_000
CHECKPOINT_PAGES = 4_000
NETWORK_FILESYSTEMS = frozenset(("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "afs"))

Database = apsw.Connection
Error = apsw.Error


class UnfitSqliteError(Exception):
    """This SQLite or this file system must not hold the data; the message says why."""


class FileLockedError(Exception):
    """Another process writes this file."""


def version() -> str:
    """The version of SQLite that runs here."""
    return apsw.sqlite_lib_version()


def open_database(path: Path | str, *, read_only: bool = False) -> Database:
    """Open a database file: write-ahead log, durable at every commit, deleted content overwritten."""
    if apsw.SQLITE_VERSION_NUMBER < VERSION_MIN:
        raise UnfitSqliteError(f"SQLite {version()} can corrupt its log; 3.51.3 or newer is needed")
    flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    database = apsw.Connection(str(path), flags=flags)
    database.set_busy_timeout(BUSY_MS)
    pragmas = ["query_only=1"] if read_only else ["journal_mode=wal", "synchronous=full", "secure_delete=on"]
    checkpoint = 0 if read_only else CHECKPOINT_PAGES
    for pragma in (*pragmas, f"wal_autocheckpoint={checkpoint}", "temp_store=memory", "foreign_keys=off"):
        database.execute(f"pragma {pragma}")
    return database


def in_memory() -> Database:
    """A database that lives and dies with its connection."""
    return apsw.Connection(":memory:")


def scrub(database: Database) -> None:
    """Write the log back and empty it, so that nothing deleted remains in it."""
    database.execute("pragma wal_checkpoint(truncate)").fetchall()


def copy(source: Database, target: Path, pages_each: int, report: Callable[[int, int], None]) -> None:
    """Copy one consistent state to a new file, a few pages at a time, while others write."""
    into = apsw.Connection(str(target))
    source.execute("begin")
    # The read transaction pins the state: without it each foreign write would start the copy again.
    source.execute("select count(*) from sqlite_master").fetchall()
    try:
        with into.backup("main", source, "main") as backup:
            while not backup.done:
                backup.step(pages_each)
                report(backup.page_count - backup.remaining, backup.page_count)
    finally:
        source.execute("commit")
        into.close()


def check(path: Path) -> str | None:
    """Why the file is not a sound database, or None if it is one."""
    try:
        database = open_database(path, read_only=True)
        found: Iterable[tuple[Any, ...]] = database.execute("pragma quick_check").fetchall()
        database.close()
    except apsw.Error as error:
        return str(error)
    problems = [str(row[0]) for row in found if row[0] != "ok"]
    return problems[0] if problems else None


class WriterLock:
    """The lock of whoever writes a file; the system releases it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(path.name + ".lock")
        self._file: int | None = None

    def take(self) -> None:
        """Take the lock, or raise FileLockedError naming the process that has it."""
        _refuse_network_filesystem(self.path.parent)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 64).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            name = self.path.name.removesuffix(".lock")
            raise FileLockedError(
                f"{name} is in use: process {holder} writes it. Stop it, or use another file."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self._file = descriptor

    def release(self) -> None:
        """Let others write."""
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None

    def __enter__(self) -> "WriterLock":
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _refuse_network_filesystem(folder: Path) -> None:
    """Refuse where file locks and shared memory cannot be trusted; systems without /proc are not checked."""
    try:
        mounts = Path("/proc/mounts").read_text().splitlines()
    except OSError:
        return
    place = str(folder.resolve())
    best, kind = "", ""
    for line in mounts:
        _, at, filesystem, *_ = line.split(" ")
        inside = place == at or place.startswith(at.rstrip("/") + "/")
        if inside and len(at) >= len(best):
            best, kind = at, filesystem
    if kind in NETWORK_FILESYSTEMS:
        raise UnfitSqliteError(f"{place} is on a network file system ({kind}), where SQLite's locks do not hold")
