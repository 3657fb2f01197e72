"""A store in memory: for users' own tests and for rules under simulation. Nothing survives the process."""

import re
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from chatsession.core import events as e
from chatsession.core.session import FOLD_VERSION, Receipt, Session, UsageToday
from chatsession.store import (
    AlreadyOpenError,
    Append,
    ConflictError,
    DuplicateError,
    Durability,
    ErasureReceipt,
    FeedPage,
    Loaded,
    Page,
    Row,
    SessionQuery,
    StoreUnavailableError,
)
from chatsession.stores.memory_credentials import MemoryCredentials
from chatsession.stores.rows import cursor_of, position_of, row_of
from chatsession.stores.usage import usage_in
from chatsession.tracing import Trace


class MemoryStore(MemoryCredentials):
    """Keeps everything in dictionaries, with the same answers and refusals as a store on a disk."""

    durability: Durability = "none"

    def __init__(self) -> None:
        super().__init__()
        self._frames: dict[str, list[bytes]] = {}
        self._rows: dict[str, Row] = {}
        self._wake: dict[str, datetime] = {}
        self._snapshots: dict[str, tuple[int, Session]] = {}
        self._receipts: dict[tuple[str, str, str], Receipt] = {}
        self._traces: dict[str, dict[tuple[int, int], Trace]] = defaultdict(dict)
        self._open: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._feed: list[tuple[str, bytes]] = []
        self._usage: dict[tuple[str, str, str], UsageToday] = {}
        self._policies: dict[str, bytes] = {}
        self._inbox_policies: dict[str, str] = {}
        self._heartbeat: datetime | None = None
        self._settings: dict[str, str] = {}

    async def open(self) -> None:
        """Nothing to get ready."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def append(self, *appends: Append) -> None:
        """Write all or nothing."""
        for one in appends:
            self._check(one, appends)
        for one in appends:
            self._write(one)

    def _check(self, one: Append, together: tuple[Append, ...]) -> None:
        session = one.session
        if len(self._frames.get(session.id, ())) != one.expected_seq:
            raise ConflictError(session.id)
        for new in one.receipts:
            known = self._receipts.get((session.id, new.author, new.client_id))
            if known is not None:
                raise DuplicateError(session.id, new.author, new.client_id, known)
        if session.phase == "open" and one.exclusive:
            leaving = {other.session.id for other in together if other.session.phase != "open"}
            others = self._open[session.inbox, session.visitor] - {session.id} - leaving
            if others:
                raise AlreadyOpenError(min(others))

    def _write(self, one: Append) -> None:
        session = one.session
        before = self._rows.get(session.id)
        if before is not None:
            self._open[before.inbox, before.visitor].discard(session.id)
        if session.phase == "open" and one.exclusive:
            self._open[session.inbox, session.visitor].add(session.id)
        self._rows[session.id] = row_of(session)
        self._frames.setdefault(session.id, []).extend(one.frames)
        self._feed.extend((session.id, frame) for frame in one.frames)
        stored = self._wake.get(session.id)
        if one.wake_at is not None and (stored is None or one.wake_at < stored):
            self._wake[session.id] = one.wake_at
        for new in one.receipts:
            self._receipts[session.id, new.author, new.client_id] = new.receipt
        for trace in one.traces:
            self._traces[session.id][trace.turn, trace.attempt] = trace
        if one.snapshot:
            self._snapshots[session.id] = (FOLD_VERSION, session)
        self._count(one)

    def _count(self, one: Append) -> None:
        for day, used in usage_in(one.events):
            for visitor in (one.session.visitor, ""):
                key = (one.session.inbox, visitor, day)
                self._usage[key] = used.plus(self._usage.get(key, UsageToday()))

    async def load(self, session: str) -> Loaded | None:
        """The snapshot and the frames after it."""
        frames = self._frames.get(session)
        if frames is None:
            return None
        version, snapshot = self._snapshots.get(session, (0, None))
        if snapshot is None or version != FOLD_VERSION:
            return Loaded(None, tuple(frames))
        return Loaded(snapshot, tuple(frames[snapshot.seq :]))

    async def frames(self, session: str, after: int, limit: int) -> list[bytes]:
        """Frames after a seq."""
        return self._frames.get(session, [])[after : after + limit]

    async def frames_before(self, session: str, before: int, limit: int) -> list[bytes]:
        """The last frames before a seq."""
        return self._frames.get(session, [])[max(0, before - 1 - limit) : max(0, before - 1)]

    async def receipt(self, session: str, author: str, client_id: str) -> Receipt | None:
        """The first answer to a client id."""
        return self._receipts.get((session, author, client_id))

    async def put_trace(self, trace: Trace) -> None:
        """Keep a trace."""
        if trace.session in self._frames:
            self._traces[trace.session][trace.turn, trace.attempt] = trace

    async def traces(self, session: str) -> list[Trace]:
        """The traces of a session."""
        return [trace for _, trace in sorted(self._traces.get(session, {}).items())]

    async def redact(self, session: str, seq: int) -> bool:
        """Replace an event by its tombstone."""
        frames = self._frames.get(session, [])
        if not 0 < seq <= len(frames):
            return False
        frames[seq - 1] = e.tombstone(frames[seq - 1])
        self._snapshots.pop(session, None)
        return True

    async def row(self, session: str) -> Row | None:
        """One session."""
        return self._rows.get(session)

    async def sessions_of(self, inbox: str, visitor: str, limit: int) -> list[Row]:
        """The visitor's sessions, newest first."""
        found = [row for row in self._rows.values() if row.inbox == inbox and row.visitor == visitor]
        return found[::-1][:limit]

    async def find(self, query: SessionQuery) -> Page:
        """Sessions newest first."""
        rows = list(self._rows.values())
        before = len(rows) if query.cursor is None else position_of(query.cursor)
        found: list[Row] = []
        for position in range(before - 1, -1, -1):
            if len(found) == query.limit:
                return Page(tuple(found), cursor_of(position + 1), rows[-1].changed_at if query.q else None)
            if self._matches(rows[position], query):
                found.append(rows[position])
        return Page(tuple(found), None, max((row.changed_at for row in rows), default=None) if query.q else None)

    def _matches(self, row: Row, query: SessionQuery) -> bool:
        wanted = {name: getattr(query, name) for name in ("inbox", "phase", "visitor", "outcome", "topic")}
        if any(value is not None and getattr(row, name) != value for name, value in wanted.items()):
            return False
        if query.inboxes is not None and row.inbox not in query.inboxes:
            return False
        return query.q is None or self._says(row.id, query.q)

    def _says(self, session: str, words: str) -> bool:
        posted = [event for event in map(e.decode, self._frames[session]) if isinstance(event, e.MessagePosted)]
        said = {word for event in posted for word in re.findall(r"\w+", event.text.lower())}
        return all(word in said for word in re.findall(r"\w+", words.lower()))

    async def due(self, until: datetime, limit: int) -> list[tuple[str, datetime]]:
        """Sessions to look at."""
        return sorted(((key, at) for key, at in self._wake.items() if at <= until), key=lambda one: one[1])[:limit]

    async def refile(self, session: str, wake_at: datetime | None) -> None:
        """Move a session's wake-up to where its clocks really are."""
        if wake_at is None:
            self._wake.pop(session, None)
        elif session in self._frames:
            self._wake[session] = wake_at

    async def feed(self, cursor: str | None, limit: int) -> FeedPage:
        """Committed events in order."""
        start = 0 if cursor is None else position_of(cursor)
        frames = tuple(self._feed[start : start + limit])
        return FeedPage(frames, cursor_of(start + len(frames)))

    async def session_of_thread(self, thread: str) -> list[str]:
        """The sessions a thread occurs in."""
        needle = thread.encode()
        return [key for key, frames in self._frames.items() if any(needle in frame for frame in frames)]

    async def put_policy(self, inbox: str | None, hash: str, canonical: bytes) -> None:  # noqa: A002  the contract's word
        """Keep a policy."""
        self._policies[hash] = canonical
        if inbox is not None:
            self._inbox_policies[inbox] = hash

    async def policy(self, hash: str) -> bytes | None:  # noqa: A002  the contract's word
        """A policy by its hash."""
        return self._policies.get(hash)

    async def inbox_policy(self, inbox: str) -> str | None:
        """The inbox's current policy."""
        return self._inbox_policies.get(inbox)

    async def setting(self, name: str, value: str | None = None) -> str | None:
        """A named fact about the data."""
        if value is not None:
            self._settings.setdefault(name, value)
        return self._settings.get(name)

    async def usage_today(self, inbox: str, visitor: str | None, day: str) -> UsageToday:
        """What was used on a day."""
        return self._usage.get((inbox, visitor or "", day), UsageToday())

    async def heartbeat(self, now: datetime) -> datetime | None:
        """Note that we serve."""
        before, self._heartbeat = self._heartbeat, now
        return before

    async def last_instant(self) -> datetime | None:
        """The latest instant known."""
        known = [row.changed_at for row in self._rows.values()] + ([self._heartbeat] if self._heartbeat else [])
        return max(known, default=None)

    async def erase(self, visitor: str, now: datetime) -> ErasureReceipt:
        """Remove everything of a visitor."""
        mine = [row.id for row in self._rows.values() if row.visitor == visitor]
        events = sum(self._forget(session) for session in mine)
        for key in [key for key in self._usage if key[1] == visitor]:
            del self._usage[key]
        self.forget_visitor(visitor)
        return ErasureReceipt(id="era_" + secrets.token_hex(12), at=now, sessions=len(mine), events=events)

    async def erase_session(self, session: str, now: datetime) -> ErasureReceipt:
        """Remove everything of a session."""
        known = session in self._frames
        return ErasureReceipt(
            id="era_" + secrets.token_hex(12), at=now, sessions=int(known), events=self._forget(session)
        )

    def _forget(self, session: str) -> int:
        frames = self._frames.pop(session, [])
        row = self._rows.pop(session, None)
        if row is not None:
            self._open[row.inbox, row.visitor].discard(session)
        self._wake.pop(session, None)
        self._snapshots.pop(session, None)
        self._traces.pop(session, None)
        for key in [key for key in self._receipts if key[0] == session]:
            del self._receipts[key]
        self._feed = [(key, frame) for key, frame in self._feed if key != session]
        return len(frames)

    async def backup(self, target: Path) -> AsyncIterator[tuple[int, int]]:
        """There is nothing on a disk to copy."""
        raise StoreUnavailableError(f"a store in memory cannot be copied to {target}")
        yield 0, 0  # Makes this an async generator, as the contract has it.

    async def health(self) -> dict[str, str]:
        """Facts about the store."""
        return {"store": "memory", "durability": self.durability, "sessions": str(len(self._rows))}
