"""Loading: snapshot and tail give the session that all events together give."""

import pytest
from cast import carl
from stores.chats import Chat, all_frames

from chatsession.core import commands as c
from chatsession.core.apply import fold


async def test_without_a_snapshot_everything_is_the_tail(store):
    chat = Chat()
    await store.append(chat.opened())
    await store.append(chat.answered())

    loaded = await store.load(chat.id)

    assert loaded.snapshot is None
    assert fold(loaded.tail) == chat.session


async def test_with_a_snapshot_the_tail_is_what_came_after(store):
    chat = Chat()
    await store.append(chat.opened())
    middle = chat.answered(snapshot=True)
    await store.append(middle)
    last = chat.asks()
    await store.append(last)

    loaded = await store.load(chat.id)

    assert loaded.snapshot == middle.session
    assert loaded.tail == last.frames
    assert fold(loaded.tail, loaded.snapshot) == chat.session


async def test_the_newest_snapshot_counts(store):
    chat = Chat()
    await store.append(chat.opened(snapshot=True))
    await store.append(chat.closed())

    loaded = await store.load(chat.id)

    assert loaded.snapshot == chat.session
    assert loaded.tail == ()


async def test_a_session_nobody_opened_is_not_loaded(store):
    assert await store.load("ses_nobody") is None
    assert await store.row("ses_nobody") is None
    assert await store.frames("ses_nobody", 0, 10) == []
    assert await store.frames_before("ses_nobody", 10, 10) == []


@pytest.mark.parametrize(
    ("after", "limit", "seqs"),
    [(0, 2, [1, 2]), (1, 2, [2, 3]), (2, 100, [3, 4, 5, 6]), (6, 5, []), (99, 5, []), (0, 0, [])],
)
async def test_frames_are_paged_forwards(store, after, limit, seqs):
    frames = await six_frames(store)

    assert await store.frames("ses_1", after, limit) == [frames[seq - 1] for seq in seqs]


@pytest.mark.parametrize(
    ("before", "limit", "seqs"),
    [(7, 2, [5, 6]), (99, 2, [5, 6]), (4, 2, [2, 3]), (3, 99, [1, 2]), (1, 5, []), (0, 5, []), (5, 0, [])],
)
async def test_frames_are_paged_backwards_and_still_ascend(store, before, limit, seqs):
    frames = await six_frames(store)

    assert await store.frames_before("ses_1", before, limit) == [frames[seq - 1] for seq in seqs]


async def six_frames(store):
    chat = Chat()
    await store.append(chat.opened())
    await store.append(chat.answered())
    await store.append(chat.does(c.StartThread(actor=carl, topic="delivery")))
    frames = await all_frames(store, chat.id)
    assert len(frames) == 6
    return frames
