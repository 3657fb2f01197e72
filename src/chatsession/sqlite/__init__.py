"""The one place that opens SQLite: which version, how durable, who may write."""

from collections.abc import Callable, Generator, Iterable
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

import apsw

from chatsession.sqlite import pages
from chatsession.sqlite.connection import Cursor, Database
from chatsession.sqlite.locking import FileLockedError, UnfitSqliteError, WriterLock
from chatsession.sqlite.log import BUSY_MS, Log, scrub

__all__ = [
    "DISK_TROUBLE",
    "Cursor",
    "Database",
    "Error",
    "FileLockedError",
    "Log",
    "UnfitSqliteError",
    "WriterLock",
    "check",
    "copy",
    "in_memory",
    "open_database",
    "open_log",
    "scrub",
    "transaction",
    "version",
]

VERSION_MIN = 3_051_003
"""Older versions can corrupt a write-ahead log that two connections reset at once (fixed in 3.51.3)."""
CACHE_KIB = 32 * 1024
LOG_BYTES_MAX = 64 * 1024 * 1024
"""What the log file shrinks to once a reader that held it up is gone."""

Error = apsw.Error
_WRITE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
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


def version() -> str:
    """The version of SQLite that runs here."""
    return apsw.sqlite_lib_version()


def open_database(path: Path | str, *, read_only: bool = False) -> Database:
    """Open a database file: write-ahead log, durable at every commit, deleted content overwritten."""
    _check_version()
    database = _connect(path, apsw.SQLITE_OPEN_READONLY if read_only else _WRITE)
    return _set_up(database, _READING if read_only else _WRITING)


# Nobody writes the log back in passing, or maps the file into memory: both could meet the writer half-way.
_READING = ("query_only=1", "wal_autocheckpoint=0", "temp_store=memory")
_WRITING = (
    "journal_mode=wal",
    "synchronous=full",
    "secure_delete=on",
    "wal_autocheckpoint=0",
    f"journal_size_limit={LOG_BYTES_MAX}",
    f"max_page_count={pages.PAGES_MAX}",
    f"cache_size=-{CACHE_KIB}",
    "temp_store=memory",
    "foreign_keys=off",
)


def open_log(path: Path | str, first: Callable[[Database], object]) -> Log:
    """The log of a file, with a connection that appends to it and never touches the file itself.

    Its files are the system's own: those that keep pages clean need the interpreter for every page of the log too.
    `first` comes before anything of the file is changed, and may refuse it by raising.
    """
    _check_version()
    connection = apsw.Connection(str(path), flags=_WRITE)
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    return Log(_set_up(cast("Database", connection), _WRITING, first), lambda: open_database(path))


def _set_up(database: Database, pragmas: Iterable[str], first: Callable[[Database], object] | None = None) -> Database:
    try:
        database.set_busy_timeout(BUSY_MS)
        if first is not None:
            first(database)
        database.execute(";".join(f"pragma {pragma}" for pragma in pragmas)).fetchall()
    except BaseException:
        database.close()
        raise
    return database


def _check_version() -> None:
    if apsw.SQLITE_VERSION_NUMBER < VERSION_MIN:
        raise UnfitSqliteError(f"SQLite {version()} can corrupt its log; 3.51.3 or newer is needed")


def in_memory() -> Database:
    """A database that lives and dies with its connection."""
    return _connect(":memory:")


def _connect(path: Path | str, flags: int = _WRITE) -> Database:
    vfs = pages.CLEAN if flags == _WRITE else None
    return cast("Database", apsw.Connection(str(path), flags=flags, vfs=vfs))


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
