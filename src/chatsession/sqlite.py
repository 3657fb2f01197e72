"""The one place that opens SQLite: which version, how durable, who may write."""

import fcntl
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, cast

import apsw

VERSION_MIN = 3_051_003
"""Older versions can corrupt a write-ahead log that two connections reset at once (fixed in 3.51.3)."""
BUSY_MS = 5_000
SCRUB_BUSY_MS = 50
CHECKPOINT_PAGES = 4_000
LOG_BYTES_MAX = 64 * 1024 * 1024
"""What the log file shrinks to once a reader that held it up is gone."""
NETWORK_FILESYSTEMS = frozenset(("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "afs"))

Error = apsw.Error
DISK_TROUBLE: tuple[type[Exception], ...] = (
    apsw.FullError,
    apsw.IOError,
    apsw.ReadOnlyError,
    apsw.CantOpenError,
    apsw.CorruptError,
    apsw.NotADBError,
    apsw.BusyError,
    apsw.PermissionsError,
    apsw.NoMemError,
)
"""Errors of the file or the machine, whatever the statement was."""


class Cursor(Protocol):
    """The rows of a statement."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All of them."""
        ...

    def __iter__(self) -> Iterator[tuple[Any, ...]]: ...


class Database(Protocol):
    """A connection, as far as we use one; `with database:` is a transaction."""

    def execute(self, sql: str, values: Sequence[Any] | None = None, /) -> Cursor:
        """Run one statement."""
        ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Cursor:
        """Run one statement for every row."""
        ...

    def last_insert_rowid(self) -> int:
        """The key of the row inserted last."""
        ...

    def changes(self) -> int:
        """How many rows the last statement changed."""
        ...

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        ...

    def set_busy_timeout(self, milliseconds: int, /) -> None:
        """How long a lock is waited for."""
        ...

    def backup(self, name: str, source: Any, source_name: str, /) -> Any:
        """Copy pages of another connection's database into this one, step by step."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...

    def __enter__(self) -> Any: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> bool | None: ...


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
    database = _connect(path, flags)
    try:
        database.set_busy_timeout(BUSY_MS)
        for pragma in _READING if read_only else _WRITING:
            database.execute(f"pragma {pragma}").fetchall()
    except BaseException:
        database.close()
        raise
    return database


# Only the writer checkpoints, and nobody maps the file into memory: both could meet the writer half-way.
_READING = ("query_only=1", "wal_autocheckpoint=0", "temp_store=memory")
_WRITING = (
    "journal_mode=wal",
    "synchronous=full",
    "secure_delete=on",
    f"wal_autocheckpoint={CHECKPOINT_PAGES}",
    f"journal_size_limit={LOG_BYTES_MAX}",
    "temp_store=memory",
    "foreign_keys=off",
)


def in_memory() -> Database:
    """A database that lives and dies with its connection."""
    return _connect(":memory:")


def _connect(path: Path | str, flags: int = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE) -> Database:
    # Its own types are partly unknown; the protocol says what we rely on.
    return cast("Database", apsw.Connection(str(path), flags=flags))


@contextmanager
def transaction(database: Database) -> Generator[Database]:
    """All that is written within, or nothing; the lock is taken at once, so that it cannot fail half-way."""
    database.execute("begin immediate")
    try:
        yield database
        database.execute("commit")
    except BaseException:
        if database.in_transaction:
            database.execute("rollback")
        raise


def scrub(database: Database) -> bool:
    """Write the log back and empty it, so that nothing deleted remains in it; False if a reader is in the way."""
    database.set_busy_timeout(SCRUB_BUSY_MS)
    try:
        blocked = database.execute("pragma wal_checkpoint(truncate)").fetchall()[0][0]
    finally:
        database.set_busy_timeout(BUSY_MS)
    return not blocked


def copy(path: Path, target: Path, pages_each: int, report: Callable[[int, int], None]) -> None:
    """Copy one consistent state to a new file, a few pages at a time, while others write."""
    with closing(open_database(path, read_only=True)) as source, closing(_connect(target)) as into:
        # The read transaction pins the state: without it each foreign write would start the copy again.
        source.execute("begin")
        source.execute("select count(*) from sqlite_master").fetchall()
        with into.backup("main", source, "main") as backup:
            while not backup.done:
                backup.step(pages_each)
                report(backup.page_count - backup.remaining, backup.page_count)
        # One file that needs no log beside it, and opens where nothing can be written.
        into.execute("pragma journal_mode=delete").fetchall()


def check(path: Path) -> str | None:
    """Why the file is not a sound database, or None if it is one."""
    try:
        with closing(open_database(path, read_only=True)) as database:
            found = database.execute("pragma quick_check").fetchall()
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
        except BaseException:
            os.close(descriptor)
            raise
        self._file = descriptor
        # Who holds the lock is a courtesy: on a full disk the lock holds without it.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Let others write."""
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _refuse_network_filesystem(folder: Path) -> None:
    """Refuse where file locks and shared memory cannot be trusted; systems without /proc are not checked."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    place = str(folder.resolve())
    kind = filesystem_of(place, mounts)
    if kind in NETWORK_FILESYSTEMS:
        raise UnfitSqliteError(f"{place} is on a network file system ({kind}), where SQLite's locks do not hold")


def filesystem_of(place: str, mounts: str) -> str:
    """The kind of file system a folder is on, read off a table of mounts; the innermost mount counts, then the last."""
    best, kind = "", ""
    for line in mounts.splitlines():
        _, at, filesystem, *_ = line.split(" ")
        at = at.replace("\\040", " ")
        inside = place == at or place.startswith(at.rstrip("/") + "/")
        if inside and len(at) >= len(best):
            best, kind = at, filesystem
    return kind
