"""Full-text search over messages: it follows the feed, and says how far it has come."""

import re
from datetime import datetime

from chatsession.core import events as e
from chatsession.sqlite import Database

SEQ_BITS = 20
"""A row of the index is sno * 2^20 + seq."""
STEP = 500
FOLLOWER = "search"
_TEXTS_OF = frozenset(("message_posted",))


def follow(database: Database) -> bool:
    """Index the next appends of the feed; True if there are more."""
    row = database.execute("select position from progress where name = ?", (FOLLOWER,)).fetchall()
    position = row[0][0] if row else 0
    appends = database.execute(
        "select position, sno, first_seq, last_seq from feed where position > ? order by position limit ?",
        (position, STEP),
    ).fetchall()
    if not appends:
        return False
    for _, sno, first, last in appends:
        frames = database.execute(
            "select seq, frame from events where sno = ? and seq between ? and ?", (sno, first, last)
        )
        for seq, frame in frames.fetchall():
            text = _text_of(frame)
            if text:
                database.execute("insert or replace into search (rowid, text) values (?, ?)", (row_id(sno, seq), text))
    database.execute("insert or replace into progress values (?, ?)", (FOLLOWER, appends[-1][0]))
    return len(appends) == STEP


def row_id(sno: int, seq: int) -> int:
    """The index row of a message."""
    return (sno << SEQ_BITS) + seq


def forget(database: Database, sno: int) -> None:
    """Remove a session from the index."""
    database.execute("delete from search where rowid between ? and ?", (row_id(sno, 0), row_id(sno + 1, 0) - 1))


def purge(database: Database) -> None:
    """Rewrite the index, so that terms of what was removed are gone from the file too."""
    database.execute("insert into search (search) values ('optimize')")


def match_of(words: str) -> str:
    """What people type, as a query that asks for all of the words and has no syntax of its own."""
    return " ".join(f'"{word}"' for word in re.findall(r"\w+", words))


def as_of(database: Database) -> datetime | None:
    """The time of the last event the index has taken in."""
    row = database.execute(
        "select events.frame from progress join feed using (position) join events"
        " on events.sno = feed.sno and events.seq = feed.last_seq where progress.name = ?",
        (FOLLOWER,),
    ).fetchall()
    return e.header(row[0][0]).at if row else None


def _text_of(frame: bytes) -> str | None:
    if e.header(frame).type not in _TEXTS_OF:
        return None
    event = e.decode(frame)
    return event.text if isinstance(event, e.MessagePosted) else None
