"""The store itself: who reads, who writes, and what is durable when."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, closing
from datetime import datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

import msgspec

from chatsession import sqlite
from chatsession.core.session import Receipt, UsageToday
from chatsession.store import (
    Append,
    Durability,
    ErasureReceipt,
    FeedPage,
    Loaded,
    Page,
    Row,
    SessionQuery,
    StoreUnavailableError,
)
from chatsession.stores.sqlite import copying, erasing, searching
from chatsession.stores.sqlite.appending import Appender
from chatsession.stores.sqlite.asking import Ask, Questions
from chatsession.stores.sqlite.chores import Chores
from chatsession.stores.sqlite.keeping import SqliteCredentials
from chatsession.stores.sqlite.migrating import SCHEMA
from chatsession.stores.sqlite.opening import check_readable, open_to_write
from chatsession.stores.sqlite.reading import Reader
from chatsession.stores.sqlite.writer import Writer
from chatsession.tracing import Trace

FRAMES_AT_ONCE_MAX, TRACES_AT_ONCE_MAX, ROWS_AT_ONCE_MAX = 5_000, 50, 100
"""What is read at once, in a few milliseconds; what may be more is read aside."""

Result = TypeVar("Result")


class SqliteStore(SqliteCredentials):
    """One file. Writing takes the file's lock; `read_only` reads beside whoever has it."""

    durability: Durability = "D2"

    def __init__(self, path: Path | str, *, read_only: bool = False, schema: Traversable = SCHEMA) -> None:
        self.path = Path(path)
        self.read_only = read_only
        self.migrated: tuple[int, int] | None = None
        """The schema's version before and after opening."""
        self._schema = schema
        self._lock = sqlite.WriterLock(self.path)
        self._appender = Appender()
        self._chores = Chores(searching.follow)
        self._writer = Writer(settle=self._appender.settle, rolled_back=self._appender.forget, chores=self._chores)
        self._questions: Questions | None = None

    async def open(self) -> None:
        """Take the lock, migrate forward, start the writer; read-only does none of that."""
        if self._questions is not None:
            raise StoreUnavailableError(f"{self.path} is open already")
        if self.read_only:
            check_readable(self.path, self._schema)
            self._questions = Questions(self.path)
            return
        log, self.migrated = open_to_write(self.path, self._lock, self._schema)
        self._appender.forget()
        self._writer.start(log)
        try:
            self._questions = Questions(self.path)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Finish what is queued, then let go of the file."""
        questions, self._questions = self._questions, None
        if questions is not None:
            questions.close()
        await self._writer.stop()
        self._lock.release()

    @property
    def writer(self) -> Writer:
        """The writer, unless the store is read-only."""
        if self.read_only:
            raise StoreUnavailableError("the store was opened for reading only")
        return self._writer

    @property
    def ask(self) -> Ask:
        """The reading connection of an open store."""
        if self._questions is None:
            raise StoreUnavailableError("the store is closed")
        return self._questions

    @property
    def reader(self) -> Reader:
        """What is read by that connection."""
        return Reader(self.ask)

    def append(self, *appends: Append) -> "asyncio.Future[None]":
        """Write all in one transaction, or raise; see the contract."""
        return self.writer.submit(lambda database, sure: self._appender.append(database, appends, sure=sure))

    async def load(self, session: str) -> Loaded | None:
        """The newest snapshot and the frames after it."""
        loaded = self.reader.load(session, FRAMES_AT_ONCE_MAX)
        if loaded is None or len(loaded.tail) < FRAMES_AT_ONCE_MAX:
            return loaded
        return await self._aside(lambda reader: reader.load(session))

    async def frames(self, session: str, after: int, limit: int) -> list[bytes]:
        """Frames after a seq."""
        found = self.reader.frames(session, after, min(limit, FRAMES_AT_ONCE_MAX))
        if len(found) < FRAMES_AT_ONCE_MAX or limit == FRAMES_AT_ONCE_MAX:
            return found
        return await self._aside(lambda reader: reader.frames(session, after, limit))

    async def frames_before(self, session: str, before: int, limit: int) -> list[bytes]:
        """The last frames before a seq."""
        return self.reader.frames_before(session, before, limit)

    async def receipt(self, session: str, author: str, client_id: str) -> Receipt | None:
        """The first answer to a client id."""
        return self.reader.receipt(session, author, client_id)

    async def put_trace(self, trace: Trace) -> None:
        """Keep the trace of an attempt without an accepted answer; one of an erased session is dropped."""
        values = (trace.turn, trace.attempt, msgspec.json.encode(trace), trace.session)
        sql = "insert or replace into traces select sno, ?, ?, ? from sessions where id = ?"
        await self.writer.run(lambda database: database.execute(sql, values))

    async def traces(self, session: str) -> list[Trace]:
        """The traces of a session."""
        found = self.reader.traces(session, TRACES_AT_ONCE_MAX)
        if len(found) < TRACES_AT_ONCE_MAX:
            return found
        return await self._aside(lambda reader: reader.traces(session))

    async def redact(self, session: str, seq: int) -> bool:
        """Replace an event by its tombstone, in the pages too."""

        def work(database: sqlite.Database) -> bool:
            self._appender.settle(database)
            return erasing.redact(database, session, seq)

        return await self.writer.run(work, scrubs=True)

    async def row(self, session: str) -> Row | None:
        """One session."""
        return self.reader.row(session)

    async def sessions_of(self, inbox: str, visitor: str, limit: int) -> list[Row]:
        """The visitor's sessions, newest first."""
        if limit <= ROWS_AT_ONCE_MAX:
            return self.reader.sessions_of(inbox, visitor, limit)
        return await self._aside(lambda reader: reader.sessions_of(inbox, visitor, limit))

    async def find(self, query: SessionQuery) -> Page:
        """Sessions newest first; a search may take a while."""
        return await self._aside(lambda reader: reader.find(query))

    async def _aside(self, read: Callable[[Reader], Result]) -> Result:
        """Read what takes long by a connection and in a thread of its own, while everybody else goes on."""
        if self._questions is None:
            raise StoreUnavailableError("the store is closed")

        def reading() -> Result:
            with closing(Questions(self.path)) as ask:
                return read(Reader(ask))

        return await asyncio.to_thread(reading)

    async def due(self, until: datetime, limit: int) -> list[tuple[str, datetime]]:
        """Sessions to look at."""
        return self.reader.due(until, limit)

    async def refile(self, session: str, wake_at: datetime | None, *, seen: int | None = None) -> None:
        """Move a wake-up to where the clocks really are."""
        await self.writer.run(lambda database: self._appender.refile(database, session, wake_at, seen))

    async def feed(self, cursor: str | None, limit: int) -> FeedPage:
        """Committed events in order."""
        return self.reader.feed(cursor, limit)

    async def session_of_thread(self, thread: str) -> list[str]:
        """The sessions a thread occurs in."""
        return self.reader.session_of_thread(thread)

    async def usage_today(self, inbox: str, visitor: str | None, day: str) -> UsageToday:
        """What was used on a day."""
        return self.reader.usage_today(inbox, visitor, day)

    async def last_instant(self) -> datetime | None:
        """The latest instant known."""
        return self.reader.last_instant()

    async def erase(self, visitor: str, now: datetime) -> ErasureReceipt:
        """Remove everything of a visitor, in rows and pages."""

        def work(database: sqlite.Database) -> ErasureReceipt:
            self._appender.settle(database)
            receipt, sessions = erasing.erase_visitor(database, visitor, now)
            for session in sessions:
                self._appender.forget(session)
            return receipt

        return await self.writer.run(work, scrubs=True)

    async def erase_session(self, session: str, now: datetime) -> ErasureReceipt:
        """Remove everything of a session, in rows and pages."""

        def work(database: sqlite.Database) -> ErasureReceipt:
            self._appender.settle(database)
            self._appender.forget(session)
            return erasing.erase_session(database, session, now)

        return await self.writer.run(work, scrubs=True)

    async def backup(self, target: Path) -> AsyncIterator[tuple[int, int]]:
        """Copy a consistent state to a new file while serving."""
        async with aclosing(copying.backup(self.path, target)) as steps:
            async for step in steps:
                yield step

    async def health(self) -> dict[str, str]:
        """Facts about the store; raise StoreUnavailableError if it cannot write."""
        if not self.read_only:
            await self.writer.run(lambda database: database.execute(_BEAT))
        log = self.path.with_name(self.path.name + "-wal")
        return {
            "store": "sqlite",
            "durability": self.durability,
            "sqlite": sqlite.version(),
            "schema": str(self.ask("pragma user_version", ())[0][0]),
            "bytes": str(self.path.stat().st_size),
            "log_bytes": str(log.stat().st_size if log.exists() else 0),
            "trouble": self._chores.trouble or "none",
        }


# Only a write that changes something tells whether the disk takes it.
_BEAT = (
    "insert into settings values ('health', '1')"
    " on conflict do update set value = cast(cast(value as integer) + 1 as text)"
)
