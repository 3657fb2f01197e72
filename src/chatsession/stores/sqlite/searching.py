"""Full-text search over messages: it follows the feed, and says how far it has come."""

import re
from collections.abc import Iterable

from chatsession.core import events as e
from chatsession.sqlite import Database
from chatsession.stores.sqlite.instants import to_micros
from chatsession.stores.texts import text_of

SEQ_BITS = 24
"""A row of the index is sno * 2^24 + seq."""
FOLLOWER = "search"


def follow(database: Database, appends_max: int) -> bool:
    """Index the next appends of the feed; True if there are more."""
    position = followed(database)
    appends = database.execute(
        "select position, sno, first_seq, last_seq from feed where position > ? order by position limit ?",
        (position, appends_max),
    ).fetchall()
    if not appends:
        return False
    newest = b""
    for _, sno, first, last in appends:
        for seq, frame in frames_between(database, sno, first, last):
            newest = frame
            text = text_of(frame)
            if text is not None:
                database.execute("insert into search (rowid, text) values (?, ?)", (row_id(sno, seq), text))
    as_of = to_micros(e.header(newest).at)
    database.execute("insert or replace into progress values (?, ?, ?)", (FOLLOWER, appends[-1][0], as_of))
    return len(appends) == appends_max


def followed(database: Database) -> int:
    """The position of the last append in the index."""
    row = database.execute("select position from progress where name = ?", (FOLLOWER,)).fetchall()
    return row[0][0] if row else 0


def frames_between(database: Database, sno: int, first: int, last: int) -> list[tuple[int, bytes]]:
    """Stored frames of a session with their seqs."""
    sql = "select seq, frame from events where sno = ? and seq between ? and ?"
    rows: list[tuple[int, bytes]] = [
        (seq, frame) for seq, frame in database.execute(sql, (sno, first, last)).fetchall()
    ]
    return rows


def forget(database: Database, sno: int) -> None:
    """Remove a session from the index; to be called while its events and its feed are still there."""
    appends = database.execute(
        "select first_seq, last_seq from feed where sno = ? and position <= ?", (sno, followed(database))
    ).fetchall()
    for first, last in appends:
        _remove(database, sno, frames_between(database, sno, first, last))


def forget_event(database: Database, sno: int, seq: int) -> None:
    """Remove one event from the index; to be called while it is still what it was."""
    known = database.execute(
        "select 1 from feed where sno = ? and ? between first_seq and last_seq and position <= ?",
        (sno, seq, followed(database)),
    ).fetchall()
    if known:
        _remove(database, sno, frames_between(database, sno, seq, seq))


def row_id(sno: int, seq: int) -> int:
    """The index row of a message."""
    return (sno << SEQ_BITS) + seq


def match_of(words: str) -> str:
    """What people type, as a query that asks for all of the words and has no syntax of its own."""
    return " ".join(f'"{word}"' for word in re.findall(r"\w+", words)) or '""'


def _remove(database: Database, sno: int, frames: Iterable[tuple[int, bytes]]) -> None:
    """Take texts out of the index, which wants exactly the words that were put in."""
    for seq, frame in frames:
        text = text_of(frame)
        if text is not None:
            values = (row_id(sno, seq), text)
            database.execute("insert into search (search, rowid, text) values ('delete', ?, ?)", values)
