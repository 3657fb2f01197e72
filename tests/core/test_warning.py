"""A session is warned before it closes by itself: always, with the full grace, whatever happened to us meanwhile."""

import pytest
from cast import (
    HOUR,
    MINUTE,
    NOON,
    POLICY,
    SECOND,
    ana,
    bot,
    carl,
    clock,
    decided,
    kinds,
    open_session,
    queued,
    refused,
    stepped,
    waiting,
    with_agent,
)
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.due import closes_at, due_at

TIMEOUT, BEFORE = POLICY.idle_timeout, POLICY.warn_before
WARNED_AT, CLOSES_AT = NOON + TIMEOUT - BEFORE, NOON + TIMEOUT
LIMITED = replace(POLICY, max_duration=HOUR)
MOMENT = SECOND / 1_000_000


def tick(session, at, policy=POLICY, served_since=None):
    return decided(session, c.Tick(served_since=served_since), at=at, policy=policy)


def warned(policy=POLICY):
    return stepped(waiting(policy=policy), c.Tick(), at=WARNED_AT, policy=policy)


def test_a_silent_visitor_is_warned_once_and_told_when():
    (warning,) = tick(waiting(), WARNED_AT)

    assert (warning.reason, warning.closes_at, warning.extendable) == ("timeout", CLOSES_AT, True)
    assert tick(warned(), WARNED_AT + SECOND) == []


def test_a_timer_never_fires_early():
    assert tick(waiting(), WARNED_AT - MOMENT) == []
    assert tick(warned(), CLOSES_AT - MOMENT) == []


def test_when_the_grace_is_over_the_session_closes_for_the_timeout():
    closing = tick(warned(), CLOSES_AT)

    assert kinds(closing) == [e.SessionClosed, e.ContextCarried]
    assert (closing[0].reason, closing[0].by) == ("timeout", "clock")


def test_a_tick_that_comes_late_warns_with_the_full_grace():
    at = CLOSES_AT + HOUR

    (warning,) = tick(waiting(), at)

    assert warning.closes_at == at + BEFORE


@pytest.mark.parametrize(
    ("command", "lifted_by"),
    [
        (c.PostMessage(actor=ana, text="Here"), "visitor"),
        (c.Touch(actor=ana), "visitor"),
        (c.KeepOpen(actor=ana), "visitor"),
        (c.KeepOpen(actor=carl), "agent:carl"),
        (c.RequestHandoff(actor=ana), "visitor"),
        (c.ClaimSession(actor=carl), "agent:carl"),
    ],
)
def test_activity_and_a_change_of_the_floor_lift_the_warning(command, lifted_by):
    lifted = [event for event in decided(warned(), command, at=WARNED_AT + SECOND) if type(event) is e.WarningLifted]

    assert [(event.by, event.reason) for event in lifted] == [(lifted_by, "timeout")]


def test_putting_a_session_aside_lifts_the_warning():
    session = stepped(with_agent(), c.PostMessage(actor=carl, text="Hello"))
    session = stepped(session, c.Tick(), at=WARNED_AT)

    events = decided(session, c.SnoozeSession(actor=carl, until=WARNED_AT + HOUR), at=WARNED_AT)

    assert kinds(events) == [e.WarningLifted, e.SessionSnoozed]


def test_a_warning_says_when_no_more_time_can_be_added():
    policy = replace(POLICY, keep_open_max=10)
    session = replace(waiting(policy=policy), keep_opens=10)

    (warning,) = tick(session, WARNED_AT, policy)

    assert not warning.extendable


def test_the_longest_duration_warns_and_closes_whoever_has_the_floor():
    for session in (open_session(policy=LIMITED), queued(policy=LIMITED), with_agent(policy=LIMITED)):
        warning = tick(session, NOON + HOUR - BEFORE, LIMITED)[0]
        after = stepped(session, c.Tick(), at=NOON + HOUR - BEFORE, policy=LIMITED)
        closing = [event for event in tick(after, NOON + HOUR, LIMITED) if type(event) is e.SessionClosed]

        assert (warning.reason, warning.extendable, warning.closes_at) == ("limit", False, NOON + HOUR)
        assert [event.reason for event in closing] == ["limit"]


def test_nobody_can_add_to_the_longest_duration():
    session = stepped(waiting(policy=LIMITED), c.Tick(), at=NOON + HOUR - BEFORE, policy=LIMITED)

    refusal = refused(session, c.KeepOpen(actor=ana), at=NOON + HOUR - SECOND, policy=LIMITED)

    assert (refusal.code, refusal.status) == ("limit_reached", 409)


