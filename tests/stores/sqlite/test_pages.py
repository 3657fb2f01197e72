"""Pages in the file: no cell that was moved or removed leaves a copy of itself behind."""

import random

from chatsession import sqlite
from chatsession.sqlite.pages import FILE_HEADER_BYTES, cleaned

PAGE_BYTES = 4_096


def pages_of(path):
    """Each page of a file, and where its header begins."""
    data = path.read_bytes()
    for place in range(0, len(data), PAGE_BYTES):
        yield data[place : place + PAGE_BYTES], FILE_HEADER_BYTES if place == 0 else 0


def busy_life(path, dice):
    """A table whose rows come and go in no order, so that pages are split and joined."""
    database = sqlite.open_database(path)
    database.execute("create table rows (a integer, b integer, c blob, primary key (a, b)) without rowid")
    for _ in range(40):
        with sqlite.transaction(database):
            rows = [(dice.randrange(50), dice.randrange(10**9), dice.randbytes(dice.randrange(900))) for _ in range(60)]
            database.executemany("insert or replace into rows values (?, ?, ?)", rows)
            database.execute("delete from rows where a = ?", (dice.randrange(50),))
    sqlite.scrub(database)
    kept = database.execute("select * from rows").fetchall()
    database.close()
    return kept


def test_no_page_has_anything_between_its_list_of_cells_and_the_first_of_them(tmp_path):
    kept = busy_life(tmp_path / "a.db", random.Random(1))

    pages = list(pages_of(tmp_path / "a.db"))

    assert len(pages) > 100
    assert all(cleaned(page, header) == page for page, header in pages)
    assert sqlite.check(tmp_path / "a.db") is None
    database = sqlite.open_database(tmp_path / "a.db", read_only=True)
    assert database.execute("select * from rows").fetchall() == kept
    database.close()


def test_only_the_unused_part_of_a_page_is_overwritten():
    used, cells = bytes([13, 0, 0, 0, 2, 15, 160, 0]) + b"\x0f\xd0\x0f\xa0", b"c" * 96
    page = used + b"left" * 997 + cells
    assert len(page) == PAGE_BYTES

    clean = cleaned(page, 0)

    assert clean == used + bytes(997 * 4) + cells


def test_pages_that_are_no_b_tree_are_left_alone():
    overflow, odd = bytes([0, 0, 4, 210]) + b"x" * 4_092, bytes([13, 0, 0, 255, 255, 0, 9]) + b"x" * 4_089

    assert cleaned(overflow, 0) == overflow
    assert cleaned(odd, 0) == odd
    assert cleaned(b"", 0) == b""
    assert cleaned(b"SQLite format 3", FILE_HEADER_BYTES) == b"SQLite format 3"
