"""How a visitor comes back to a closed session: explicitly, and with everything it knew."""

import pytest
from cast import (
    DAY,
    NOON,
    POLICY,
    SECOND,
    ana,
    archived,
    carl,
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
from chatsession.core.context import flat_context
from chatsession.core.due import closes_at
from chatsession.core.policy import KeyRule
from chatsession.core.session import Facts

LATER = NOON + SECOND
TO_AGENT = replace(POLICY, resume_to="agent")


def back(actor=ana, **more) -> c.ResumeSession:
    return c.ResumeSession(actor=actor, policy=POLICY.hash, **more)


def after_agent():
    return stepped(with_agent(policy=TO_AGENT), c.CloseSession(actor=ana), policy=TO_AGENT)


def test_a_return_begins_the_next_period_of_the_same_session():
    events = decided(closed(), back(), at=LATER)
    after = stepped(closed(), back(), at=LATER)

    assert kinds(events) == [e.SessionResumed, e.ContextCarried]
    assert (after.id, after.phase, after.period, after.period_opened_at) == ("ses_1", "open", 2, LATER)
    assert (after.closed_at, after.close_reason, after.outcome) == (None, None, None)
    assert closes_at(after, POLICY) == (LATER + POLICY.idle_timeout, "timeout")


def test_the_message_comes_with_the_return_or_neither():
    assert kinds(decided(closed(), back(text="I am back"))) == [
        e.SessionResumed,
        e.ContextCarried,
        e.MessagePosted,
        e.OutcomeSettled,
        e.TurnOpened,
    ]
    assert refused(closed(), back(text="\x00")).code == "invalid_request"


def test_the_context_is_the_same_as_at_the_closing():
    session = stepped(waiting(), c.ChangeContext(actor=ana, set={"order": 17}))
    session = stepped(session, c.CloseSession(actor=ana))

    after = stepped(session, back())

    assert flat_context(after, LATER) == flat_context(session, LATER) == {"order": 17}


def test_the_ledger_says_what_came_back_and_what_had_expired():
    policy = replace(POLICY, context_keys={"offer": KeyRule(ttl=SECOND)})
    session = stepped(waiting(policy=policy), c.ChangeContext(actor=key, set={"offer": 1, "order": 2}), policy=policy)
    session = stepped(session, c.CloseSession(actor=ana), policy=policy)

    ledger = decided(session, back(), at=NOON + DAY, policy=policy)[1]

    assert (ledger.boundary, ledger.rule, ledger.kept, ledger.dropped) == ("resumed", "restored", ["order"], ["offer"])


def test_a_return_to_an_open_session_changes_nothing():
    assert decided(waiting(), back()) == []


@pytest.mark.parametrize("more", [{"text": "I am back"}, {"text": None, "parts": [{"type": "image"}]}])
def test_of_two_returns_at_once_the_second_loses_no_message(more):
    assert kinds(decided(waiting(), back(**more))) == [e.MessagePosted, e.TurnOpened]


def test_an_archived_session_is_not_resumed():
    refusal = refused(archived(), back())

    assert (refusal.code, refusal.extra) == ("session_archived", {"allowed": ["new"]})


def test_with_another_session_open_the_visitor_is_told_which():
    facts = Facts(other_open="ses_2")

    refusal = refused(closed(), back(), facts=facts)
    several = decided(closed(), back(), facts=facts, policy=replace(POLICY, several_open=True))

    assert (refusal.code, refusal.extra) == ("another_session_open", {"session": "ses_2"})
    assert e.SessionResumed in kinds(several)


def test_a_return_goes_to_the_bot_unless_the_policy_says_otherwise():
    session = stepped(after_agent(), back())

    assert (session.floor, session.agent) == ("bot", None)


def test_a_return_goes_to_the_last_agent_who_is_present():
    session = stepped(after_agent(), back(), at=LATER, policy=TO_AGENT, facts=Facts(agent_present=True))

    assert (session.floor, session.agent, session.agent_name) == ("agent", "carl", "Carl")
    assert (session.waiting_on, session.idle_since) == ("visitor", LATER)


def test_the_last_agent_has_a_name_even_after_handing_back():
    handed_back = stepped(with_agent(policy=TO_AGENT), c.ReturnFloor(actor=carl), policy=TO_AGENT)
    session = stepped(handed_back, c.CloseSession(actor=ana), policy=TO_AGENT)

    (resumed, _) = decided(session, back(), policy=TO_AGENT, facts=Facts(agent_present=True))

    assert resumed.agent_name == "Carl"


def test_a_return_waits_in_the_queue_if_the_last_agent_is_gone():
    session = stepped(after_agent(), back(), at=LATER, policy=TO_AGENT)

    assert (session.floor, session.waiting_on, session.idle_since) == ("queue", "agent", None)
    assert session.queue.since == session.queued_at == LATER


def test_where_no_agent_ever_was_a_return_goes_to_the_bot():
    assert stepped(closed(policy=TO_AGENT), back(), policy=TO_AGENT).floor == "bot"


def test_nobody_but_the_visitor_says_the_visitors_words():
    assert refused(closed(), back(actor=carl, text="It is me, Ana")).code == "floor_taken"
    posted = decided(closed(), back(actor=key, text="Welcome back"))[2]

    assert posted.author.kind == "bot"


def test_counts_begin_anew_with_the_period_but_what_was_spent_stays():
    session = stepped(closed(), back())

    assert session.tally.visitor_messages == 0
    assert session.spent.turns == 1


@pytest.mark.parametrize("session", [open_session(), waiting(), queued(), with_agent()])
def test_whatever_was_going_on_a_return_begins_with_no_old_clock(session):
    after = stepped(stepped(session, c.CloseSession(actor=ana)), back(), at=LATER)

    assert (after.turn, after.queue, after.snoozed_until, after.unanswered_since) == (None, None, None, None)
    assert (after.idle_warning, after.limit_warning, after.keep_opens) == (None, None, 0)
