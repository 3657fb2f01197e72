"""What we rely on of a connection to SQLite; the library's own types are partly unknown."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Protocol


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

    def set_wal_hook(self, hook: Callable[["Database", str, int], int] | None, /) -> None:
        """Have the hook told after every commit how many pages the log has."""
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
