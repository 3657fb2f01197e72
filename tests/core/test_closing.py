"""How a period ends: once, for one reason, in one batch."""

import pytest
from cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    POLICY,
    ana,
    archived,
    bot,
    carl,
    clock,
    closed,
    decided,
    key,
    kinds,
    open_session,
    queued,
    refused,
    stepped,
    waiting,
    with_agent,
)
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.due import due_at

WINDOW = POLICY.resume_window


def close(actor=ana, **more) -> c.CloseSession:
    return c.CloseSession(actor=actor, **more)


@pytest.mark.parametrize(
    ("actor", "reason"),
    [(ana, "visitor"), (carl, "agent"), (key, "agent"), (clock, "merged")],
)
def test_the_reason_says_who_closed_it(actor, reason):
    closing = decided(waiting(), close(actor))[0]

    assert (closing.reason, closing.by) == (reason, actor.label)


def test_closing_ends_the_running_turn_seals_the_context_and_promises_the_return():
    events = decided(open_session(), close(), at=NOON + MINUTE)

    assert kinds(events) == [e.TurnSuperseded, e.SessionClosed, e.ContextCarried]
    assert events[0].reason == "closed"
    assert (events[1].resumable, events[1].resumable_until) == (True, NOON + MINUTE + WINDOW)
    assert (events[2].boundary, events[2].rule) == ("closed", "sealed")


@pytest.mark.parametrize("session", [open_session(), waiting(), queued(), with_agent()])
def test_a_closed_session_runs_no_clock_but_its_window(session):
    after = stepped(session, close(), at=NOON + MINUTE)

    assert (after.phase, after.turn, after.idle_since, after.queue) == ("closed", None, None, None)
    assert due_at(after, POLICY) == NOON + MINUTE + WINDOW


@pytest.mark.parametrize("session", [closed(), archived()], ids=["closed", "archived"])
def test_closing_again_is_answered_with_the_first_reason(session):
    assert decided(session, close(carl)) == []
    assert session.close_reason == "visitor"


def test_a_window_of_nothing_archives_in_the_same_batch():
    policy = replace(POLICY, resume_window=0 * HOUR)

    events = decided(waiting(policy=policy), close(), policy=policy)

    assert kinds(events) == [
        e.SessionClosed,
        e.ContextCarried,
        e.OutcomeSettled,
        e.ContextCarried,
        e.SessionArchived,
    ]
    assert not events[0].resumable
    assert events[-1].reason == "no_window"


def test_a_window_that_is_off_never_ends():
    policy = replace(POLICY, resume_window=None)

    after = stepped(waiting(policy=policy), close(), policy=policy)

    assert (after.resumable_until, due_at(after, policy)) == (None, None)


def test_a_merged_session_names_the_one_it_went_into_and_is_archived_at_once():
    after = stepped(waiting(), close(clock, merged_into="ses_2"))

    assert (after.phase, after.close_reason, after.merged_into) == ("archived", "merged", "ses_2")


def test_when_the_window_is_over_the_outcome_settles_and_the_context_is_cleared():
    session = stepped(waiting(), c.ChangeContext(actor=ana, set={"order": 17}))
    session = stepped(session, close())

    events = decided(session, c.Tick(), at=NOON + WINDOW)
    after = stepped(session, c.Tick(), at=NOON + WINDOW)

    assert kinds(events) == [e.OutcomeSettled, e.ContextCarried, e.SessionArchived]
    assert (after.phase, after.outcome_settled, after.context) == ("archived", True, {})


def test_the_promise_is_kept_whatever_the_policy_says_later():
    shorter = replace(POLICY, resume_window=MINUTE)

    assert decided(closed(), c.Tick(), at=NOON + WINDOW - MINUTE, policy=shorter) == []


def test_nothing_is_archived_before_the_visitor_could_come_back_after_our_downtime():
    back = NOON + WINDOW + DAY

    assert decided(closed(), c.Tick(served_since=back), at=back) == []
    assert kinds(decided(closed(), c.Tick(served_since=back), at=back + POLICY.warn_before))[-1] == e.SessionArchived


def test_retention_runs_from_the_archiving_and_leaves_erasing_to_the_door():
    policy = replace(POLICY, retention=30 * DAY)

    assert due_at(archived(policy=policy), policy) == NOON + 30 * DAY
    assert decided(archived(policy=policy), c.Tick(), at=NOON + 31 * DAY, policy=policy) == []


def test_a_new_session_archives_the_older_at_once():
    events = decided(closed(), c.ArchiveSession(actor=clock))

    assert events[-1].reason == "fresh_start"
    assert decided(archived(), c.ArchiveSession(actor=clock)) == []


def test_an_open_session_is_not_archived():
    assert refused(waiting(), c.ArchiveSession(actor=clock)).code == "wrong_state"


@pytest.mark.parametrize("declared", ["confirmed", "unresolved", "assumed"])
def test_an_agent_resolves_a_session_and_says_how(declared):
    closing = decided(with_agent(), c.ResolveSession(actor=carl, outcome=declared))[0]

    assert (closing.reason, closing.outcome, closing.declared) == ("resolved", declared, declared)


def test_a_bot_resolves_no_more_than_an_assumption_and_only_with_the_floor():
    resolve = c.ResolveSession(actor=bot, outcome="confirmed")

    assert decided(waiting(), resolve)[0].outcome == "assumed"
    assert decided(waiting(), c.ResolveSession(actor=bot, outcome="unresolved"))[0].outcome == "unresolved"
    assert refused(queued(), resolve).code == "wrong_state"


def test_an_outcome_that_only_time_can_give_is_not_declared():
    assert refused(with_agent(), c.ResolveSession(actor=carl, outcome="returned")).code == "wrong_state"


def test_resolving_what_is_closed_already():
    resolved = stepped(with_agent(), c.ResolveSession(actor=carl))

    assert decided(resolved, c.ResolveSession(actor=carl)) == []
    assert refused(closed(), c.ResolveSession(actor=carl)).code == "session_closed"
    assert refused(archived(), c.ResolveSession(actor=carl)).code == "session_archived"
