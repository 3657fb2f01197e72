"""The contract of a store: an append-only list of events per session, and what is kept beside it.

Everything a caller is told was written is durable at the store's `durability`. One append is one transaction: all of
it happens or nothing. A store never decides anything about sessions; the rules do.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

from chatsession.core.events import Event
from chatsession.core.session import Receipt, Session, UsageToday
from chatsession.core.words import Outcome, Phase
from chatsession.tracing import Trace

Durability = Literal["none", "D1", "D2", "D3"]
"""What an acknowledged write survives: nothing, a killed process, a power cut, the loss of a node."""


class NewReceipt(msgspec.Struct, frozen=True):
    """The idempotency key of a command: unique per (session, author, client_id) for the session's whole life."""

    author: str
    client_id: str
    receipt: Receipt


class Append(msgspec.Struct, frozen=True, kw_only=True):
    """Events for one session, the state they lead to, and when the session must be looked at again."""

    session: Session
    """The state after the events."""
    events: tuple[Event, ...]
    frames: tuple[bytes, ...]
    """The events' encoded bytes, in the same order: these bytes are stored."""
    expected_seq: int
    """The seq the caller decided on; 0 for a new session."""
    wake_at: datetime | None
    receipts: tuple[NewReceipt, ...] = ()
    traces: tuple[Trace, ...] = ()
    snapshot: bool = False
    """Whether to store the state as a snapshot too."""
    exclusive: bool = True
    """Whether at most one session of this inbox and visitor may be open."""


class Loaded(msgspec.Struct, frozen=True):
    """What a session is folded from: the newest usable snapshot, and the frames after it."""

    snapshot: Session | None
    tail: tuple[bytes, ...]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One session as lists show it."""

    id: str
    inbox: str
    visitor: str
    phase: Phase
    period: int
    floor: str
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None = None
    close_reason: str | None = None
    resumable_until: datetime | None = None
    outcome: Outcome | None = None
    topic: str | None = None


class Page(msgspec.Struct, frozen=True):
    """One page of rows; `cursor` asks for the next, None is the end; `as_of` says how far search had followed."""

    rows: tuple[Row, ...]
    cursor: str | None = None
    as_of: datetime | None = None


class SessionQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which sessions: every given field must match; `q` is searched in the messages' text."""

    inbox: str | None = None
    inboxes: tuple[str, ...] | None = None
    """The inboxes the caller may see; None is all."""
    phase: Phase | None = None
    visitor: str | None = None
    outcome: Outcome | None = None
    topic: str | None = None
    q: str | None = None
    cursor: str | None = None
    limit: int = 50


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """A visitor of one inbox; `subject` is the identity a signed token gave, None while anonymous."""

    id: str
    inbox: str
    created_at: datetime
    subject: str | None = None
    name: str | None = None


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key for programs: stored as a hash; `agent` keys speak as that agent."""

    id: str
    hash: bytes
    role: Literal["admin", "agent", "bot"]
    name: str
    inboxes: tuple[str, ...] | None = None
    """None is every inbox."""
    created_at: datetime
    ending: str = ""
    """The last characters of the secret: enough to tell it from others, and of no use to anybody else."""


class ErasureReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What remains of an erased visitor or session: that it happened, when, and how much; nothing about whom."""

    id: str
    at: datetime
    sessions: int
    events: int


class FeedPage(msgspec.Struct, frozen=True):
    """Events of all sessions in the order in which they were committed; the cursor is opaque."""

    frames: tuple[tuple[str, bytes], ...]
    cursor: str


class StoreError(Exception):
    """Something the store could not do; nothing was written."""


class ConflictError(StoreError):
    """The session has moved on: load the tail and decide again."""

    def __init__(self, session: str) -> None:
        super().__init__(f"{session} was appended to by somebody else")
        self.session = session


class DuplicateError(StoreError):
    """The client id was used before; the first receipt says what came of it."""

    def __init__(self, session: str, author: str, client_id: str, receipt: Receipt) -> None:
        super().__init__(f"client id already used in {session}")
        self.session, self.author, self.client_id, self.receipt = session, author, client_id, receipt