def test_a_message_does_not_lift_the_warning_of_the_longest_duration():
    session = stepped(waiting(policy=LIMITED), c.Tick(), at=NOON + HOUR - BEFORE, policy=LIMITED)

    after = stepped(session, c.PostMessage(actor=ana, text="One more"), at=NOON + HOUR - SECOND, policy=LIMITED)

    assert after.limit_warning is not None


def test_the_earliest_end_is_the_one_that_is_told():
    policy = replace(POLICY, max_duration=TIMEOUT - MINUTE)

    assert closes_at(waiting(policy=policy), policy) == (NOON + TIMEOUT - MINUTE, "limit")
    assert closes_at(warned(), POLICY) == (CLOSES_AT, "timeout")


def test_a_clock_that_is_off_never_fires():
    off = replace(POLICY, idle_timeout=None, bot_silence=None, queue_wait=None, agent_silence=None)

    for session in (waiting(policy=off), open_session(policy=off), queued(policy=off), with_agent(policy=off)):
        assert due_at(session, off) is None
        assert tick(session, NOON + 400 * 24 * HOUR, off) == []


def test_a_warning_from_before_our_downtime_is_given_again_with_the_full_grace():
    back = CLOSES_AT + HOUR

    (again,) = tick(warned(), back, served_since=back - MINUTE)

    assert kinds([again]) == [e.SessionWarned]
    assert again.closes_at == back + BEFORE


def test_a_warning_from_before_our_downtime_is_given_again_only_once():
    back = CLOSES_AT + HOUR
    again = stepped(warned(), c.Tick(served_since=back), at=back)

    assert tick(again, back + BEFORE - MOMENT, served_since=back) == []
    assert kinds(tick(again, back + BEFORE, served_since=back)) == [e.SessionClosed, e.ContextCarried]


def test_a_warning_given_since_we_serve_needs_no_repetition():
    assert e.SessionClosed in kinds(tick(warned(), CLOSES_AT, served_since=WARNED_AT))


def test_an_adoption_that_makes_a_session_overdue_begins_with_a_warning():
    short = replace(POLICY, idle_timeout=5 * MINUTE)
    at = NOON + 20 * MINUTE

    session = stepped(waiting(), c.AdoptPolicy(actor=clock, policy=short.hash), at=at, policy=short)
    (warning,) = tick(session, at, short)

    assert warning.closes_at == at + BEFORE


def test_a_service_that_goes_on_talking_does_not_postpone_the_closing():
    session = stepped(warned(), c.PostMessage(actor=bot, text="Still there?"), at=CLOSES_AT - SECOND)

    assert e.SessionClosed in kinds(tick(session, CLOSES_AT))


@given(
    wakes=st.lists(st.integers(1, 7_200_000), min_size=1, max_size=12, unique=True).map(sorted),
    outages=st.sets(st.integers(0, 11)),
    before=st.integers(1, 600),
)
def test_a_closing_is_always_preceded_by_its_warning_and_the_whole_grace(wakes, outages, before):
    """Whenever the clock looks, and whichever of the looks come after an outage."""
    policy = replace(POLICY, idle_timeout=700 * SECOND, warn_before=before * SECOND)
    session, served_since, warning = waiting(policy=policy), NOON, None
    for number, milliseconds in enumerate(wakes):
        at = NOON + milliseconds * SECOND / 1_000
        served_since = at if number in outages else served_since
        for event in tick(session, at, policy, served_since):
            if type(event) is e.SessionWarned:
                warning = event
            if type(event) is e.SessionClosed:
                assert warning is not None
                assert warning.at >= served_since
                assert event.at >= max(warning.closes_at, warning.at + policy.warn_before, NOON + policy.idle_timeout)
        session = stepped(session, c.Tick(served_since=served_since), at=at, policy=policy)


def test_a_tick_that_was_answered_after_we_froze_closes_nothing():
    session = warned()
    asked = c.Tick(served_since=NOON, asked_at=WARNED_AT)
    again = c.Tick(served_since=CLOSES_AT + HOUR, asked_at=CLOSES_AT + HOUR)

    assert decided(session, asked, at=CLOSES_AT + HOUR) == []
    assert kinds(decided(session, again, at=CLOSES_AT + HOUR)) == [e.SessionWarned]
