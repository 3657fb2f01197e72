"""A failed or stopped answer can be asked for again, as long as nothing was said since."""

import pytest
from cast import (
    MINUTE,
    NOON,
    POLICY,
    SECOND,
    ana,
    answered,
    bot,
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
from chatsession.core.due import due_at
from chatsession.core.policy import Limits
from chatsession.core.session import Facts, UsageToday


def failed(**more):
    """A session whose bot has failed twice."""
    session = open_session(**more)
    for attempt in (1, 2):
        session = stepped(session, c.FailTurn(actor=bot, turn=1, attempt=attempt, reason="error"))
    return session


def stopped():
    return stepped(open_session(), c.StopTurn(actor=ana))


@pytest.mark.parametrize("who", [ana, carl, key])
@pytest.mark.parametrize("made", [failed, stopped])
def test_the_bot_is_asked_again_about_the_same_message(made, who):
    session = made()

    (opened,) = decided(session, c.RetryTurn(actor=who))

    assert (opened.turn, opened.attempt, opened.by, opened.asked_seq) == (2, 1, "visitor", 2)


def test_a_retried_answer_ends_like_any_other():
    again = stepped(failed(), c.RetryTurn(actor=ana))

    done = stepped(again, c.AnswerTurn(actor=bot, turn=2, attempt=1, text="Now I know."))

    assert again.waiting_on == "bot"
    assert (done.waiting_on, done.turn, done.tally.last_turn) == ("visitor", None, "answered")
    assert refused(done, c.RetryTurn(actor=ana)).code == "wrong_state"


def test_a_second_failure_can_be_retried_too():
    again = stepped(failed(), c.RetryTurn(actor=ana))

    for attempt in (1, 2):
        again = stepped(again, c.FailTurn(actor=bot, turn=2, attempt=attempt, reason="error"))

    assert decided(again, c.RetryTurn(actor=ana))[-1].asked_seq == 2


def test_while_the_bot_answers_nothing_new_happens():
    assert decided(open_session(), c.RetryTurn(actor=ana)) == []


@pytest.mark.parametrize(
    "since",
    [
        c.PostMessage(actor=key, text="We are looking into it."),
        c.PostMessage(actor=bot, text="News"),
        c.RequestHandoff(actor=ana),
    ],
)
def test_once_more_was_said_or_somebody_else_came_there_is_nothing_to_retry(since):
    session = stepped(failed(), since)
    if session.floor == "queue":
        session = stepped(session, c.ReturnFloor(actor=key, to="bot"))

    assert refused(session, c.RetryTurn(actor=ana)).code == "wrong_state"


def test_an_answered_message_is_not_asked_about_again():
    assert refused(waiting(), c.RetryTurn(actor=ana)).code == "wrong_state"


def test_a_turn_that_nobody_asked_for_is_not_retried():
    session = stepped(waiting(), c.OpenTurn(actor=bot))
    stopped_alone = stepped(session, c.StopTurn(actor=ana))

    assert refused(stopped_alone, c.RetryTurn(actor=ana)).code == "wrong_state"


@pytest.mark.parametrize("made", [queued, with_agent])
def test_only_the_bot_with_the_floor_is_asked_again(made):
    assert refused(made(), c.RetryTurn(actor=ana)).code == "floor_taken"


def test_a_closed_session_is_resumed_first_and_the_failed_answer_can_be_retried_then():
    shut = stepped(failed(), c.CloseSession(actor=ana))

    back = stepped(shut, c.ResumeSession(actor=ana, policy=POLICY.hash))

    assert refused(shut, c.RetryTurn(actor=ana)).code == "session_closed"
    assert decided(back, c.RetryTurn(actor=ana))[-1].asked_seq == 2


def test_a_retry_lifts_the_warning_because_the_session_waits_on_the_bot_again():
    session = failed()
    warned = stepped(session, c.Tick(), at=due_at(session, POLICY))

    events = decided(warned, c.RetryTurn(actor=ana), at=warned.at + SECOND)

    assert kinds(events) == [e.WarningLifted, e.TurnOpened]


def test_a_limit_of_the_policy_stops_a_retry():
    policy = replace(POLICY, limits=Limits(session_turns=1))

    refusal = refused(failed(policy=policy), c.RetryTurn(actor=ana), policy=policy)

    assert (refusal.code, "1 of 1 turns" in refusal.detail) == ("wrong_state", True)


def test_a_limit_of_the_day_stops_a_retry():
    policy = replace(POLICY, limits=Limits(visitor_day_turns=3))

    refusal = refused(failed(), c.RetryTurn(actor=ana), policy=policy, facts=Facts(visitor_today=UsageToday(turns=3)))

    assert refusal.code == "wrong_state"


def test_nobody_else_retries():
    for who in (bot, c.CLOCK):
        assert refused(failed(), c.RetryTurn(actor=who)).code == "forbidden"


def test_a_new_message_supersedes_a_retried_turn():
    again = stepped(failed(), c.RetryTurn(actor=ana))

    events = decided(again, c.PostMessage(actor=ana, text="Never mind"), at=NOON + MINUTE)

    assert kinds(events) == [e.MessagePosted, e.TurnSuperseded, e.TurnOpened]


def test_what_was_closed_in_the_middle_of_an_answer_has_nothing_to_retry():
    shut = stepped(open_session(), c.CloseSession(actor=ana))
    back = stepped(shut, c.ResumeSession(actor=ana, policy=POLICY.hash))

    assert refused(back, c.RetryTurn(actor=ana)).code == "wrong_state"
    assert answered(open_session()).unanswered_seq is None
    assert closed().unanswered_seq is None
