"""An agent who falls silent, and one who puts a session aside."""

import pytest
from cast import DAY, HOUR, MINUTE, NOON, POLICY, SECOND, ana, carl, decided, key, kinds, refused, stepped, with_agent

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.due import clocks, due_at

SILENCE = POLICY.agent_silence


def snoozed(until=NOON + HOUR):
    return stepped(with_agent(), c.SnoozeSession(actor=carl, until=until))


def test_an_agent_who_is_silent_is_reminded_out_of_the_visitors_sight():
    (nudge,) = decided(with_agent(), c.Tick(), at=NOON + SILENCE)

    assert (nudge.agent, nudge.audience) == ("carl", "service")


def test_an_agent_who_stays_silent_loses_the_floor_and_the_visitor_keeps_the_place():
    nudged = stepped(with_agent(), c.Tick(), at=NOON + SILENCE)

    after = stepped(nudged, c.Tick(), at=NOON + 2 * SILENCE)

    assert due_at(nudged, POLICY) == NOON + 2 * SILENCE
    assert (after.floor, after.queue.since, after.queue.asked_at) == ("queue", NOON, NOON + 2 * SILENCE)


def test_the_silence_counts_from_the_first_unanswered_message():
    session = stepped(with_agent(), c.PostMessage(actor=carl, text="Hello"))
    session = stepped(session, c.PostMessage(actor=ana, text="One"), at=NOON + MINUTE)
    session = stepped(session, c.PostMessage(actor=ana, text="Two"), at=NOON + 2 * MINUTE)

    assert due_at(session, POLICY) == NOON + MINUTE + SILENCE


def test_an_answer_ends_the_silence():
    nudged = stepped(with_agent(), c.Tick(), at=NOON + SILENCE)

    after = stepped(nudged, c.PostMessage(actor=carl, text="Sorry"), at=NOON + SILENCE)

    assert (after.nudged_at, after.waiting_on) == (None, "visitor")


def test_a_session_put_aside_runs_one_clock_and_comes_back_by_itself():
    session = snoozed()

    (clock,) = clocks(session, POLICY)
    after = stepped(session, c.Tick(), at=NOON + HOUR)

    assert (clock.name, clock.since, clock.fires_at) == ("snoozed_until", NOON, NOON + HOUR)
    assert (after.snoozed_until, after.waiting_on, after.unanswered_since) == (None, "agent", NOON + HOUR)


def test_a_visitors_message_ends_the_snooze_sooner():
    after = stepped(snoozed(), c.PostMessage(actor=ana, text="Hello?"), at=NOON + MINUTE)

    assert (after.snoozed_until, after.waiting_on, after.unanswered_since) == (None, "agent", NOON + MINUTE)


def test_an_agents_message_ends_the_snooze_and_waits_on_the_visitor():
    events = decided(snoozed(), c.PostMessage(actor=carl, text="Back"), at=NOON + MINUTE)
    after = stepped(snoozed(), c.PostMessage(actor=carl, text="Back"), at=NOON + MINUTE)

    assert kinds(events) == [e.SnoozeEnded, e.MessagePosted]
    assert (after.waiting_on, after.idle_since) == ("visitor", NOON + MINUTE)


def test_the_agent_takes_it_up_again():
    assert kinds(decided(snoozed(), c.EndSnooze(actor=carl))) == [e.SnoozeEnded]
    assert decided(with_agent(), c.EndSnooze(actor=carl)) == []


def test_a_program_may_put_a_session_aside_for_the_agent():
    after = stepped(with_agent(), c.SnoozeSession(actor=key, until=NOON + HOUR))

    assert after.snoozed_until == NOON + HOUR


@pytest.mark.parametrize("until", [NOON, NOON - SECOND, NOON + 401 * DAY])
def test_a_session_is_put_aside_until_an_instant_that_will_come(until):
    assert refused(with_agent(), c.SnoozeSession(actor=carl, until=until)).extra == {"field": "until"}


def test_a_snoozed_session_is_never_closed_by_the_idle_timer():
    session = snoozed(NOON + 300 * DAY)

    assert decided(session, c.Tick(), at=NOON + 299 * DAY) == []