class AlreadyOpenError(StoreError):
    """Another session of this inbox and visitor is open."""

    def __init__(self, session: str) -> None:
        super().__init__(f"{session} is open")
        self.session = session


class BadCursorError(StoreError):
    """The cursor did not come from this store."""

    def __init__(self) -> None:
        super().__init__("the cursor is not one of ours; begin again without it")


class StoreUnavailableError(StoreError):
    """The store cannot write now (full disk, read-only file, closed): try again later. Nothing was acknowledged."""


class StoreBusyError(StoreError):
    """The store's queue is full: try again later."""


class NewerVersionError(StoreError):
    """The data was written by a newer version of chatsession, which has to be used to write it."""


class LockedError(StoreError):
    """Another process has the writer's lock of this file."""


class SessionLog(Protocol):
    """The list of events of each session."""

    durability: Durability

    def append(self, *appends: Append) -> Coroutine[Any, Any, None] | asyncio.Future[None]:
        """Write all appends in one transaction, in the caller's order of sessions; done once they are durable.

        Raise ConflictError, DuplicateError, AlreadyOpenError, StoreUnavailableError or StoreBusyError; then nothing
        of this call was written. A call that fails never harms another that shares its transaction.
        """
        ...

    async def load(self, session: str) -> Loaded | None:
        """The newest snapshot of the current fold version and the frames after it; None where there is no session."""
        ...

    async def frames(self, session: str, after: int, limit: int) -> list[bytes]:
        """Stored frames with seq > after, in order, `limit` at most."""
        ...

    async def frames_before(self, session: str, before: int, limit: int) -> list[bytes]:
        """Stored frames with seq < before, in ascending order: the last `limit` of them."""
        ...

    async def receipt(self, session: str, author: str, client_id: str) -> Receipt | None:
        """The first answer to this client id, however long ago."""
        ...

    async def put_trace(self, trace: Trace) -> None:
        """Keep the trace of an attempt that ended without an accepted answer."""
        ...

    async def traces(self, session: str) -> list[Trace]:
        """The traces of a session in the order of (turn, attempt)."""
        ...

    async def redact(self, session: str, seq: int) -> bool:
        """Replace the event's payload by a tombstone of the same seq; False where there is none that may be removed.

        Messages and notes may, and nothing else: the session is folded from the other events.
        What was derived from it goes too: the session's snapshot and traces, and its place in search.
        """
        ...


class Directory(Protocol):
    """Which sessions there are, and whose."""

    async def row(self, session: str) -> Row | None:
        """One session as lists show it."""
        ...

    async def sessions_of(self, inbox: str, visitor: str, limit: int) -> list[Row]:
        """The visitor's sessions in this inbox, newest first."""
        ...

    async def find(self, query: SessionQuery) -> Page:
        """Sessions newest first. With `q`, full-text search that may trail the list by 2 s and says `as_of`.

        A session is found if one of its messages has all the words. Raise BadCursorError for a foreign cursor.
        """
        ...

    async def due(self, until: datetime, limit: int) -> list[tuple[str, datetime]]:
        """Sessions with wake_at <= until, the earliest first: (session, wake_at)."""
        ...

    async def refile(self, session: str, wake_at: datetime | None, *, seen: int | None = None) -> None:
        """Move the wake-up of a session that was due to where its clocks really are; None takes it off the list.

        Only the timers do this, after they looked: appends move a wake-up to an earlier instant, never to a later one.
        `seen` is the seq they looked at: a session that has moved on since keeps the wake-up its append gave it.
        """
        ...

    async def feed(self, cursor: str | None, limit: int) -> FeedPage:
        """Committed events after the cursor (None: from the beginning), across sessions, in the order of commits.

        About `limit` of them: the events of one append are never parted.
        """
        ...

    async def session_of_thread(self, thread: str) -> list[str]:
        """The sessions in which the thread occurs, oldest first."""
        ...


