"""The queue before a slow reader: never longer than it may be, and never in the way of the last word."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from chatsession.server.outbox import Outbox

ROOM = 1_000


@given(st.lists(st.integers(1, 400) | st.none(), max_size=200))
async def test_what_waits_is_bounded_whatever_comes(sizes):
    outbox = Outbox(ROOM)

    for size in sizes:
        if size is None:
            outbox.written(len(await outbox.take(0) or b""))
        else:
            outbox.put(b"x" * size)
        assert len(outbox) <= ROOM


async def test_a_single_piece_always_fits():
    outbox = Outbox(ROOM)

    outbox.put(b"x" * 10 * ROOM)

    assert not outbox.overflown.is_set()
    assert len(await outbox.take(1) or b"") == 10 * ROOM


async def test_one_piece_too_many_is_the_end():
    outbox = Outbox(ROOM)
    outbox.put(b"x" * 900)

    outbox.put(b"x" * 101)

    assert outbox.overflown.is_set()
    assert len(outbox) == 900


async def test_what_is_being_written_counts_until_it_has_left():
    outbox = Outbox(ROOM)
    outbox.put(b"x" * 900)
    taken = await outbox.take(1) or b""

    outbox.put(b"y" * 100)
    outbox.written(len(taken))
    outbox.put(b"z" * 900)

    assert not outbox.overflown.is_set()
    assert len(outbox) == 1_000


async def test_the_last_word_comes_after_everything_and_nothing_after_it():
    outbox = Outbox(ROOM)
    outbox.put(b"a" * 1_000)

    outbox.end(b"end")
    outbox.put(b"late")

    assert await outbox.take(1) == b"a" * 1_000 + b"end"
    assert await outbox.take(1) is None


async def test_there_is_room_again_once_half_has_left():
    outbox = Outbox(ROOM)
    outbox.put(b"x" * 600)
    waiting = asyncio.create_task(outbox.room())
    await asyncio.sleep(0)

    assert not waiting.done()
    outbox.written(len(await outbox.take(1) or b""))
    await asyncio.wait_for(waiting, 20)
