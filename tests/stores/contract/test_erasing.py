"""Erasing leaves nothing and may be asked for twice; redacting leaves a tombstone in its place."""

import pytest
from cast import HOUR, NOON, carl
from stores.chats import Chat, all_frames, trace_of, whole_feed

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.session import UsageToday
from chatsession.store import ConflictError, SessionQuery, Visitor

TODAY = "2026-01-05"


async def lived_through(store, session="ses_1", visitor="vis_ana") -> Chat:
    """A session with everything that can be kept of one."""
    chat = Chat(session, visitor=visitor)
    await store.append(chat.opened("Hello there", snapshot=True))
    await store.append(chat.answered(traces=[trace_of(chat)]))
    await store.append(chat.does(c.StartThread(actor=carl, topic="delivery")))
    await store.append(chat.asks("Where is it?", client_id="c1"))
    return chat


async def remains(store, chat) -> dict:
    """All that can still be asked about a session."""
    return {
        "loaded": await store.load(chat.id),
        "row": await store.row(chat.id),
        "frames": await all_frames(store, chat.id),
        "before": await store.frames_before(chat.id, 99, 99),
        "receipt": await store.receipt(chat.id, "visitor", "c1"),
        "traces": await store.traces(chat.id),
        "threads": await store.session_of_thread(chat.session.thread),
        "due": [each for each in await store.due(NOON + 9_999 * HOUR, 99) if each[0] == chat.id],
        "feed": [each for each in await whole_feed(store) if each[0] == chat.id],
        "found": [row for row in (await store.find(SessionQuery())).rows if row.id == chat.id],
        "said": [row for row in (await store.find(SessionQuery(q="hello"))).rows if row.id == chat.id],
        "theirs": [row for row in await store.sessions_of("shop", chat.visitor, 99) if row.id == chat.id],
    }


async def test_erasing_a_session_leaves_nothing_of_it_and_all_of_the_others(store):
    mine, other = await lived_through(store), await lived_through(store, "ses_2", "vis_bea")
    before = await remains(store, other)

    receipt = await store.erase_session(mine.id, NOON)

    left = await remains(store, mine)
    assert not any(left.values()), left
    assert (receipt.sessions, receipt.events, receipt.at) == (1, mine.session.seq, NOON)
    assert {**await remains(store, other), "said": before["said"]} == before


async def test_erasing_a_visitor_leaves_nothing_of_them(store):
    ana = Visitor(id="vis_ana", inbox="shop", created_at=NOON, subject="customer-7")
    await store.add_visitor(ana, b"t1", NOON + HOUR)
    await store.put_ticket(b"k1", ana.id, "ses_1", NOON + HOUR)
    first = await lived_through(store)
    await store.append(first.closed())
    second = await lived_through(store, "ses_2")
    other = await lived_through(store, "ses_3", "vis_bea")

    receipt = await store.erase(ana.id, NOON)

    for chat in (first, second):
        left = await remains(store, chat)
        assert not any(left.values()), left
    assert (receipt.sessions, receipt.events) == (2, first.session.seq + second.session.seq)
    assert await store.visitor(ana.id) is None
    assert await store.visitor_of_token(b"t1", NOON) is None
    assert await store.visitor_of_subject("shop", "customer-7") is None
    assert await store.take_ticket(b"k1", NOON) is None
    assert await store.usage_today("shop", ana.id, TODAY) == UsageToday()
    assert len(await all_frames(store, other.id)) == other.session.seq


async def test_erasing_again_gives_another_receipt_with_nothing_in_it(store):
    await lived_through(store)
    first = await store.erase("vis_ana", NOON)

    second = await store.erase("vis_ana", NOON + HOUR)
    nobody = await store.erase_session("ses_1", NOON)

    assert (second.sessions, second.events, second.at) == (0, 0, NOON + HOUR)
    assert (nobody.sessions, nobody.events) == (0, 0)
    assert len({first.id, second.id, nobody.id}) == 3