class Credentials(Protocol):
    """Visitors, tokens, keys and tickets; secrets are stored as SHA-256 hashes only."""

    async def add_visitor(self, visitor: Visitor, token_hash: bytes, expires_at: datetime) -> None:
        """Create a visitor with a first token; raise StoreError where the id or the subject is taken."""
        ...

    async def visitor(self, visitor: str) -> Visitor | None:
        """The visitor with this id."""
        ...

    async def visitor_of_subject(self, inbox: str, subject: str) -> Visitor | None:
        """The identified visitor of this inbox."""
        ...

    async def visitor_of_token(self, token_hash: bytes, now: datetime) -> Visitor | None:
        """Who the token belongs to, if it is neither revoked nor over."""
        ...

    async def add_token(self, visitor: str, token_hash: bytes, expires_at: datetime, revoke: bytes | None) -> None:
        """Give a visitor another token; `revoke` names the one it replaces. One who was erased gets none."""
        ...

    async def revoke_tokens(self, visitor: str) -> int:
        """Revoke all tokens and tickets of a visitor; how many tokens there were."""
        ...

    async def use_once(self, mark: bytes, expires_at: datetime, now: datetime) -> bool:
        """Note a mark (the hash of a signed token) that may be used once until it expires; False if it was before."""
        ...

    async def put_key(self, key: ApiKey) -> None:
        """Add or replace an API key."""
        ...

    async def key_of_hash(self, key_hash: bytes) -> ApiKey | None:
        """The API key with this hash."""
        ...

    async def keys(self) -> list[ApiKey]:
        """Every API key, in the order of their ids."""
        ...

    async def remove_key(self, key: str) -> bool:
        """Remove the API key with this id, so that it opens nothing from now on; False where there is none."""
        ...

    async def put_ticket(self, ticket_hash: bytes, visitor: str, session: str, expires_at: datetime) -> None:
        """Keep a one-time ticket for a stream of one session, unless the visitor was erased."""
        ...

    async def take_ticket(self, ticket_hash: bytes, now: datetime) -> tuple[str, str] | None:
        """Use a ticket up: (visitor, session), or None where it is unknown, used or over."""
        ...


class Housekeeping(Protocol):
    """Policies, usage, heartbeat, erasure, backup."""

    async def put_policy(self, inbox: str | None, hash: str, canonical: bytes) -> None:  # noqa: A002  the vocabulary's word
        """Keep a policy for ever under its hash; with an inbox, make it that inbox's current one."""
        ...

    async def policy(self, hash: str) -> bytes | None:  # noqa: A002  the vocabulary's word
        """A policy once adopted, whenever that was."""
        ...

    async def inbox_policy(self, inbox: str) -> str | None:
        """The hash of the inbox's current policy."""
        ...

    async def setting(self, name: str, value: str | None = None) -> str | None:
        """A named fact about the data, set once: the value given first stays."""
        ...

    async def usage_today(self, inbox: str, visitor: str | None, day: str) -> UsageToday:
        """What the visitor (None: the whole inbox) has used on a day written 2026-11-23 (UTC)."""
        ...

    async def heartbeat(self, now: datetime) -> datetime | None:
        """Note that we are serving now; the instant noted before, None the first time."""
        ...

    async def last_instant(self) -> datetime | None:
        """The latest instant any event or heartbeat carries: a clock that starts must not be behind it."""
        ...

    async def erase(self, visitor: str, now: datetime) -> ErasureReceipt:
        """Remove everything of a visitor, derived data included, in one transaction; then scrub the pages.

        Idempotent: erasing again gives a receipt with zero counts. A later append to an erased session conflicts.
        """
        ...

    async def erase_session(self, session: str, now: datetime) -> ErasureReceipt:
        """The same for one session (retention)."""
        ...

    def backup(self, target: Path) -> AsyncIterator[tuple[int, int]]:
        """Copy a consistent state to a new file while serving; yields (pages done, pages in all)."""
        ...

    async def health(self) -> dict[str, str]:
        """Facts about the store by name: durability, engine, schema, size; StoreUnavailableError if it cannot write."""
        ...


class Store(SessionLog, Directory, Credentials, Housekeeping, Protocol):
    """Everything chatsession keeps."""

    async def open(self) -> None:
        """Take the writer's lock, migrate forward, get ready. Raise LockedError or NewerVersionError."""
        ...

    async def close(self) -> None:
        """Finish what is queued, then let go of everything."""
        ...
