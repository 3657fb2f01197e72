"""The lists in the file: one row for each append, its frames as lines."""

from collections.abc import Iterable

from chatsession.stores.sqlite.asking import Ask

ROWS_EACH_MIN = 8
SEQ_END = 2**62

AFTER = "select last_seq, frames from appends where sno = ? and last_seq > ? order by last_seq limit ?"
BEFORE = "select last_seq, frames from appends where sno = ? and last_seq <= ? order by last_seq desc limit ?"
HOLDER = "select min(last_seq) from appends where sno = ? and last_seq >= ?"
"""The last seq of the append that a seq is in."""


def joined(frames: Iterable[bytes]) -> bytes:
    """What is stored of an append. JSON has no line breaks of its own."""
    return b"\n".join(frames)


def numbered(last_seq: int, stored: bytes) -> list[tuple[int, bytes]]:
    """The frames of an append with their seqs."""
    frames = stored.split(b"\n")
    return list(enumerate(frames, start=last_seq - len(frames) + 1))


def newest(stored: bytes) -> bytes:
    """The last frame of an append."""
    return stored[stored.rfind(b"\n") + 1 :]


def frames_after(ask: Ask, sno: int, after: int, limit: int) -> list[bytes]:
    """Frames with a seq behind `after`, ascending, `limit` at most."""
    found: list[bytes] = []
    while len(found) < limit:
        asked = _rows_for(limit - len(found))
        rows = ask(AFTER, (sno, after, asked))
        begun = len(found)
        for _, stored in rows:
            found += stored.split(b"\n")
        if rows:
            # The first append may have begun before; a list has no gaps, so that the last seq tells by how much.
            del found[begun : len(found) - (rows[-1][0] - after)]
            after = rows[-1][0]
        if len(rows) < asked:
            break
    return found[:limit]


def frames_before(ask: Ask, sno: int, before: int, limit: int) -> list[bytes]:
    """The last `limit` frames with a seq below `before`, ascending."""
    found: list[bytes] = []
    holder = ask(HOLDER, (sno, before - 1))[0][0]
    up_to = SEQ_END if holder is None else holder
    while len(found) < limit:
        asked = _rows_for(limit - len(found))
        rows = ask(BEFORE, (sno, up_to, asked))
        if not rows:
            break
        some = joined([row[1] for row in reversed(rows)]).split(b"\n")
        first = rows[0][0] - len(some) + 1
        found = some[: max(0, before - first)] + found
        up_to = first - 1
    return found[max(0, len(found) - limit) :]


def _rows_for(frames: int) -> int:
    """About how many appends hold so many frames: most have two or three."""
    return min(max(ROWS_EACH_MIN, frames // 2), SEQ_END)
