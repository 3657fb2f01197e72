"""A store in memory: for users' own tests and for rules under simulation."""

import secrets
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from chatsession.core.session import Receipt, UsageToday
from chatsession.store import (
    AlreadyOpenError,
    Append,
    ConflictError,
    Durability,
    ErasureReceipt,
    FeedPage,
    Loaded,
    Page,
    Row,
    SessionQuery,
    StoreUnavailableError,
)
from chatsession.stores.claims import claims, rivals
from chatsession.stores.memory.credentials import MemoryCredentials
from chatsession.stores.memory.kept import Kept
from chatsession.stores.memory.policies import MemoryPolicies
from chatsession.stores.memory.words import words_of
from chatsession.stores.rows import cursor_of, position_of
from chatsession.stores.usage import usage_in
from chatsession.tracing import Trace


class MemoryStore(MemoryCredentials, MemoryPolicies):
    """Keeps everything in dictionaries, with the same answers and refusals as a store on a disk."""

    durability: Durability = "none"

    def __init__(self) -> None:
        MemoryCredentials.__init__(self)
        MemoryPolicies.__init__(self)
        self._sessions: dict[str, Kept] = {}
        self._numbered = 0
        self._claims: dict[tuple[str, str], set[str]] = {}
        self._feed: dict[int, tuple[str, int, int]] = {}
        self._fed = 0
        self._usage: dict[tuple[str, str, str], UsageToday] = {}
        self._heartbeat: datetime | None = None

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
        kept = self._sessions.get(session.id)
        if kept is not None:
            kept.check(one)
        elif one.expected_seq != 0:
            raise ConflictError(session.id)
        if [other.session.id for other in together].count(session.id) > 1:
            raise ConflictError(session.id)
        if claims(one):
            others = rivals(one, together, self._claims.get((session.inbox, session.visitor), ()))
            if others:
                raise AlreadyOpenError(min(others))

    def _write(self, one: Append) -> None:
        key = one.session.id
        kept = self._sessions.get(key)
        if kept is None:
            self._numbered += 1
            kept = self._sessions[key] = Kept(self._numbered, one)
        self._let_go_of_claim(kept)
        kept.take(one)
        if kept.claims:
            self._claims.setdefault((kept.row.inbox, kept.row.visitor), set()).add(key)
        self._fed += 1
        self._feed[self._fed] = (key, one.expected_seq, len(kept.frames))
        kept.fed.append(self._fed)
        for day, used in usage_in(one.events):
            for visitor in (one.session.visitor, ""):
                place = (one.session.inbox, visitor, day)
                self._usage[place] = used.plus(self._usage.get(place, UsageToday()))

    def _let_go_of_claim(self, kept: Kept) -> None:
        self._claims.get((kept.row.inbox, kept.row.visitor), set()).discard(kept.row.id)

    async def load(self, session: str) -> Loaded | None:
        """The snapshot and the frames after it."""
        kept = self._sessions.get(session)
        return None if kept is None else kept.load()

    async def frames(self, session: str, after: int, limit: int) -> list[bytes]:
        """Frames after a seq."""
        return self._frames(session)[max(0, after) :][:limit]

    async def frames_before(self, session: str, before: int, limit: int) -> list[bytes]:
        """The last frames before a seq."""
        earlier = self._frames(session)[: max(0, before - 1)]
        return earlier[max(0, len(earlier) - limit) :]

    def _frames(self, session: str) -> list[bytes]:
        kept = self._sessions.get(session)
        return [] if kept is None else kept.frames

    async def receipt(self, session: str, author: str, client_id: str) -> Receipt | None:
        """The first answer to a client id."""
        kept = self._sessions.get(session)
        return None if kept is None else kept.receipts.get((author, client_id))

    async def put_trace(self, trace: Trace) -> None:
        """Keep a trace; one of an erased session is dropped."""
        kept = self._sessions.get(trace.session)
        if kept is not None:
            kept.traces[trace.turn, trace.attempt] = trace

    async def traces(self, session: str) -> list[Trace]:
        """The traces of a session."""
        kept = self._sessions.get(session)
        return [] if kept is None else [trace for _, trace in sorted(kept.traces.items())]

    async def redact(self, session: str, seq: int) -> bool:
        """Replace an event by its tombstone."""
        kept = self._sessions.get(session)
        return kept is not None and kept.redact(seq)

    async def row(self, session: str) -> Row | None:
        """One session."""
        kept = self._sessions.get(session)
        return None if kept is None else kept.row

    async def sessions_of(self, inbox: str, visitor: str, limit: int) -> list[Row]:
        """The visitor's sessions, newest first."""
        rows = (kept.row for kept in reversed(self._sessions.values()))
        return [row for row in rows if (row.inbox, row.visitor) == (inbox, visitor)][:limit]

    async def find(self, query: SessionQuery) -> Page:
        """Sessions newest first."""
        before = self._numbered + 1 if query.cursor is None else position_of(query.cursor)
        wanted = None if query.q is None else words_of(query.q)
        found = [
            kept
            for kept in reversed(self._sessions.values())
            if kept.number < before and _matches(kept.row, query) and (wanted is None or kept.says(wanted))
        ]
        shown = found[: query.limit]
        cursor = cursor_of(shown[-1].number) if shown and len(found) > len(shown) else None
        as_of = max((kept.row.changed_at for kept in self._sessions.values()), default=None)
        return Page(tuple(kept.row for kept in shown), cursor, None if query.q is None else as_of)

    async def due(self, until: datetime, limit: int) -> list[tuple[str, datetime]]:
        """Sessions to look at."""
        waking = [(key, kept.wake_at) for key, kept in self._sessions.items() if kept.wake_at is not None]
        return sorted((one for one in waking if one[1] <= until), key=lambda one: one[1])[:limit]

    async def refile(self, session: str, wake_at: datetime | None, *, seen: int | None = None) -> None:
        """Move a session's wake-up to where its clocks really are."""
        kept = self._sessions.get(session)
        if kept is not None and seen in (None, len(kept.frames)):
            kept.wake_at = wake_at

    async def feed(self, cursor: str | None, limit: int) -> FeedPage:
        """Committed events in order."""
        position = 0 if cursor is None else position_of(cursor)
        frames: list[tuple[str, bytes]] = []
        for place in [place for place in self._feed if place > position][:limit]:
            if len(frames) >= limit:
                break
            position = place
            session, after, last = self._feed[place]
            frames += [(session, frame) for frame in self._frames(session)[after:last]]
        return FeedPage(tuple(frames), cursor_of(position))

    async def session_of_thread(self, thread: str) -> list[str]:
        """The sessions a thread occurs in."""
        return [key for key, kept in self._sessions.items() if thread in kept.threads]

    async def usage_today(self, inbox: str, visitor: str | None, day: str) -> UsageToday:
        """What was used on a day."""
        return self._usage.get((inbox, visitor or "", day), UsageToday())

    async def heartbeat(self, now: datetime) -> datetime | None:
        """Note that we serve."""
        before, self._heartbeat = self._heartbeat, now
        return before

    async def last_instant(self) -> datetime | None:
        """The latest instant known."""
        known = [kept.row.changed_at for kept in self._sessions.values()]
        return max([*known, self._heartbeat] if self._heartbeat else known, default=None)

    async def erase(self, visitor: str, now: datetime) -> ErasureReceipt:
        """Remove everything of a visitor."""
        mine = [key for key, kept in self._sessions.items() if kept.row.visitor == visitor]
        events = sum(self._forget(session) for session in mine)
        for place in [place for place in self._usage if place[1] == visitor]:
            del self._usage[place]
        self.forget_visitor(visitor)
        return _receipt(now, len(mine), events)

    async def erase_session(self, session: str, now: datetime) -> ErasureReceipt:
        """Remove everything of a session."""
        known = session in self._sessions
        self.forget_tickets_of(session)
        return _receipt(now, int(known), self._forget(session))

    def _forget(self, session: str) -> int:
        kept = self._sessions.pop(session, None)
        if kept is None:
            return 0
        self._let_go_of_claim(kept)
        for place in kept.fed:
            del self._feed[place]
        return len(kept.frames)

    async def backup(self, target: Path) -> AsyncIterator[tuple[int, int]]:
        """There is nothing on a disk to copy."""
        raise StoreUnavailableError(f"a store in memory cannot be copied to {target}")
        yield 0, 0  # Makes this an async generator, as the contract has it.

    async def health(self) -> dict[str, str]:
        """Facts about the store."""
        return {"store": "memory", "durability": self.durability, "sessions": str(len(self._sessions))}


def _matches(row: Row, query: SessionQuery) -> bool:
    wanted = {name: getattr(query, name) for name in ("inbox", "phase", "visitor", "outcome", "topic")}
    if any(value is not None and getattr(row, name) != value for name, value in wanted.items()):
        return False
    return query.inboxes is None or row.inbox in query.inboxes


def _receipt(now: datetime, sessions: int, events: int) -> ErasureReceipt:
    return ErasureReceipt(id="era_" + secrets.token_hex(12), at=now, sessions=sessions, events=events)
