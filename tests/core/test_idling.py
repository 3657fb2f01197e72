"""The visitor's clock: when it runs, and what re-arms it."""

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

ANYONE = replace(POLICY, reset_on="anyone")
TIMEOUT, BEFORE = POLICY.idle_timeout, POLICY.warn_before
WARNED_AT = NOON + TIMEOUT - BEFORE


def warned(policy=POLICY, **more):
    return stepped(waiting(policy=policy, **more), c.Tick(), at=WARNED_AT, policy=policy)


def test_the_clock_counts_from_the_answer_to_the_visitors_last_message():
    assert closes_at(waiting(), POLICY) == (NOON + TIMEOUT, "timeout")
    assert due_at(waiting(), POLICY) == WARNED_AT


def test_the_clock_is_held_while_the_session_waits_on_us():
    for session in (open_session(), queued(), with_agent()):
        assert closes_at(session, POLICY) is None


def test_a_chat_that_nobody_spoke_in_closes_too():
    assert closes_at(open_session(text=None), POLICY) == (NOON + TIMEOUT, "timeout")


def test_the_greeting_begins_the_wait_where_nobody_had_spoken():
    session = open_session(text=None)

    greeted = stepped(session, c.PostMessage(actor=bot, text="Welcome"), at=NOON + MINUTE)
    again = stepped(greeted, c.PostMessage(actor=bot, text="Still there?"), at=NOON + 2 * MINUTE)

    assert greeted.idle_since == NOON + MINUTE
    assert again.idle_since == NOON + MINUTE


def test_a_greeting_under_a_standing_warning_moves_no_clock():
    session = stepped(open_session(text=None), c.Tick(), at=WARNED_AT)

    greeted = stepped(session, c.PostMessage(actor=bot, text="Welcome"), at=WARNED_AT + SECOND)

    assert greeted.idle_since == NOON


def test_a_talkative_service_does_not_keep_a_session_alive():
    after = stepped(waiting(), c.PostMessage(actor=bot, text="Anything else?"), at=NOON + MINUTE)

    assert closes_at(after, POLICY) == (NOON + TIMEOUT, "timeout")


def test_a_turn_that_the_bot_opens_by_itself_leaves_the_clock_alone():
    session = stepped(waiting(), c.OpenTurn(actor=bot), at=NOON + MINUTE)

    after = stepped(session, c.AnswerTurn(actor=bot, turn=2, attempt=1, text="By the way"), at=NOON + 2 * MINUTE)

    assert session.waiting_on == "visitor"
    assert closes_at(after, POLICY) == (NOON + TIMEOUT, "timeout")


@pytest.mark.parametrize("says", ["message", "turn"])
def test_every_message_of_the_service_adds_time_where_the_policy_says_so(says):
    session, at = waiting(policy=ANYONE), NOON + MINUTE

    if says == "message":
        after = stepped(session, c.PostMessage(actor=bot, text="News"), at=at, policy=ANYONE)
    else:
        asked = stepped(session, c.OpenTurn(actor=bot), at=at, policy=ANYONE)
        after = stepped(asked, c.AnswerTurn(actor=bot, turn=2, attempt=1, text="News"), at=at, policy=ANYONE)

    assert closes_at(after, ANYONE) == (at + TIMEOUT, "timeout")


def test_a_service_message_that_adds_time_lifts_the_warning():
    at = WARNED_AT + SECOND

    after = stepped(warned(ANYONE), c.PostMessage(actor=bot, text="News"), at=at, policy=ANYONE)

    assert after.idle_warning is None
    assert closes_at(after, ANYONE) == (at + TIMEOUT, "timeout")


def test_an_agents_answer_begins_the_wait_once_under_either_policy():
    session = with_agent(policy=ANYONE)

    events = decided(session, c.PostMessage(actor=carl, text="Hello"), at=NOON + SECOND, policy=ANYONE)

    assert kinds(events) == [e.MessagePosted]


def test_a_later_service_message_does_not_lift_the_warning():
    events = decided(warned(), c.PostMessage(actor=bot, text="Anything else?"), at=WARNED_AT + SECOND)

    assert kinds(events) == [e.MessagePosted]


def test_typing_moves_the_clock_as_far_as_the_event_covers():
    (seen,) = decided(waiting(), c.Touch(actor=ana), at=NOON + MINUTE)

    assert (seen.by, seen.covers_until) == ("visitor", NOON + MINUTE + 20 * SECOND)


def test_a_short_clock_is_covered_by_a_tenth_of_itself():
    policy = replace(POLICY, idle_timeout=MINUTE, warn_before=10 * SECOND)

    (seen,) = decided(waiting(policy=policy), c.Touch(actor=ana), at=NOON, policy=policy)

    assert seen.covers_until == NOON + 6 * SECOND


def test_a_clock_that_is_off_is_covered_by_twenty_seconds():
    policy = replace(POLICY, idle_timeout=None)

    (seen,) = decided(waiting(policy=policy), c.Touch(actor=ana), at=NOON, policy=policy)

    assert seen.covers_until == NOON + 20 * SECOND


def test_typing_that_is_covered_already_is_not_stored():
    session = stepped(waiting(), c.Touch(actor=ana), at=NOON)

    assert decided(session, c.Touch(actor=ana), at=NOON + 19 * SECOND) == []
    assert kinds(decided(session, c.Touch(actor=ana), at=NOON + 20 * SECOND)) == [e.ActivitySeen]


