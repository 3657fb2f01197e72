"""The contract of a place for files: what visitors and the service sent, kept apart from the lists of events.

A file belongs to one session and goes with it. What is kept was checked before; a place for files checks nothing.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import msgspec


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a session: what it is called, what it is, how large, who sent it and when."""

    id: str
    session: str
    name: str
    type: str
    bytes: int
    by: str
    at: datetime


class FilesError(Exception):
    """The place cannot be written or read; nothing was kept."""


class TooManyFilesError(Exception):
    """The session has as many files as it may have."""


class Incoming(Protocol):
    """A file on its way in; what is not kept leaves nothing."""

    async def write(self, chunk: bytes) -> None:
        """Take the next piece."""
        ...

    async def content(self) -> bytes:
        """Everything that has come in."""
        ...

    async def keep(self, file: StoredFile, content: bytes, *, files_max: int) -> None:
        """Keep the content durably under the file's id; raise TooManyFilesError, or FilesError."""
        ...


class Files(Protocol):
    """Keeps files of sessions."""

    async def open(self) -> None:
        """Get ready; what was on its way in when the process ended is gone."""
        ...

    def incoming(self) -> AbstractAsyncContextManager[Incoming]:
        """Room for a file that begins to arrive."""
        ...

    async def find(self, file: str) -> StoredFile | None:
        """The file with this id."""
        ...

    async def read(self, file: StoredFile) -> bytes:
        """The content; raise FilesError if it is gone."""
        ...

    async def remove(self, file: StoredFile) -> None:
        """Remove one file; where it is gone already, all is well."""
        ...

    def sessions(self) -> AsyncIterator[str]:
        """The sessions that have files."""
        ...

    async def erase(self, session: str) -> int:
        """Remove all files of a session; how many there were."""
        ...
