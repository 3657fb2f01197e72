"""Opening the file: whose it is, whether we may write it, and how old it is, in plain words if it cannot be."""

import errno
import os
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from importlib.resources.abc import Traversable
from pathlib import Path

from chatsession import sqlite
from chatsession.store import LockedError, StoreError, StoreUnavailableError
from chatsession.stores.sqlite.migrating import checked_version, migrate, newest_version


def open_to_write(path: Path, lock: sqlite.WriterLock, schema: Traversable) -> tuple[sqlite.Log, tuple[int, int]]:
    """Take the lock, migrate forward: the log to write, and the schema's version before and after."""
    with _plain_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.take()
        try:
            return _prepared(path, schema)
        except BaseException:
            lock.release()
            raise


def open_to_read(path: Path) -> sqlite.Database:
    """A connection that cannot write."""
    with _plain_words(path):
        return sqlite.open_database(path, read_only=True)


def check_readable(path: Path, schema: Traversable) -> None:
    """Raise unless the file is there, ours, and of the version this chatsession reads."""
    with _plain_words(path):
        if not path.exists():
            raise StoreUnavailableError("there is no such file")
        with closing(sqlite.open_database(path, read_only=True)) as database:
            found = checked_version(database, schema)
        if found < newest_version(schema):
            raise StoreUnavailableError(
                f"it has the older schema {found}; start the server once, or run `chatsession migrate`"
            )


def _prepared(path: Path, schema: Traversable) -> tuple[sqlite.Log, tuple[int, int]]:
    _make_private(path)
    is_left_over = _has_log(path)
    log = sqlite.open_log(path, first=lambda found: checked_version(found, schema))
    try:
        versions = migrate(log.database, schema)
        # A process that was killed between an erasure and the emptying of the log left that to us.
        if is_left_over:
            log.empty()
    except BaseException:
        log.close()
        raise
    return log, versions


def _has_log(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return path.with_name(path.name + "-wal").stat().st_size > 0
    return False


def _make_private(path: Path) -> None:
    """Make a file that is readable for nobody else from its first byte on; its log takes the same rights."""
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    # Not opened to find out: closing it would take the locks away from whoever reads it in this process.
    elif not os.access(path, os.R_OK | os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


@contextmanager
def _plain_words(path: Path) -> Generator[None]:
    """Turn whatever is in the way into the contract's errors."""
    try:
        yield
    except sqlite.FileLockedError as error:
        raise LockedError(str(error)) from error
    except StoreUnavailableError as error:
        raise StoreUnavailableError(f"{path} cannot be opened: {error}") from error
    except StoreError:
        raise
    except OSError as error:
        raise StoreUnavailableError(f"{path} cannot be opened: {error.strerror} ({error.filename})") from error
    except (sqlite.Error, sqlite.UnfitSqliteError) as error:
        raise StoreUnavailableError(f"{path} cannot be opened: {error}") from error
