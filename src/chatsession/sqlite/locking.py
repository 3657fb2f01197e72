"""One writer for each file: the lock, and the file systems on which no lock can be trusted."""

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

PID_CHARS = 20
"""The process id takes this width: a shorter one overwrites a longer one."""
MOUNTS = Path("/proc/mounts")
NETWORK_FILESYSTEMS = frozenset(("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "afs"))


class UnfitSqliteError(Exception):
    """This SQLite or this file system must not hold the data; the message says why."""


class FileLockedError(Exception):
    """Another process writes this file."""


def filesystem_of(folder: Path) -> str | None:
    """What kind a folder's file system is, as the system's table has it; None on a device of this machine."""
    # The table is asked last: this takes a tenth of the time, and is nearly always the answer.
    return None if os.major(folder.stat().st_dev) else mounted_as(folder, MOUNTS)


def mounted_as(folder: Path, mounts: Path) -> str | None:
    """The kind of file system that a table of mounts has for a folder; systems without such a table have no answer."""
    try:
        table = mounts.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return _innermost(str(folder.resolve()), table)


class WriterLock:
    """The lock of whoever writes a file; the system releases it when the process ends, however it ends."""

    def __init__(self, path: Path, *, filesystem_of: Callable[[Path], str | None] = filesystem_of) -> None:
        self.path = path.with_name(path.name + ".lock")
        self._filesystem_of = filesystem_of
        self._file: int | None = None

    def take(self) -> None:
        """Take the lock, or raise FileLockedError naming the process that has it."""
        self._refuse_network_filesystem()
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, PID_CHARS).decode(errors="replace").strip() or "unknown"
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
            os.pwrite(descriptor, str(os.getpid()).ljust(PID_CHARS).encode(), 0)

    def release(self) -> None:
        """Let others write."""
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None

    def _refuse_network_filesystem(self) -> None:
        """Refuse where file locks and shared memory cannot be trusted."""
        folder = self.path.parent
        kind = self._filesystem_of(folder)
        if kind in NETWORK_FILESYSTEMS:
            raise UnfitSqliteError(f"{folder} is on a network file system ({kind}), where SQLite's locks do not hold")

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _innermost(place: str, table: str) -> str:
    """The innermost mount counts, and of several at one place the last."""
    best, kind = "", ""
    for line in table.splitlines():
        _, at, filesystem, *_ = line.split(" ")
        at = at.replace("\\040", " ")
        inside = place == at or place.startswith(at.rstrip("/") + "/")
        if inside and len(at) >= len(best):
            best, kind = at, filesystem
    return kind
