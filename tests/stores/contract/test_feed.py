"""The feed: every committed event once, in the order of commits, by an opaque cursor."""

import pytest
from cast import NOON
from stores.chats import Chat, whole_feed

from chatsession.core import events as e
from chatsession.store import ConflictError


@pytest.mark.parametrize("limit", [1, 2, 7, 1_000])
async def test_the_feed_has_everything_in_the_order_of_commits_whatever_the_page(store, limit):
    one, two = Chat("ses_1"), Chat("ses_2", visitor="vis_bea")
    appends = [one.opened(), two.opened(), two.asks(), one.answered(), one.closed()]
    for append in appends:
        await store.append(append)

    feed = await whole_feed(store, limit)

    assert feed == [(append.session.id, frame) for append in appends for frame in append.frames]


async def test_the_events_of_one_append_are_never_parted(store):
    chat = Chat()
    opened = chat.opened()
    await store.append(opened)
    await store.append(chat.asks())

    page = await store.feed(None, 1)

    assert [frame for _, frame in page.frames] == list(opened.frames)


async def test_a_cursor_at_the_end_shows_only_what_comes_later(store):
    chat = Chat()
    await store.append(chat.opened())
    end = (await store.feed(None, 100)).cursor

    nothing = await store.feed(end, 100)
    append = chat.asks()
    await store.append(append)
    more = await store.feed(nothing.cursor, 100)

    assert nothing.frames == ()
    assert [frame for _, frame in more.frames] == list(append.frames)


async def test_an_empty_feed_has_a_cursor_that_goes_on(store):
    start = await store.feed(None, 100)
    append = Chat().opened()
    await store.append(append)

    page = await store.feed(start.cursor, 100)

    assert start.frames == ()
    assert [frame for _, frame in page.frames] == list(append.frames)


async def test_after_the_newest_session_is_erased_the_next_append_is_not_missed(store):
    await store.append(Chat("ses_1").opened())
    gone = Chat("ses_2", visitor="vis_bea")
    await store.append(gone.opened())
    cursor = (await store.feed(None, 100)).cursor
    await store.erase_session("ses_2", NOON)

    append = Chat("ses_3", visitor="vis_carla").opened()
    await store.append(append)

    page = await store.feed(cursor, 100)
    assert [frame for _, frame in page.frames] == list(append.frames)


async def test_a_refused_append_is_not_in_the_feed(store):
    chat = Chat()
    await store.append(chat.opened())
    before = await whole_feed(store)

    with pytest.raises(ConflictError):
        await store.append(Chat().opened())

    assert await whole_feed(store) == before


async def test_a_redacted_event_is_redacted_in_the_feed(store):
    chat = Chat()
    await store.append(chat.opened("My card is 4111 1111"))

    await store.redact(chat.id, 2)

    feed = await whole_feed(store)
    assert not any(b"4111" in frame for _, frame in feed)
    assert [e.header(frame).seq for _, frame in feed] == list(range(1, chat.session.seq + 1))
