"""What happens when somebody says something."""

import pytest
from cast import (
    MINUTE,
    NOON,
    SECOND,
    ana,
    answered,
    bot,
    carl,
    closed,
    decided,
    dora,
    in_thread,
    key,
    kinds,
    open_session,
    queued,
    refused,
    stepped,
    waiting,
    with_agent,
)

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.session import Facts, Receipt


def says(text: str = "Hello?", actor: c.Actor = ana, **more) -> c.PostMessage:
    return c.PostMessage(actor=actor, text=text, **more)


def test_a_message_while_the_bot_has_the_floor_opens_a_turn():
    events = decided(waiting(), says())

    assert kinds(events) == [e.MessagePosted, e.TurnOpened]
    assert events[1].asked_seq == events[0].seq


def test_a_message_in_the_middle_of_an_answer_replaces_the_turn():
    session = open_session()

    events = decided(session, says("No, wait"))

    assert kinds(events) == [e.MessagePosted, e.TurnSuperseded, e.TurnOpened]
    assert events[1].reason == "visitor_wrote"
    assert events[2].turn == 2


def test_a_message_to_the_queue_asks_no_bot_and_answers_for_the_visitor_being_there():
    session = stepped(queued(), c.Tick(), at=NOON + 5 * MINUTE)

    after = stepped(session, says(), at=NOON + 6 * MINUTE)

    assert (session.queue.offers, after.queue.offers) == (1, 0)
    assert after.turn is None


def test_a_message_to_an_agent_waits_on_the_agent_from_the_first_unanswered_one():
    session = stepped(with_agent(), says("Here", carl), at=NOON + SECOND)

    once = stepped(session, says(), at=NOON + MINUTE)
    twice = stepped(once, says(), at=NOON + 2 * MINUTE)

    assert (once.waiting_on, once.unanswered_since) == ("agent", NOON + MINUTE)
    assert twice.unanswered_since == NOON + MINUTE


def test_an_agent_writes_while_holding_the_floor_and_then_waits_on_the_visitor():
    after = stepped(with_agent(), says("I am Carl", carl), at=NOON + SECOND)

    assert (after.waiting_on, after.idle_since) == ("visitor", NOON + SECOND)


@pytest.mark.parametrize(
    ("session", "actor"),
    [(waiting(), carl), (queued(), carl), (with_agent(), dora), (with_agent(), bot), (queued(), key)],
    ids=["bot floor: agent", "queue: agent", "agent floor: colleague", "agent floor: bot", "queue: program"],
)
def test_only_who_has_the_floor_speaks_for_the_service(session, actor):
    refusal = refused(session, says(actor=actor))

    assert (refusal.code, refusal.extra) == ("floor_taken", {"floor": session.floor})


def test_a_program_speaks_as_the_bot_while_the_bot_has_the_floor():
    (posted,) = decided(waiting(), says("Your parcel has arrived", key))

    assert posted.author.kind == "bot"


def test_a_message_has_its_client_id_page_and_parts_and_an_id_that_leads_to_it():
    part = {"type": "image", "url": "https://shop.test/1.png"}

    posted = decided(waiting(), says("Look", client_id="c1", page="/cart", parts=[part]))[0]

    assert (posted.client_id, posted.page, posted.parts) == ("c1", "/cart", [part])
    assert posted.message_id == f"msg_1_{posted.seq}"


@pytest.mark.parametrize(
    "wrong",
    [
        says(" \n"),
        says("a\x00b"),
        says("half \ud83d"),
        says("Hi", client_id=""),
        says("Hi", client_id="c" * (limits.CLIENT_ID_CHARS_MAX + 1)),
        says("Hi", client_id="c\x00"),
        says("Hi", page="\ud83d"),
        says("Hi", thread="thr_none"),
    ],
)
def test_a_message_that_cannot_be_kept_is_refused_with_a_sentence(wrong):
    refusal = refused(waiting(), wrong)

    assert (refusal.code, refusal.status) == ("invalid_request", 422)
    assert refusal.detail.endswith(".")


@pytest.mark.parametrize(
    "wrong",
    [
        says("x" * (limits.TEXT_CHARS_MAX + 1)),
        says("Hi", parts=[{}] * (limits.PARTS_MAX + 1)),
        says("Hi", parts=[{"data": "x" * limits.PARTS_BYTES_MAX}]),
    ],
)
def test_a_message_over_a_limit_is_refused_by_name(wrong):
    assert refused(waiting(), wrong).code == "too_large"


def test_no_message_enters_a_closed_session():
    refusal = refused(closed(), says())

    assert (refusal.code, refusal.extra) == ("session_closed", {"allowed": ["resume", "new"]})


def test_a_repeated_message_is_answered_as_before_even_after_the_closing():
    receipt = Receipt(seq=2, digest=b"same", message_id="msg_1_2")

    assert decided(closed(), says(client_id="c1", digest=b"same"), facts=Facts(receipt=receipt)) == []


def test_a_client_id_is_not_used_for_another_message():
    receipt = Receipt(seq=2, digest=b"one", message_id="msg_1_2")

    refusal = refused(waiting(), says(client_id="c1", digest=b"two"), facts=Facts(receipt=receipt))

    assert (refusal.code, refusal.status) == ("client_id_reused", 409)


def test_a_message_after_the_visitor_chose_to_leave_one_says_so():
    session = stepped(queued(), c.AnswerQueueOffer(actor=ana, choice="leave_message"))

    (posted,) = decided(session, says("Please call me back"))

    assert posted.left_message


def test_a_message_in_another_thread_makes_that_the_current_one_and_asks_about_it():
    session = in_thread(in_thread(waiting(), "thr_a"), "thr_b")

    events = decided(session, says("About the first", thread="thr_a"))

    assert kinds(events) == [e.ThreadChanged, e.MessagePosted, e.TurnOpened]
    assert [events[1].thread, events[2].thread] == ["thr_a", "thr_a"]


def test_a_note_is_for_colleagues_in_every_phase():
    (noted,) = decided(closed(), c.PostNote(actor=carl, text="Call back tomorrow"))

    assert noted.audience == "service"
    assert noted.author.id == "carl"


@pytest.mark.parametrize(("text", "code"), [(" ", "invalid_request"), ("x" * 4_001, "too_large")])
def test_a_note_needs_text_of_a_sane_length(text, code):
    assert refused(waiting(), c.PostNote(actor=carl, text=text)).code == code


def test_an_answer_of_the_bot_is_not_said_while_somebody_else_has_the_floor():
    session = queued()

    assert refused(session, c.AnswerTurn(actor=bot, turn=1, attempt=1, text="Late")).code == "turn_over"


def test_the_visitor_is_not_waited_for_while_a_turn_is_open():
    session = open_session()

    assert (session.waiting_on, session.idle_since) == ("bot", None)
    assert answered(session).waiting_on == "visitor"