async def test_a_receipt_says_nothing_about_whom(store):
    await lived_through(store)

    receipt = await store.erase("vis_ana", NOON)

    assert not any(word in repr(receipt) for word in ("ana", "ses_1", "shop"))


async def test_nothing_can_be_appended_to_an_erased_session(store):
    chat = await lived_through(store)
    await store.erase_session(chat.id, NOON)

    with pytest.raises(ConflictError):
        await store.append(chat.answered())
    await store.put_trace(trace_of(chat))

    left = await remains(store, chat)
    assert not any(left.values()), left


async def test_an_erased_open_session_makes_room_for_another(store):
    chat = await lived_through(store)
    await store.erase_session(chat.id, NOON)

    await store.append(Chat("ses_2").opened())

    assert (await store.row("ses_2")).phase == "open"


async def test_erasing_a_session_takes_its_tickets(store):
    await store.add_visitor(Visitor(id="vis_ana", inbox="shop", created_at=NOON), b"t1", NOON + HOUR)
    chat = await lived_through(store)
    await store.put_ticket(b"k1", "vis_ana", chat.id, NOON + HOUR)

    await store.erase_session(chat.id, NOON)

    assert await store.take_ticket(b"k1", NOON) is None
    assert await store.visitor_of_token(b"t1", NOON) is not None


async def test_a_redacted_message_leaves_a_tombstone_in_its_place(store):
    chat = Chat()
    await store.append(chat.opened("My card is 4111 1111", snapshot=True))
    await store.append(chat.answered(traces=[trace_of(chat)]))
    seq = next(each.seq for each in map(e.header, await all_frames(store, chat.id)) if each.type == "message_posted")

    redacted = await store.redact(chat.id, seq)

    frames = await all_frames(store, chat.id)
    assert redacted
    assert isinstance(e.decode(frames[seq - 1]), e.Redacted)
    assert [e.header(frame).seq for frame in frames] == list(range(1, chat.session.seq + 1))
    assert not any(b"4111" in frame for frame in frames)
    assert (await store.load(chat.id)).snapshot is None
    assert await store.traces(chat.id) == []


async def test_a_redacted_message_is_not_found_any_more(store, eventually):
    chat = Chat()
    await store.append(chat.opened("unmistakable"))
    await eventually(lambda: said(store, "unmistakable"))

    await store.redact(chat.id, 2)

    assert await said(store, "unmistakable") == []


async def test_a_message_redacted_before_search_saw_it_is_never_found(store, eventually):
    chat = Chat()
    await store.append(chat.opened("unmistakable"))
    await store.redact(chat.id, 2)
    await store.append(chat.answered("an answer"))

    await eventually(lambda: said(store, "answer"))

    assert await said(store, "unmistakable") == []


async def test_redacting_twice_changes_nothing_and_redacting_nothing_says_so(store):
    chat = Chat()
    await store.append(chat.opened())
    await store.redact(chat.id, 2)
    once = await all_frames(store, chat.id)

    again = await store.redact(chat.id, 2)

    assert again
    assert await all_frames(store, chat.id) == once
    assert [await store.redact(chat.id, seq) for seq in (0, -1, chat.session.seq + 1)] == [False] * 3
    assert not await store.redact("ses_nobody", 1)


async def test_what_a_session_is_folded_from_is_not_redacted(store):
    chat = Chat()
    await store.append(chat.opened("Hello", snapshot=True))
    await store.append(chat.answered())
    before = await all_frames(store, chat.id)
    others = [head.seq for head in map(e.header, before) if head.type != "message_posted"]

    assert [await store.redact(chat.id, seq) for seq in others] == [False] * len(others)

    assert await all_frames(store, chat.id) == before


async def test_a_session_goes_on_after_a_redaction(store):
    chat = Chat()
    await store.append(chat.opened("oops"))
    await store.redact(chat.id, 2)

    await store.append(chat.answered())

    assert len(await all_frames(store, chat.id)) == chat.session.seq


async def said(store, words):
    page = await store.find(SessionQuery(q=words))
    return [row.id for row in page.rows]
