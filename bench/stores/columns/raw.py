"""The physical limit: rows of the same size in one SQLite file, a group of them for each durable commit."""

import time
from pathlib import Path

from words import said

from chatsession import sqlite

GROUPS = (1, 64, 256)
SECONDS_EACH = 1.0


def rows_a_second(folder: Path) -> dict[int, float]:
    """Rows a second by the number of rows in a commit."""
    database = sqlite.open_database(folder / "raw.db")
    database.execute("create table rows (session integer, seq integer, text text, primary key (session, seq)) strict")
    found, seq = {}, 0
    for group in GROUPS:
        begin, written = time.perf_counter(), 0
        while time.perf_counter() - begin < SECONDS_EACH:
            rows = [((seq + each) % 200, seq + each, said(seq + each)) for each in range(group)]
            with sqlite.transaction(database):
                database.executemany("insert into rows values (?, ?, ?)", rows)
            seq += group
            written += group
        found[group] = written / (time.perf_counter() - begin)
    database.close()
    return found
