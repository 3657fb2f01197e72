"""Search: it follows the list, says how far it has come, and knows no syntax but words."""

import pytest
from cast import carl
from stores.chats import Chat

from chatsession.core import commands as c
from chatsession.store import SessionQuery


async def ids(store, words, **more):
    page = await store.find(SessionQuery(q=words, **more))
    return [row.id for row in page.rows]


@pytest.fixture
async def searched(store, eventually):
    """A store with three sessions, searched up to the last word."""
    chats = [
        ("ses_1", "vis_a", "Where is my parcel to Zürich?"),
        ("ses_2", "vis_b", "The Café is closed, isn't it?"),
        ("ses_3", "vis_c", "my refund please"),
    ]
    for session, visitor, text in chats:
        chat = Chat(session, visitor=visitor)
        await store.append(chat.opened(text))
        await store.append(chat.answered("I shall look into it, number A-20391."))
    newest = chat.session.at
    await eventually(lambda: has_followed(store, newest))
    return store


async def has_followed(store, instant):
    as_of = (await store.find(SessionQuery(q="parcel"))).as_of
    return as_of is not None and as_of >= instant


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("parcel", ["ses_1"]),
        ("PARCEL my", ["ses_1"]),
        ("my", ["ses_3", "ses_1"]),
        ("zurich", ["ses_1"]),
        ("cafe", ["ses_2"]),
        ("café", ["ses_2"]),
        ("number 20391", ["ses_3", "ses_2", "ses_1"]),
        ("parcel refund", []),
        ("parcel number", []),
        ("parce", []),
        ("", []),
        ("?!", []),
        ('"', []),
        ("parcel OR refund", []),
        ("parcel* NEAR(", []),
        ("text:parcel", []),
        ("-parcel", ["ses_1"]),
        ("\0", []),
    ],
)
async def test_sessions_with_a_message_that_has_all_the_words_are_found(searched, words, found):
    assert await ids(searched, words) == found


async def test_search_goes_together_with_the_filters_and_with_pages(searched):
    first = await searched.find(SessionQuery(q="number", limit=2))
    second = await searched.find(SessionQuery(q="number", limit=2, cursor=first.cursor))

    assert [row.id for row in (*first.rows, *second.rows)] == ["ses_3", "ses_2", "ses_1"]
    assert second.cursor is None
    assert await ids(searched, "number", visitor="vis_b") == ["ses_2"]
    assert await ids(searched, "number", inboxes=("bank",)) == []


async def test_notes_and_context_are_not_searched(searched, eventually):
    chat = Chat("ses_4", visitor="vis_d")
    await searched.append(chat.opened("plain"))
    await searched.append(chat.does(c.PostNote(actor=carl, text="secretword")))
    await searched.append(chat.does(c.ChangeContext(actor=carl, set={"city": "secretword"})))
    await eventually(lambda: has_followed(searched, chat.session.at))

    assert await ids(searched, "plain") == ["ses_4"]
    assert await ids(searched, "secretword") == []


async def test_before_anything_is_said_search_has_come_nowhere(store):
    page = await store.find(SessionQuery(q="anything"))

    assert (page.rows, page.cursor, page.as_of) == ((), None, None)


async def test_what_is_appended_while_an_older_session_is_erased_is_found_too(store, eventually):
    """The erased session's place in the feed must not be given to the next, or the follower would pass it by."""
    first, second = Chat("ses_1"), Chat("ses_2")
    await store.append(first.opened("first"))
    await eventually(lambda: has_followed(store, first.session.at))

    await store.erase_session(first.id, first.at)
    await store.append(second.opened("second"))

    assert await eventually(lambda: ids(store, "second")) == ["ses_2"]
    assert await ids(store, "first") == []
