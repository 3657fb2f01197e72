"""Append: all of it or nothing, at the expected place, once for each client id."""

import pytest
from stores.chats import Chat, all_frames, receipt_of, trace_of, whole_feed

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.policy import Policy
from chatsession.store import AlreadyOpenError, ConflictError, DuplicateError, SessionQuery

SEVERAL = Policy(threads="manual", several_open=True)


async def test_what_is_appended_is_kept_byte_for_byte_and_in_order(store):
    chat = Chat()
    appends = [chat.opened(), chat.answered(), chat.asks("Grüße 🦊")]

    for append in appends:
        await store.append(append)

    frames = await all_frames(store, chat.id)
    assert frames == [frame for append in appends for frame in append.frames]
    assert [e.header(frame).seq for frame in frames] == list(range(1, chat.session.seq + 1))


async def test_an_append_that_expects_an_older_place_conflicts_and_writes_nothing(store):
    chat, rival = Chat(), Chat()
    await store.append(chat.opened())
    rival.opened()
    await store.append(chat.asks("First"))

    with pytest.raises(ConflictError) as conflict:
        await store.append(rival.asks("Second"))

    assert conflict.value.session == chat.id
    assert len(await all_frames(store, chat.id)) == chat.session.seq
    assert (await store.row(chat.id)).changed_at == chat.session.at


async def test_an_append_to_a_session_that_is_not_there_conflicts(store):
    chat = Chat()
    chat.opened()

    with pytest.raises(ConflictError):
        await store.append(chat.asks())

    assert await store.load(chat.id) is None


async def test_a_session_is_opened_once(store):
    chat = Chat()
    await store.append(chat.opened())

    with pytest.raises(ConflictError):
        await store.append(Chat().opened("Me too"))

    assert len(await all_frames(store, chat.id)) == chat.session.seq


async def test_a_client_id_used_before_is_answered_with_the_first_receipt(store):
    chat = Chat()
    await store.append(chat.opened())
    first = chat.asks("Where is it?", client_id="c1")
    await store.append(first)
    before = await all_frames(store, chat.id)

    with pytest.raises(DuplicateError) as duplicate:
        await store.append(chat.asks("Where is it?", client_id="c1"))

    [new] = first.receipts
    assert duplicate.value.receipt == new.receipt
    assert (duplicate.value.session, duplicate.value.author, duplicate.value.client_id) == (chat.id, "visitor", "c1")
    assert await all_frames(store, chat.id) == before


async def test_receipts_last_as_long_as_the_session(store):
    chat = Chat()
    await store.append(chat.opened())
    append = chat.asks("Once", client_id="c1")
    await store.append(append)
    await store.append(chat.closed())
    await store.append(chat.resumed())

    receipt = await store.receipt(chat.id, "visitor", "c1")

    assert receipt == append.receipts[0].receipt
    assert await store.receipt(chat.id, "visitor", "c2") is None
    assert await store.receipt(chat.id, "agent:carl", "c1") is None
    assert await store.receipt("ses_2", "visitor", "c1") is None


async def test_two_authors_may_use_the_same_client_id(store):
    chat = Chat()
    await store.append(chat.opened())
    mine = receipt_of(chat, "c1", "Mine")
    await store.append(chat.asks("Mine", client_id="c1"))
    theirs = type(mine)("key:backoffice", "c1", receipt_of(chat, "c1", "Theirs").receipt)

    await store.append(chat.answered(receipts=[theirs]))

    assert await store.receipt(chat.id, "key:backoffice", "c1") == theirs.receipt


async def test_several_sessions_are_written_together_or_not_at_all(store):
    one, two = Chat("ses_1", visitor="vis_ana"), Chat("ses_2", visitor="vis_bea")
    await store.append(one.opened(), two.opened())
    good = one.asks("Written?")
    two.asks("Lost")

    with pytest.raises(ConflictError) as conflict:
        await store.append(good, two.asks("Out of place"))

    assert conflict.value.session == two.id
    assert good.frames[0] not in await all_frames(store, one.id)
    await store.append(good)
    assert good.frames[0] in await all_frames(store, one.id)


async def test_the_loser_of_a_joint_append_leaves_no_receipt_trace_or_place_in_the_feed(store):
    one, two = Chat("ses_1", visitor="vis_ana"), Chat("ses_2", visitor="vis_bea")
    await store.append(one.opened())
    feed = await whole_feed(store)
    two.opened()

    with pytest.raises(ConflictError):
        await store.append(one.asks("Hm", client_id="c1", traces=[trace_of(one)]), two.asks())

    assert await store.receipt(one.id, "visitor", "c1") is None
    assert await store.traces(one.id) == []
    assert await whole_feed(store) == feed


async def test_one_call_has_one_append_for_each_session(store):
    chat = Chat()
    await store.append(chat.opened())
    first, second = chat.asks("One"), chat.asks("Two")

    with pytest.raises(ConflictError):
        await store.append(first, second)

    assert len(await all_frames(store, chat.id)) == first.expected_seq


async def test_a_visitor_has_at_most_one_open_session_in_an_inbox(store):
    await store.append(Chat("ses_1").opened())

    with pytest.raises(AlreadyOpenError) as already:
        await store.append(Chat("ses_2").opened())

    assert already.value.session == "ses_1"
    assert await store.load("ses_2") is None


async def test_other_inboxes_and_other_visitors_are_free(store):
    await store.append(Chat("ses_1").opened())

    await store.append(Chat("ses_2", inbox="bank").opened())
    await store.append(Chat("ses_3", visitor="vis_bea").opened())

    assert len((await store.find(SessionQuery())).rows) == 3


async def test_one_may_open_in_the_transaction_in_which_the_other_closes(store):
    old, new = Chat("ses_1"), Chat("ses_2")
    await store.append(old.opened())

    await store.append(new.opened(), old.closed())

    assert (await store.row("ses_1")).phase == "closed"
    assert (await store.row("ses_2")).phase == "open"


async def test_a_closed_session_cannot_come_back_beside_an_open_one(store):
    old = Chat("ses_1")
    await store.append(old.opened())
    await store.append(old.closed())
    await store.append(Chat("ses_2").opened())

    with pytest.raises(AlreadyOpenError) as already:
        await store.append(old.resumed())

    assert already.value.session == "ses_2"
    assert (await store.row("ses_1")).phase == "closed"


async def test_two_that_open_in_one_call_are_one_too_many(store):
    with pytest.raises(AlreadyOpenError):
        await store.append(Chat("ses_1").opened(), Chat("ses_2").opened())

    assert await store.load("ses_1") is None
    assert await store.load("ses_2") is None


async def test_an_inbox_may_allow_several(store):
    await store.append(Chat("ses_1", policy=SEVERAL).opened())

    await store.append(Chat("ses_2", policy=SEVERAL).opened())

    assert [row.id for row in await store.sessions_of("shop", "vis_ana", 10)] == ["ses_2", "ses_1"]


async def test_an_identified_visitor_keeps_to_one_open_session_too(store):
    anonymous, known = Chat("ses_1", visitor="vis_anon"), Chat("ses_2", visitor="vis_ana")
    await store.append(anonymous.opened())
    await store.append(known.opened())
    claim = anonymous.does(c.IdentifyVisitor(actor=c.CLOCK, visitor="vis_ana"))

    with pytest.raises(AlreadyOpenError) as already:
        await store.append(claim)
    await store.append(claim, known.closed())

    assert already.value.session == "ses_2"
    assert (await store.row("ses_1")).visitor == "vis_ana"
    assert await store.sessions_of("shop", "vis_anon", 10) == []
