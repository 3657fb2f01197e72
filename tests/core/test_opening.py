"""How a session opens."""

import pytest
from cast import NOON, POLICY, SECOND, ana, decided, kinds, open_session, refused

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.draft import Draft
from chatsession.core.session import NO_FACTS, Facts


def opening(**more) -> c.OpenSession:
    return c.OpenSession(
        actor=ana, session="ses_1", inbox="shop", visitor="vis_ana", policy=POLICY.hash, **{"text": "Hello", **more}
    )


def test_a_first_message_opens_the_session_and_asks_the_bot_in_one_batch():
    events = decided(None, opening())

    assert kinds(events) == [e.SessionOpened, e.MessagePosted, e.TurnOpened]
    assert [event.seq for event in events] == [1, 2, 3]


def test_a_new_session_is_open_with_the_bot_and_remembers_who_where_and_under_what():
    session = open_session(metadata={"page": "/returns"}, previous="ses_0")

    assert (session.phase, session.floor, session.period, session.term) == ("open", "bot", 1, 1)
    assert (session.inbox, session.visitor, session.policy) == ("shop", "vis_ana", POLICY.hash)
    assert session.metadata == {"page": "/returns"}
    assert session.previous == "ses_0"


def test_an_opened_chat_without_a_message_waits_on_the_visitor_from_its_opening():
    session = open_session(text=None)

    assert session.waiting_on == "visitor"
    assert session.idle_since == NOON
    assert session.turn is None


def test_parts_alone_are_a_first_message():
    events = decided(None, opening(text=None, parts=[{"type": "image", "url": "https://shop.test/1.png"}]))

    assert kinds(events) == [e.SessionOpened, e.MessagePosted, e.TurnOpened]


def test_a_first_message_that_is_refused_opens_nothing():
    refusal = refused(None, opening(text="  "))

    assert (refusal.code, refusal.status) == ("invalid_request", 422)


def test_a_page_that_is_no_text_opens_nothing():
    assert refused(None, opening(page="/a\x00b")).extra == {"field": "page"}


def test_too_much_metadata_opens_nothing():
    assert refused(None, opening(metadata={f"key{n}": n for n in range(33)})).code == "too_large"


def test_nothing_but_an_opening_begins_a_session():
    assert refused(None, c.PostMessage(actor=ana, text="Hello")).code == "not_found"


def test_a_session_is_opened_once():
    assert refused(open_session(), opening()).code == "wrong_state"


def test_what_the_session_before_hands_on_is_received_before_the_first_message():
    kept = {"language": e.Entry(value="de", by="visitor")}
    carried = e.ContextCarried(seq=9, at=NOON, boundary="archived", rule="keep_all", session_entries=kept)

    events = decided(None, opening(previous="ses_0"), facts=Facts(carried=carried))

    assert kinds(events) == [e.SessionOpened, e.ContextReceived, e.MessagePosted, e.TurnOpened]
    assert events[1].from_session == "ses_0"
    assert events[1].session_entries == kept


def test_what_has_expired_on_the_way_is_not_received():
    stale = {"offer": e.Entry(value=1, by="bot", expires_at=NOON)}
    carried = e.ContextCarried(seq=9, at=NOON, boundary="archived", rule="keep_all", session_entries=stale)

    events = decided(None, opening(previous="ses_0"), at=NOON + SECOND, facts=Facts(carried=carried))

    assert e.ContextReceived not in kinds(events)


def test_without_an_earlier_session_nothing_is_received():
    carried = e.ContextCarried(seq=9, at=NOON, boundary="archived", rule="fresh")

    assert e.ContextReceived not in kinds(decided(None, opening(), facts=Facts(carried=carried)))


def test_a_draft_without_an_opening_has_no_session_yet():
    with pytest.raises(RuntimeError, match="begins with session_opened"):
        _ = Draft(None, POLICY, NOON, NO_FACTS).session
