"""Rows that wait for the end of their batch: many rows, few statements.

Between two statements the thread needs the interpreter's lock, and the event loop has it: one statement for many rows
runs beside the loop, many statements for one row each wait for it again and again.
"""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

from chatsession.core.session import UsageToday
from chatsession.sqlite import Database
from chatsession.store import Append
from chatsession.stores.sqlite.lists import joined
from chatsession.stores.usage import usage_in

ROWS_AT_ONCE = (64, 16, 4, 1)
_APPENDS = "insert into appends (sno, last_seq, frames) values"
_RECEIPTS = "insert into receipts values"
_USAGE = "insert into usage values"
_COUNT = (
    "on conflict do update set tokens = tokens + excluded.tokens,"
    " cost_microusd = cost_microusd + excluded.cost_microusd, turns = turns + excluded.turns,"
    " model_calls = model_calls + excluded.model_calls"
)


class Gathered:
    """What the appends of a batch add to the lists, to the receipts and to the counts of usage."""

    def __init__(self) -> None:
        self._appends: list[tuple[int, int, bytes]] = []
        self._receipts: list[tuple[int, str, str, int, bytes]] = []
        self._usage: dict[tuple[str, str, str], UsageToday] = {}

    def add(self, one: Append, sno: int, head: int) -> None:
        """Note an append of this session that brings its list to this head."""
        self._appends.append((sno, head, joined(one.frames)))
        for new in one.receipts:
            self._receipts.append((sno, new.author, new.client_id, new.receipt.seq, new.receipt.digest))
        for day, used in usage_in(one.events):
            for visitor in (one.session.visitor, ""):
                place = (one.session.inbox, visitor, day)
                known = self._usage.get(place)
                self._usage[place] = used if known is None else known.plus(used)

    def write(self, database: Database) -> None:
        """Write what is there; nothing waits any more, whatever comes of it."""
        appends, receipts, usage = self._appends, self._receipts, self._usage
        self.forget()
        insert_rows(database, _APPENDS, appends)
        insert_rows(database, _RECEIPTS, receipts)
        if usage:
            counted = [
                (*place, used.tokens, used.cost_microusd, used.turns, used.model_calls) for place, used in usage.items()
            ]
            insert_rows(database, _USAGE, counted, _COUNT)

    def forget(self) -> None:
        """Let go of what was not written."""
        self._appends, self._receipts, self._usage = [], [], {}


def insert_rows(database: Database, insert: str, rows: Sequence[tuple[Any, ...]], end: str = "") -> None:
    """Insert rows of one width with as few statements as a handful of prepared sizes allows."""
    place = 0
    while place < len(rows):
        size = next(size for size in ROWS_AT_ONCE if size <= len(rows) - place)
        some = rows[place : place + size]
        database.execute(_statement(insert, len(some[0]), size, end), tuple(chain.from_iterable(some)))
        place += size


@cache
def _statement(insert: str, width: int, rows: int, end: str) -> str:
    row = f"({', '.join('?' * width)})"
    return f"{insert} {', '.join([row] * rows)} {end}"
