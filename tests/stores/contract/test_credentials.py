"""Who may come in: tokens, tickets, marks and keys, known to the store only by their hashes."""

import pytest
from cast import HOUR, MINUTE, NOON
from stores.chats import Chat

from chatsession.store import ApiKey, StoreError, Visitor

ANA = Visitor(id="vis_ana", inbox="shop", created_at=NOON)
CARLA = Visitor(id="vis_carla", inbox="shop", created_at=NOON, subject="customer-7", name="Carla")
UNTIL = NOON + HOUR


async def test_a_token_leads_to_its_visitor_until_it_is_over(store):
    await store.add_visitor(ANA, b"t1", UNTIL)

    assert await store.visitor_of_token(b"t1", NOON) == ANA
    assert await store.visitor_of_token(b"t1", UNTIL) is None
    assert await store.visitor_of_token(b"t2", NOON) is None
    assert await store.visitor("vis_ana") == ANA
    assert await store.visitor("vis_nobody") is None


async def test_an_identified_visitor_is_found_by_subject_within_the_inbox(store):
    await store.add_visitor(CARLA, b"t1", UNTIL)

    assert await store.visitor_of_subject("shop", "customer-7") == CARLA
    assert await store.visitor_of_subject("bank", "customer-7") is None
    assert await store.visitor_of_subject("shop", "customer-8") is None


@pytest.mark.parametrize("again", [CARLA, Visitor(id="vis_other", inbox="shop", created_at=NOON, subject="customer-7")])
async def test_an_id_or_a_subject_is_given_to_one_visitor(store, again):
    await store.add_visitor(CARLA, b"t1", UNTIL)

    with pytest.raises(StoreError):
        await store.add_visitor(again, b"t2", UNTIL)

    assert await store.visitor_of_token(b"t2", NOON) is None
    assert await store.visitor_of_subject("shop", "customer-7") == CARLA


async def test_anonymous_visitors_do_not_get_in_each_other_s_way(store):
    await store.add_visitor(ANA, b"t1", UNTIL)

    await store.add_visitor(Visitor(id="vis_bea", inbox="shop", created_at=NOON), b"t2", UNTIL)

    assert (await store.visitor_of_token(b"t2", NOON)).id == "vis_bea"


async def test_a_token_can_be_replaced(store):
    await store.add_visitor(ANA, b"t1", UNTIL)

    await store.add_token(ANA.id, b"t2", UNTIL, b"t1")
    await store.add_token(ANA.id, b"t3", UNTIL, None)

    known = [await store.visitor_of_token(token, NOON) for token in (b"t1", b"t2", b"t3")]
    assert known == [None, ANA, ANA]


async def test_revoking_takes_every_token_and_ticket_of_the_visitor_and_nobody_else_s(store):
    await store.add_visitor(ANA, b"t1", UNTIL)
    await store.add_token(ANA.id, b"t2", UNTIL, None)
    await store.add_visitor(CARLA, b"t3", UNTIL)
    await store.put_ticket(b"k1", ANA.id, "ses_1", UNTIL)

    revoked = await store.revoke_tokens(ANA.id)

    known = [await store.visitor_of_token(token, NOON) for token in (b"t1", b"t2", b"t3")]
    assert (revoked, known) == (2, [None, None, CARLA])
    assert await store.take_ticket(b"k1", NOON) is None
    assert await store.visitor(ANA.id) == ANA
    assert await store.revoke_tokens(ANA.id) == 0


async def test_a_ticket_opens_one_stream_once(store):
    await store.add_visitor(ANA, b"t1", UNTIL)
    await store.put_ticket(b"k1", ANA.id, "ses_1", UNTIL)
    await store.put_ticket(b"k2", ANA.id, "ses_2", NOON + MINUTE)

    first = await store.take_ticket(b"k1", NOON)
    second = await store.take_ticket(b"k1", NOON)
    late = await store.take_ticket(b"k2", NOON + MINUTE)

    assert (first, second, late) == ((ANA.id, "ses_1"), None, None)


async def test_a_mark_is_used_once_until_it_expires(store):
    first = await store.use_once(b"m1", NOON + HOUR, NOON)
    again = await store.use_once(b"m1", NOON + HOUR, NOON + MINUTE)
    other = await store.use_once(b"m2", NOON + HOUR, NOON)
    over = await store.use_once(b"m1", NOON + 3 * HOUR, NOON + HOUR)

    assert (first, again, other, over) == (True, False, True, True)


async def test_keys_are_found_by_their_hash_and_replaced_by_their_id(store):
    key = ApiKey(id="backoffice", hash=b"h1", role="admin", name="Back office", created_at=NOON)
    agent = ApiKey(id="carl", hash=b"h2", role="agent", name="Carl", inboxes=("shop", "bank"), created_at=NOON)
    nowhere = ApiKey(id="none", hash=b"h3", role="bot", name="Bot", inboxes=(), created_at=NOON)
    for each in (key, agent, nowhere):
        await store.put_key(each)
    renewed = ApiKey(id="backoffice", hash=b"h4", role="admin", name="Back office", created_at=NOON)

    known = [await store.key_of_hash(each) for each in (b"h1", b"h2", b"h3", b"h9")]
    await store.put_key(renewed)

    assert known == [key, agent, nowhere, None]
    assert await store.key_of_hash(b"h1") is None
    assert await store.key_of_hash(b"h4") == renewed


async def test_keys_are_listed_by_id_and_a_removed_one_is_found_no_more(store):
    keys = [
        ApiKey(id=name, hash=name.encode(), role="agent", name=name, inboxes=inboxes, created_at=NOON, ending="x7Qa")
        for name, inboxes in (("dora", ("shop", "bank")), ("carl", None))
    ]
    for each in keys:
        await store.put_key(each)

    listed = await store.keys()
    removed = [await store.remove_key("carl"), await store.remove_key("carl")]

    assert listed == [keys[1], keys[0]]
    assert removed == [True, False]
    assert await store.key_of_hash(b"carl") is None
    assert await store.keys() == [keys[0]]


async def test_whoever_was_erased_gets_no_token_and_no_ticket(store):
    await store.add_visitor(ANA, b"t1", UNTIL)
    await store.append(Chat().opened())
    await store.erase(ANA.id, NOON)

    await store.add_token(ANA.id, b"t2", UNTIL, None)
    await store.put_ticket(b"k1", ANA.id, "ses_1", UNTIL)

    assert await store.visitor_of_token(b"t2", NOON) is None
    assert await store.take_ticket(b"k1", NOON) is None
