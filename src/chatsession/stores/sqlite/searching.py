"""Full-text search over messages: it follows the appends, and says how far it has come."""

import re

from chatsession.core import events as e
from chatsession.sqlite import Database
from chatsession.stores.sqlite.gathering import insert_rows
from chatsession.stores.sqlite.instants import to_micros
from chatsession.stores.sqlite.lists import newest, numbered
from chatsession.stores.texts import text_of

SEQ_BITS = 24
"""A row of the index is sno * 2^24 + seq."""
FOLLOWER = "search"


def follow(database: Database, appends_max: int) -> bool:
    """Index the next appends; True if there are more."""
    appends = database.execute(
        "select position, sno, last_seq, frames from appends where position > ? order by position limit ?",
        (followed(database), appends_max),
    ).fetchall()
    if not appends:
        return False
    texts = [each for _, sno, last_seq, stored in appends for each in _texts_in(sno, last_seq, stored)]
    insert_rows(database, "insert into search (rowid, text) values", texts)
    position, as_of = appends[-1][0], to_micros(e.header(newest(appends[-1][3])).at)
    database.execute("insert or replace into progress values (?, ?, ?)", (FOLLOWER, position, as_of))
    return len(appends) == appends_max


def followed(database: Database) -> int:
    """The position of the last append in the index."""
    row = database.execute("select position from progress where name = ?", (FOLLOWER,)).fetchall()
    return row[0][0] if row else 0


def forget(database: Database, sno: int) -> None:
    """Remove a session from the index; to be called while its appends are still there."""
    appends = database.execute(
        "select last_seq, frames from appends where sno = ? and position <= ?", (sno, followed(database))
    ).fetchall()
    for last_seq, stored in appends:
        _remove(database, _texts_in(sno, last_seq, stored))


def forget_event(database: Database, position: int, sno: int, seq: int, frame: bytes) -> None:
    """Remove one event of an append from the index."""
    if position <= followed(database):
        _remove(database, _texts_in(sno, seq, frame))


def row_id(sno: int, seq: int) -> int:
    """The index row of a message."""
    return (sno << SEQ_BITS) + seq


def match_of(words: str) -> str:
    """What people type, as a query that asks for all of the words and has no syntax of its own."""
    return " ".join(f'"{word}"' for word in re.findall(r"[^\W_]+", words)) or '""'


def _texts_in(sno: int, last_seq: int, stored: bytes) -> list[tuple[int, str]]:
    """The rows of the index that an append makes."""
    return [(row_id(sno, seq), text) for seq, frame in numbered(last_seq, stored) if (text := text_of(frame))]


def _remove(database: Database, texts: list[tuple[int, str]]) -> None:
    """Take texts out of the index, which wants exactly the words that were put in."""
    database.executemany("insert into search (search, rowid, text) values ('delete', ?, ?)", texts)