def test_the_first_typing_after_a_warning_is_never_throttled_and_lifts_it():
    session = stepped(waiting(), c.Touch(actor=ana), at=NOON)
    warned_now = replace(session, idle_warning=warned().idle_warning)

    events = decided(warned_now, c.Touch(actor=ana), at=NOON + SECOND)

    assert kinds(events) == [e.ActivitySeen, e.WarningLifted]


def test_typing_while_the_session_waits_on_us_moves_nothing():
    assert decided(with_agent(), c.Touch(actor=ana), at=NOON + MINUTE) == []


def test_an_agent_who_types_moves_no_clock():
    assert decided(with_agent(), c.Touch(actor=carl), at=NOON + MINUTE) == []


def test_a_delta_of_the_current_attempt_is_a_sign_of_life():
    session = open_session()

    after = stepped(session, c.Touch(actor=bot, turn=1, attempt=1), at=NOON + 10 * SECOND)

    assert after.turn.heard_at == NOON + 13 * SECOND


@pytest.mark.parametrize(
    ("turn", "attempt", "at"),
    [(1, 2, NOON + MINUTE), (2, 1, NOON + MINUTE), (1, 1, NOON - SECOND)],
    ids=["another attempt", "another turn", "covered"],
)
def test_other_deltas_are_none(turn, attempt, at):
    session = replace(open_session(), at=NOON - MINUTE)

    assert decided(session, c.Touch(actor=bot, turn=turn, attempt=attempt), at=at) == []


def test_a_delta_without_a_turn_is_none():
    assert decided(waiting(), c.Touch(actor=bot, turn=1, attempt=1)) == []


def test_keep_open_starts_the_clock_anew_and_lifts_the_warning():
    at = WARNED_AT + MINUTE

    events = decided(warned(), c.KeepOpen(actor=ana), at=at)
    after = stepped(warned(), c.KeepOpen(actor=ana), at=at)

    assert kinds(events) == [e.SessionKeptOpen, e.WarningLifted]
    assert closes_at(after, POLICY) == (at + TIMEOUT, "timeout")


def test_keep_open_takes_nothing_back_that_typing_has_covered():
    typed = stepped(waiting(), c.Touch(actor=ana), at=NOON)

    after = stepped(typed, c.KeepOpen(actor=ana), at=NOON + SECOND)

    assert closes_at(after, POLICY) == (NOON + 20 * SECOND + TIMEOUT, "timeout")


def test_typing_after_the_clock_was_re_armed_is_not_taken_for_covered():
    """A clock that came back to the visitor counts from then, whatever typing had covered before."""
    typed = stepped(stepped(with_agent(), c.PostMessage(actor=carl, text="?")), c.Touch(actor=ana), at=NOON)
    returned = stepped(typed, c.ReturnFloor(actor=carl), at=NOON + SECOND)

    after = stepped(returned, c.Touch(actor=ana), at=NOON + 10 * SECOND)

    assert closes_at(after, POLICY)[0] >= NOON + 10 * SECOND + TIMEOUT


def test_keep_open_where_no_clock_runs_changes_nothing():
    assert decided(queued(), c.KeepOpen(actor=ana)) == []


def test_more_time_is_given_as_often_as_the_policy_says_and_a_message_resets_the_count():
    policy = replace(POLICY, keep_open_max=10)
    session = waiting(policy=policy)
    for _ in range(10):
        session = stepped(session, c.KeepOpen(actor=ana), policy=policy)

    refusal = refused(session, c.KeepOpen(actor=ana), policy=policy)
    spoke = stepped(session, c.PostMessage(actor=ana, text="Here"), policy=policy)

    assert (refusal.code, refusal.status) == ("keep_open_spent", 409)
    assert spoke.keep_opens == 0


@given(touches=st.lists(st.integers(0, 1_700_000), max_size=40).map(sorted), timeout=st.integers(3, 86_400))
def test_however_typing_is_throttled_the_clock_never_counts_from_before_the_last_of_it(touches, timeout):
    policy = replace(POLICY, idle_timeout=timeout * SECOND, warn_before=SECOND)
    session = waiting(policy=policy)
    for milliseconds in touches:
        at = NOON + milliseconds * SECOND / 1_000
        session = stepped(session, c.Touch(actor=ana), at=at, policy=policy)

        assert at <= session.idle_since <= at + policy.idle_timeout / 10


@given(st.lists(st.tuples(st.sampled_from(["touch", "keep", "return"]), st.integers(0, 60_000)), max_size=30))
def test_whatever_re_arms_the_clock_it_never_counts_from_before_the_last_sign_of_life(steps):
    session = stepped(with_agent(), c.PostMessage(actor=carl, text="Hello"))
    at = NOON
    for what, milliseconds in steps:
        at += milliseconds * SECOND / 1_000
        match what:
            case "touch":
                session = stepped(session, c.Touch(actor=ana), at=at)
            case "keep":
                session = stepped(session, c.KeepOpen(actor=ana), at=at)
            case _ if session.floor == "agent":
                session = stepped(session, c.ReturnFloor(actor=carl), at=at)
            case _:
                continue

        assert session.idle_since >= at


def test_the_longest_clock_is_no_longer_than_the_policy_says():
    assert due_at(waiting(policy=replace(POLICY, idle_timeout=HOUR)), replace(POLICY, idle_timeout=HOUR)) == (
        NOON + HOUR - BEFORE
    )
