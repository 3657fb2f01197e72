"""The write-ahead log of a file: how it gets back into the file, and is emptied."""

from collections.abc import Callable

import apsw

from chatsession.sqlite.connection import Database

BUSY_MS = 5_000
SCRUB_BUSY_MS = 50
PAGES_MAX = 4_000
"""What the log may hold before it is written back: 16 MiB."""


class Log:
    """One connection appends to it. Another one, opened when it is first needed, writes it back with clean pages."""

    def __init__(self, writing: Database, open_keeper: Callable[[], Database]) -> None:
        self.database = writing
        self._open_keeper = open_keeper
        self._opened: Database | None = None
        self._pages = 0
        writing.set_wal_hook(self._grown)

    @property
    def is_long(self) -> bool:
        """Whether it is time to write it back."""
        return self._pages >= PAGES_MAX

    def write_back(self) -> None:
        """Write it into the file, as far as no reader needs what is there."""
        self._keeper().execute("pragma wal_checkpoint(passive)").fetchall()

    def empty(self) -> bool:
        """Write it back and empty it, so that nothing deleted remains in it; False if a reader is in the way."""
        is_empty = scrub(self._keeper())
        self.database.execute("pragma shrink_memory").fetchall()
        return is_empty

    def close(self) -> None:
        """Close both connections; the last to leave takes the log away, so that is the one with clean pages."""
        self.database.close()
        if self._opened is not None:
            self._opened.close()

    def _keeper(self) -> Database:
        if self._opened is None:
            self._opened = self._open_keeper()
        return self._opened

    def _grown(self, _database: object, _name: str, pages: int) -> int:
        self._pages = pages
        return apsw.SQLITE_OK


def scrub(database: Database) -> bool:
    """Write the log back and empty it by the only connection that writes; False if a reader is in the way."""
    database.set_busy_timeout(SCRUB_BUSY_MS)
    try:
        blocked = database.execute("pragma wal_checkpoint(truncate)").fetchall()[0][0]
        # Pages in memory are as they were before they were cleaned on their way to the file.
        database.execute("pragma shrink_memory").fetchall()
    finally:
        database.set_busy_timeout(BUSY_MS)
    return not blocked
