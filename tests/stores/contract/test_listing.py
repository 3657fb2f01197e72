"""Lists: which sessions there are, filtered and paged, newest first."""

import pytest
from cast import MINUTE, NOON, carl
from stores.chats import Chat

from chatsession.core import commands as c
from chatsession.core.policy import Policy
from chatsession.core.session import Facts
from chatsession.store import BadCursorError, SessionQuery


async def test_a_row_shows_the_session_as_it_stands(store):
    chat = Chat()
    await store.append(chat.opened())
    await store.append(chat.does(c.StartThread(actor=carl, topic="delivery")))
    await store.append(chat.claimed())
    opened = await store.row(chat.id)
    await store.append(chat.closed())

    closed = await store.row(chat.id)

    assert (opened.id, opened.inbox, opened.visitor, opened.phase, opened.period) == (
        chat.id, "shop", "vis_ana", "open", 1
    )  # fmt: skip
    assert (opened.floor, opened.topic, opened.opened_at) == ("agent", "delivery", NOON)
    assert (opened.closed_at, opened.close_reason, opened.outcome) == (None, None, None)
    state = chat.session
    assert (closed.phase, closed.close_reason, closed.outcome) == ("closed", "visitor", state.outcome)
    assert (closed.changed_at, closed.closed_at) == (state.at, state.closed_at)
    assert closed.resumable_until == state.resumable_until is not None


async def test_a_visitor_s_sessions_come_newest_first_and_from_one_inbox(store):
    for number in range(4):
        chat = Chat(f"ses_{number}", inbox="bank" if number == 2 else "shop", at=NOON + number * MINUTE)
        await store.append(chat.opened())
        await store.append(chat.closed())
    await store.append(Chat("ses_9", visitor="vis_bea").opened())

    rows = await store.sessions_of("shop", "vis_ana", 10)

    assert [row.id for row in rows] == ["ses_3", "ses_1", "ses_0"]
    assert await store.sessions_of("shop", "vis_ana", 2) == rows[:2]
    assert await store.sessions_of("shop", "vis_nobody", 10) == []


FILTERS = [
    (SessionQuery(), ["ses_5", "ses_4", "ses_3", "ses_2", "ses_1"]),
    (SessionQuery(inbox="bank"), ["ses_4"]),
    (SessionQuery(inboxes=("bank",)), ["ses_4"]),
    (SessionQuery(inboxes=("bank", "shop"), phase="open"), ["ses_5", "ses_4", "ses_3"]),
    (SessionQuery(inboxes=()), []),
    (SessionQuery(inbox="shop", inboxes=("bank",)), []),
    (SessionQuery(phase="closed"), ["ses_2", "ses_1"]),
    (SessionQuery(phase="archived"), []),
    (SessionQuery(visitor="vis_ana"), ["ses_4", "ses_1"]),
    (SessionQuery(visitor="vis_ana", inbox="shop"), ["ses_1"]),
    (SessionQuery(outcome="confirmed"), ["ses_2"]),
    (SessionQuery(topic="refund"), ["ses_5"]),
    (SessionQuery(topic="refund", phase="closed"), []),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
async def test_every_filter_must_match(store, query, expected):
    await five_sessions(store)

    page = await store.find(query)

    assert [row.id for row in page.rows] == expected
    assert (page.cursor, page.as_of) == (None, None)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 50])
async def test_pages_together_are_the_whole_list(store, limit):
    await five_sessions(store)
    found, cursor = [], None

    while True:
        page = await store.find(SessionQuery(limit=limit, cursor=cursor))
        assert len(page.rows) <= limit
        found += [row.id for row in page.rows]
        cursor = page.cursor
        if cursor is None:
            break

    assert found == ["ses_5", "ses_4", "ses_3", "ses_2", "ses_1"]


async def test_paging_goes_on_where_it_was_when_sessions_come_and_go(store):
    await five_sessions(store)
    page = await store.find(SessionQuery(limit=2))

    await store.append(Chat("ses_6", visitor="vis_f").opened())
    await store.erase_session("ses_4", NOON)
    await store.erase_session("ses_2", NOON)
    rest = await store.find(SessionQuery(cursor=page.cursor))

    assert [row.id for row in rest.rows] == ["ses_3", "ses_1"]


@pytest.mark.parametrize("cursor", ["", "nonsense", "💥", "Yzk5", "YzEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz", "Yy01", "AAAA"])
async def test_a_cursor_of_somebody_else_is_named_as_such_or_finds_what_is_there(store, cursor):
    await five_sessions(store)

    try:
        page = await store.find(SessionQuery(cursor=cursor))
        frames = await store.feed(cursor, 10)
    except BadCursorError as error:
        assert "begin again" in str(error)  # noqa: PT017  either answer will do, a crash will not
    else:
        assert len(page.rows) == 5
        assert frames.frames == ()


async def test_threads_are_found_in_every_session_they_run_through(store):
    first, second = Chat("ses_1"), Chat("ses_2")
    await store.append(first.opened())
    await store.append(first.does(c.StartThread(actor=carl, topic="delivery")))
    thread = first.session.thread
    await store.append(first.closed())
    await store.append(second.opened())
    known = Facts(continued=first.session.threads[thread])
    go_on = c.StartThread(actor=carl, thread=thread, continued_from="ses_1")
    await store.append(second.does(go_on, facts=known))

    found = await store.session_of_thread(thread)

    assert found == ["ses_1", "ses_2"]
    assert await store.session_of_thread(thread[:-1]) == []


async def five_sessions(store):
    """One closed, one resolved and archived by policy never, one open, one in the bank, one with a topic."""
    one, two = Chat("ses_1"), Chat("ses_2", visitor="vis_b", policy=Policy(threads="manual"))
    await store.append(one.opened())
    await store.append(one.closed())
    await store.append(two.opened())
    await store.append(two.does(c.ResolveSession(actor=carl, outcome="confirmed")))
    await store.append(Chat("ses_3", visitor="vis_c").opened())
    await store.append(Chat("ses_4", inbox="bank").opened())
    five = Chat("ses_5", visitor="vis_e")
    await store.append(five.opened())
    await store.append(five.does(c.StartThread(actor=carl, topic="refund")))
