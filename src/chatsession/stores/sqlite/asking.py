"""Asking the file: rows for a statement, and trouble told in the contract's words."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from chatsession import sqlite
from chatsession.store import StoreUnavailableError
from chatsession.stores.sqlite.opening import open_to_read

Rows = list[tuple[Any, ...]]
Ask = Callable[[str, Sequence[Any]], Rows]
"""The rows of a statement with these values."""


class Questions:
    """One reading connection. It is never within a transaction between two calls, or the log could not be emptied."""

    def __init__(self, path: Path) -> None:
        self._database: sqlite.Database | None = open_to_read(path)

    def __call__(self, sql: str, values: Sequence[Any] = ()) -> Rows:
        """The rows of a statement."""
        if self._database is None:
            raise StoreUnavailableError("the store is closed")
        try:
            return self._database.execute(sql, values).fetchall()
        except sqlite.Error as error:
            raise StoreUnavailableError(f"the store could not read: {error}") from error

    def close(self) -> None:
        """Let go of the file."""
        database, self._database = self._database, None
        if database is not None:
            database.close()
