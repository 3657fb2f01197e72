"""Who speaks for the service: exactly one, under a term number that only grows."""

import pytest
from cast import (
    MINUTE,
    NOON,
    POLICY,
    SECOND,
    ana,
    bot,
    carl,
    decided,
    dora,
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


def test_a_visitor_asks_for_a_human_and_has_a_place_in_the_queue():
    (changed,) = decided(waiting(), c.RequestHandoff(actor=ana, note="My order"), at=NOON + MINUTE)
    session = stepped(waiting(), c.RequestHandoff(actor=ana), at=NOON + MINUTE)

    assert (changed.floor, changed.reason, changed.term, changed.note) == ("queue", "handoff", 2, "My order")
    assert (session.queue.since, session.waiting_on) == (NOON + MINUTE, "agent")


def test_what_staff_and_bot_say_about_a_handover_is_not_for_the_visitor():
    changed, noted = decided(waiting(), c.RequestHandoff(actor=key, note="Fraud check failed"))

    assert changed.note is None
    assert (noted.text, noted.audience, noted.author.kind) == ("Fraud check failed", "service", "bot")


@pytest.mark.parametrize("session", [queued(), with_agent()], ids=["queue", "agent"])
def test_where_a_human_is_asked_for_or_present_nothing_new_happens(session):
    assert decided(session, c.RequestHandoff(actor=ana)) == []


def test_a_handover_ends_the_running_turn():
    events = decided(open_session(), c.RequestHandoff(actor=ana))

    assert kinds(events) == [e.TurnSuperseded, e.FloorChanged]


@pytest.mark.parametrize("session", [waiting(), queued()], ids=["from the bot", "from the queue"])
def test_an_agent_takes_the_floor(session):
    after = stepped(session, c.ClaimSession(actor=carl), at=NOON + SECOND)

    assert (after.floor, after.agent, after.agent_name, after.term) == ("agent", "carl", "Carl", session.term + 1)
    assert (after.waiting_on, after.unanswered_since) == ("agent", NOON + SECOND)


def test_of_agents_who_claim_the_same_term_one_wins():
    session = queued()

    first = stepped(session, c.ClaimSession(actor=carl, term=session.term))

    assert refused(first, c.ClaimSession(actor=dora, term=session.term)).code == "floor_taken"


def test_a_claim_under_an_older_term_is_refused():
    refusal = refused(queued(), c.ClaimSession(actor=carl, term=1))

    assert (refusal.code, refusal.extra) == ("floor_taken", {"floor": "queue"})


def test_who_has_the_floor_already_claims_it_in_vain_but_without_harm():
    assert decided(with_agent(carl), c.ClaimSession(actor=carl)) == []


def test_an_agent_hands_back_to_the_bot_and_the_visitors_clock_begins():
    after = stepped(with_agent(), c.ReturnFloor(actor=carl, note="Solved"), at=NOON + MINUTE)

    assert (after.floor, after.agent, after.waiting_on, after.idle_since) == ("bot", None, "visitor", NOON + MINUTE)
    assert after.last_agent == "carl"


def test_an_agent_passes_the_visitor_on_and_the_place_in_the_queue_is_kept():
    session = with_agent()

    events = decided(session, c.ReturnFloor(actor=carl, to="queue", note="Needs billing"), at=NOON + MINUTE)
    after = stepped(session, c.ReturnFloor(actor=carl, to="queue"), at=NOON + MINUTE)

    assert kinds(events) == [e.FloorChanged, e.NotePosted]
    assert (events[0].reason, events[1].author.kind) == ("transferred", "agent")
    assert (after.queue.since, after.queue.asked_at) == (NOON, NOON + MINUTE)


def test_a_program_may_take_a_waiting_visitor_back_to_the_bot():
    after = stepped(queued(), c.ReturnFloor(actor=key))

    assert (after.floor, after.queue, after.queued_at) == ("bot", None, None)


def test_what_waits_in_the_queue_is_not_put_there_again():
    assert decided(queued(), c.ReturnFloor(actor=key, to="queue")) == []


def test_the_floor_is_given_to_somebody_there_is():
    assert refused(with_agent(), c.ReturnFloor(actor=carl, to="nobody")).extra == {"field": "to"}


@pytest.mark.parametrize(
    "command",
    [
        c.ReturnFloor(actor=dora),
        c.SnoozeSession(actor=dora, until=NOON + MINUTE),
        c.EndSnooze(actor=dora),
        c.ClaimSession(actor=dora),
        c.PostMessage(actor=dora, text="Hi"),
    ],
)
def test_a_colleagues_session_is_left_to_the_colleague(command):
    assert refused(with_agent(carl), command).code == "floor_taken"


@pytest.mark.parametrize(
    "command", [c.RequestHandoff(actor=ana, note="x\x00"), c.ReturnFloor(actor=carl, note="\ud83d")]
)
def test_a_note_that_is_no_text_is_refused(command):
    session = waiting() if isinstance(command, c.RequestHandoff) else with_agent()

    assert refused(session, command).code == "invalid_request"


def test_a_note_of_the_visitor_has_a_limit():
    note = "x" * (limits.NOTE_CHARS_MAX + 1)

    assert refused(waiting(), c.RequestHandoff(actor=ana, note=note)).code == "too_large"


@pytest.mark.parametrize(
    "command",
    [c.StopTurn(actor=ana), c.OpenTurn(actor=bot), c.SnoozeSession(actor=carl, until=NOON + MINUTE)],
)
def test_a_command_for_another_floor_is_told_whose_it_is(command):
    assert refused(queued(), command).extra == {"floor": "queue"}


def test_a_resumed_session_has_a_new_term_too():
    session = stepped(waiting(), c.CloseSession(actor=ana))

    assert stepped(session, c.ResumeSession(actor=ana, policy=POLICY.hash)).term == session.term + 1
