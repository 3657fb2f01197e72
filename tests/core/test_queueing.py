"""The wait for a human: the truth about it, and the choice."""

from cast import MINUTE, NOON, POLICY, ana, decided, kinds, open_session, queued, refused, stepped, waiting
from hypothesis import given
from hypothesis import strategies as st

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.draft import Draft
from chatsession.core.due import due_at
from chatsession.core.rules.queueing import nobody_came
from chatsession.core.session import NO_FACTS

WAIT = POLICY.queue_wait


def choose(choice: str) -> c.AnswerQueueOffer:
    return c.AnswerQueueOffer(actor=ana, choice=choice)


def test_after_the_wait_the_visitor_hears_the_truth_and_has_the_choice():
    (offer,) = decided(queued(), c.Tick(), at=NOON + WAIT)

    assert (offer.offer, offer.waited_seconds) == (1, 300)
    assert offer.choices == ["wait", "bot", "leave_message"]


def test_the_wait_begins_again_after_each_offer():
    session = stepped(queued(), c.Tick(), at=NOON + WAIT)

    assert due_at(session, POLICY) == NOON + 2 * WAIT
    assert decided(session, c.Tick(), at=NOON + 2 * WAIT)[0].waited_seconds == 600


def test_after_three_offers_without_an_answer_the_bot_has_the_floor_and_the_visitors_clock_begins():
    session = queued()
    for offer in range(1, 4):
        session = stepped(session, c.Tick(), at=NOON + offer * WAIT)

    events = decided(session, c.Tick(), at=NOON + 4 * WAIT)
    after = stepped(session, c.Tick(), at=NOON + 4 * WAIT)

    assert kinds(events) == [e.FloorChanged, e.MessagePosted]
    assert (events[0].reason, events[1].text) == ("gave_up", POLICY.texts.gave_up)
    assert (after.floor, after.idle_since) == ("bot", NOON + 4 * WAIT)


def test_who_chooses_to_wait_has_three_offers_again():
    session = stepped(queued(), c.Tick(), at=NOON + WAIT)

    after = stepped(session, choose("wait"), at=NOON + WAIT + MINUTE)

    assert (after.queue.offers, after.queue.asked_at, after.queue.since) == (0, NOON + WAIT + MINUTE, NOON)


def test_who_chooses_the_bot_has_the_bot():
    events = decided(queued(), choose("bot"))

    assert kinds(events) == [e.QueueChoiceMade, e.FloorChanged]
    assert events[1].reason == "visitor_chose_bot"


def test_who_leaves_a_message_is_asked_no_more_and_keeps_the_place():
    session = stepped(queued(), choose("leave_message"))

    assert session.floor == "queue"
    assert due_at(session, POLICY) is None


def test_who_is_not_in_the_queue_has_nothing_to_choose():
    assert refused(waiting(), choose("wait")).code == "floor_taken"


def test_nobody_is_offered_anything_outside_the_queue():
    draft = Draft(open_session(), POLICY, NOON, NO_FACTS)

    nobody_came(draft)

    assert draft.events == []


@given(st.lists(st.sampled_from(["tick", "say", "wait"]), max_size=30))
def test_nobody_is_given_up_who_answered_one_of_the_last_three_offers(steps):
    session, at, unanswered = queued(), NOON, 0
    for step in steps:
        at += WAIT
        match step:
            case "tick":
                session = stepped(session, c.Tick(), at=at)
                unanswered += 1
            case "say":
                session, unanswered = stepped(session, c.PostMessage(actor=ana, text="Here"), at=at), 0
            case _:
                session, unanswered = stepped(session, choose("wait"), at=at), 0
        if session.floor != "queue":
            assert unanswered == POLICY.queue_offers_max + 1
            return
        assert unanswered <= POLICY.queue_offers_max
