"""Erasure: every row that has to do with a session or a visitor, derived ones included."""

import secrets
from datetime import datetime

from chatsession.core import events as e
from chatsession.sqlite import Database
from chatsession.store import ErasureReceipt
from chatsession.stores.sqlite import searching
from chatsession.stores.sqlite.lists import joined, numbered

TABLES_OF_SESSION = ("appends", "receipts", "snapshots", "traces", "threads", "sessions")
TABLES_OF_VISITOR = ("tokens", "tickets", "usage")


def erase_visitor(database: Database, visitor: str, now: datetime) -> tuple[ErasureReceipt, list[str]]:
    """Remove a visitor: the receipt, and the sessions that are gone."""
    rows = database.execute("select sno, id from sessions where visitor = ?", (visitor,)).fetchall()
    events = sum(_erase(database, sno) for sno, _ in rows)
    for table in TABLES_OF_VISITOR:
        database.execute(f"delete from {table} where visitor = ?", (visitor,))  # noqa: S608  our own tables
    database.execute("delete from visitors where id = ?", (visitor,))
    return _receipt(now, len(rows), events), [row[1] for row in rows]


def erase_session(database: Database, session: str, now: datetime) -> ErasureReceipt:
    """Remove one session."""
    rows = database.execute("select sno from sessions where id = ?", (session,)).fetchall()
    database.execute("delete from tickets where session = ?", (session,))
    events = sum(_erase(database, row[0]) for row in rows)
    return _receipt(now, len(rows), events)


def redact(database: Database, session: str, seq: int) -> bool:
    """Replace an event's payload by a tombstone, and forget what was derived from it."""
    rows = database.execute(
        "select position, sno, last_seq, frames from appends join sessions using (sno)"
        " where id = ? and last_seq >= ? order by last_seq limit 1",
        (session, seq),
    ).fetchall()
    if not rows or seq < 1:
        return False
    position, sno, last_seq, stored = rows[0]
    frames = numbered(last_seq, stored)
    frame = dict(frames)[seq]
    if not e.is_redactable(frame):
        return False
    searching.forget_event(database, position, sno, seq, frame)
    tombstoned = joined(e.tombstone(each) if place == seq else each for place, each in frames)
    database.execute("update appends set frames = ? where position = ?", (tombstoned, position))
    database.execute("delete from snapshots where sno = ?", (sno,))
    database.execute("delete from traces where sno = ?", (sno,))
    return True


def _erase(database: Database, sno: int) -> int:
    searching.forget(database, sno)
    # A list has no gaps: its last seq is the number of its events.
    events = database.execute("select coalesce(max(last_seq), 0) from appends where sno = ?", (sno,)).fetchall()[0][0]
    for table in TABLES_OF_SESSION:
        database.execute(f"delete from {table} where sno = ?", (sno,))  # noqa: S608  our own tables
    return int(events)


def _receipt(now: datetime, sessions: int, events: int) -> ErasureReceipt:
    return ErasureReceipt(id="era_" + secrets.token_hex(12), at=now, sessions=sessions, events=events)
