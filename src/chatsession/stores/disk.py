"""Files in a folder: one folder for each session, and in it each file with a slip of paper that says what it is."""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from chatsession.files import FilesError, StoredFile, TooManyFilesError

INCOMING = ".incoming"
SLIP = ".json"
NAME_CHARS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
NAME_CHARS_MAX = 128
Result = TypeVar("Result")


class DiskFiles:
    """Keeps files under one folder that is readable by its owner alone. A file is there once its slip is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / INCOMING
        self._keeping = asyncio.Lock()

    async def open(self) -> None:
        """Make the folder, and throw away what had not arrived completely."""
        await _in_thread(self._prepare)

    @asynccontextmanager
    async def incoming(self) -> AsyncGenerator["DiskIncoming"]:
        """Room for a file that begins to arrive."""
        path = self._incoming / secrets.token_hex(16)
        incoming = DiskIncoming(self, path, await _in_thread(lambda: _created(path)))
        try:
            yield incoming
        finally:
            await _to_the_end(incoming.discard)

    async def find(self, file: str) -> StoredFile | None:
        """The file with this id: its session is in the id, so nothing has to be searched."""
        session = session_of(file)
        return None if session is None else await _in_thread(lambda: self._slip(session, file))

    async def read(self, file: StoredFile) -> bytes:
        """The content; raise FilesError if it is gone."""
        return await _in_thread((self._folder / file.session / file.id).read_bytes)

    async def remove(self, file: StoredFile) -> None:
        """Remove one file: its slip first, so that nobody finds half of it."""
        async with self._keeping:
            await _to_the_end(lambda: self._remove(file))

    async def sessions(self) -> AsyncIterator[str]:
        """The sessions that have files."""
        for path in await _in_thread(lambda: list(self._folder.iterdir())):
            if _is_name(path.name):
                yield path.name

    async def erase(self, session: str) -> int:
        """Remove all files of a session; how many there were."""
        async with self._keeping:
            return await _to_the_end(lambda: self._erase(session))

    async def keep(self, path: Path, file: StoredFile, files_max: int) -> None:
        """Give an arrived file its place; one after the other, so that their number holds."""
        async with self._keeping:
            await _to_the_end(lambda: self._keep(path, file, files_max))

    def _prepare(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(self._incoming, ignore_errors=True)
        self._incoming.mkdir(mode=0o700)

    def _slip(self, session: str, file: str) -> StoredFile | None:
        try:
            return msgspec.json.decode((self._folder / session / (file + SLIP)).read_bytes(), type=StoredFile)
        except FileNotFoundError:
            return None

    def _keep(self, path: Path, file: StoredFile, files_max: int) -> None:
        folder = self._folder / file.session
        folder.mkdir(mode=0o700, exist_ok=True)
        if _count(folder) >= files_max:
            raise TooManyFilesError
        slip = path.with_suffix(SLIP)
        _write(slip, msgspec.json.encode(file))
        path.replace(folder / file.id)
        slip.replace(folder / (file.id + SLIP))
        for place in (folder, self._folder):
            _reach_the_disk(place)

    def _remove(self, file: StoredFile) -> None:
        folder = self._folder / file.session
        (folder / (file.id + SLIP)).unlink(missing_ok=True)
        (folder / file.id).unlink(missing_ok=True)
        _reach_the_disk(folder)

    def _erase(self, session: str) -> int:
        folder = self._folder / session
        if not _is_name(session) or not folder.is_dir():
            return 0
        count = _count(folder)
        shutil.rmtree(folder)
        _reach_the_disk(self._folder)
        return count


class DiskIncoming:
    """A file that arrives."""

    def __init__(self, files: DiskFiles, path: Path, descriptor: int) -> None:
        self._files = files
        self._path = path
        self._descriptor: int | None = descriptor

    async def write(self, chunk: bytes) -> None:
        """Take the next piece."""
        await _in_thread(lambda: self._append(chunk))

    async def content(self) -> bytes:
        """Everything that has come in."""
        return await _in_thread(self._path.read_bytes)

    async def keep(self, file: StoredFile, content: bytes, *, files_max: int) -> None:
        """Keep the content durably under the file's id."""
        await _in_thread(lambda: _write(self._path, content))
        await self._files.keep(self._path, file, files_max)

    def discard(self) -> None:
        """Leave nothing on the way."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        for left in (self._path, self._path.with_suffix(SLIP)):
            left.unlink(missing_ok=True)

    def _append(self, chunk: bytes) -> None:
        if self._descriptor is not None:
            view = memoryview(chunk)
            while view:
                view = view[os.write(self._descriptor, view) :]


def session_of(file: str) -> str | None:
    """The session a file's id names: `fil_<session>_<random>`."""
    kind, _, rest = file.partition("_")
    session, _, own = rest.rpartition("_")
    return f"ses_{session}" if kind == "fil" and session and own and _is_name(file) else None


def _is_name(name: str) -> bool:
    """Whether it can only be a name within a folder: no dots, no slashes, and not too long."""
    return 0 < len(name) <= NAME_CHARS_MAX and NAME_CHARS.issuperset(name)


def _count(folder: Path) -> int:
    return sum(path.suffix == SLIP for path in folder.iterdir())


def _created(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def _write(path: Path, content: bytes) -> None:
    """Write all of it, and wait until it has reached the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as into:
        into.write(content)
        into.flush()
        os.fsync(into.fileno())


def _reach_the_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # Some file systems cannot sync a folder.
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


async def _in_thread(work: Callable[[], Result]) -> Result:
    """Do slow work beside everything else; the disk's trouble is told in our words."""
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise FilesError(f"the files cannot be read or written: {error.strerror}") from error


async def _to_the_end(work: Callable[[], Result]) -> Result:
    """The same, waited for even if this task is cancelled: a thread cannot be stopped half-way."""
    task = asyncio.ensure_future(_in_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
