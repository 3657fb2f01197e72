"""Which clocks run when: a timer is a field, not a task."""

import pytest
from cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    POLICY,
    SECOND,
    ana,
    archived,
    carl,
    closed,
    open_session,
    queued,
    stepped,
    waiting,
    with_agent,
)
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core.due import clocks, closes_at, due_at, idle_runs

ALL = replace(POLICY, max_duration=HOUR, retention=30 * DAY)
SNOOZED = stepped(with_agent(policy=ALL), c.SnoozeSession(actor=carl, until=NOON + MINUTE), policy=ALL)

PLACES = [
    (waiting(policy=ALL), {"max_duration": NOON + 58 * MINUTE, "idle_timeout": NOON + 28 * MINUTE}),
    (open_session(policy=ALL), {"max_duration": NOON + 58 * MINUTE, "bot_silence": NOON + 30 * SECOND}),
    (queued(policy=ALL), {"max_duration": NOON + 58 * MINUTE, "queue_wait": NOON + 5 * MINUTE}),
    (with_agent(policy=ALL), {"max_duration": NOON + 58 * MINUTE, "agent_silence": NOON + 10 * MINUTE}),
    (SNOOZED, {"max_duration": NOON + 58 * MINUTE, "snoozed_until": NOON + MINUTE}),
    (closed(policy=ALL), {"resume_window": NOON + DAY}),
    (archived(policy=ALL), {"retention": NOON + 30 * DAY}),
]
IDS = ["visitor", "bot", "queue", "agent", "snoozed", "closed", "archived"]


@pytest.mark.parametrize(("session", "expected"), PLACES, ids=IDS)
def test_each_place_runs_its_own_clocks_and_no_other(session, expected):
    assert {clock.name: clock.fires_at for clock in clocks(session, ALL)} == expected
    assert due_at(session, ALL) == min(expected.values())


@pytest.mark.parametrize(("session", "expected"), PLACES, ids=IDS)
def test_every_clock_counts_from_an_instant_that_was(session, expected):
    assert all(clock.since <= clock.fires_at and clock.since == NOON for clock in clocks(session, ALL))


def test_without_retention_an_archived_session_stays():
    assert due_at(archived(), POLICY) is None


def test_a_turn_from_before_our_downtime_is_due_at_once():
    (_, clock) = clocks(open_session(policy=ALL), ALL, served_since=NOON + SECOND)

    assert (clock.name, clock.fires_at) == ("bot_silence", NOON + SECOND)


def test_a_window_that_ended_while_we_were_down_is_open_a_grace_longer():
    back = NOON + 2 * DAY

    assert due_at(closed(), POLICY, served_since=back) == back + POLICY.warn_before
    assert due_at(closed(), POLICY, served_since=NOON) == NOON + DAY


@pytest.mark.parametrize("session", [closed(), archived(), queued(), SNOOZED])
def test_what_does_not_wait_on_the_visitor_does_not_idle(session):
    assert not idle_runs(session)


def test_a_session_that_is_not_open_does_not_close():
    assert closes_at(closed(), POLICY) is None


def test_a_snooze_counts_from_when_it_began_whatever_is_noted_meanwhile():
    noted = stepped(SNOOZED, c.PostNote(actor=carl, text="Wait for the warehouse"), at=NOON + SECOND, policy=ALL)

    assert clocks(noted, ALL)[-1].since == NOON


def test_where_nobody_counts_the_longest_duration_only_silence_ends_the_session():
    assert closes_at(stepped(waiting(), c.KeepOpen(actor=ana), at=NOON + MINUTE), POLICY) == (
        NOON + MINUTE + POLICY.idle_timeout,
        "timeout",
    )
