"""Limits on what the bot may use: they stop it with a sentence, an event, and the offer of a human."""

import pytest
from cast import POLICY, ana, answered, bot, decided, kinds, open_session, refused, stepped, waiting
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.policy import Limits
from chatsession.core.rules.spending import NAMES
from chatsession.core.session import Facts, UsageToday

SPANS = ("session", "visitor_day", "inbox_day")
USAGE = e.Usage(tokens_in=60, tokens_out=40, cost_microusd=100, model_calls=100)


def limited(span: str, name: str, allowed: int = 100):
    return replace(POLICY, limits=replace(Limits(session_turns=None), **{f"{span}_{name}": allowed}))


def asks(text: str = "More?") -> c.PostMessage:
    return c.PostMessage(actor=ana, text=text)


@pytest.mark.parametrize("name", NAMES)
def test_each_limit_of_a_session_stops_the_bot_when_it_is_reached(name):
    policy = limited("session", name, 1 if name == "turns" else 100)
    answer = c.AnswerTurn(actor=bot, turn=1, attempt=1, text="Yes", usage=USAGE)
    session = stepped(open_session(policy=policy), answer, policy=policy)

    events = decided(session, asks(), policy=policy)

    assert kinds(events) == [e.MessagePosted, e.LimitReached, e.MessagePosted, e.HumanOffered]
    assert (events[1].limit, events[1].span) == (name, "session")
    assert events[2].text == policy.texts.limit


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("span", ["visitor_day", "inbox_day"])
def test_each_limit_of_a_day_stops_the_bot_when_it_is_reached(span, name):
    policy = limited(span, name)
    today = {span.replace("day", "today"): UsageToday(**{name: 100})}

    events = decided(waiting(policy=policy), asks(), policy=policy, facts=Facts(**today))

    assert (events[1].limit, events[1].span, events[1].used, events[1].allowed) == (name, span, 100, 100)


@pytest.mark.parametrize("span", SPANS)
def test_below_the_limit_the_bot_goes_on(span):
    policy = limited(span, "tokens")
    below = UsageToday(tokens=99)

    events = decided(waiting(policy=policy), asks(), policy=policy, facts=Facts(visitor_today=below, inbox_today=below))

    assert e.TurnOpened in kinds(events)


def test_a_limit_of_a_day_that_nobody_counted_stops_nobody():
    policy = limited("inbox_day", "tokens", 0)

    assert e.TurnOpened in kinds(decided(waiting(policy=policy), asks(), policy=policy))


def test_a_question_that_met_a_limit_was_not_answered():
    policy = limited("session", "turns", 1)

    after = stepped(waiting(policy=policy), asks(), policy=policy)
    closed = decided(after, c.CloseSession(actor=ana), policy=policy)

    assert closed[0].outcome == "unresolved"


def test_a_bot_that_speaks_of_its_own_accord_is_refused_at_a_limit():
    policy = limited("session", "turns", 1)

    refusal = refused(waiting(policy=policy), c.OpenTurn(actor=bot), policy=policy)

    assert refusal.code == "wrong_state"
    assert "1 of 1 turns" in refusal.detail


def test_a_limit_that_only_the_door_can_see_ends_the_running_turn():
    refuse = c.RefuseTurn(actor=bot, turn=1, attempt=1, limit="cost_microusd", span="inbox_day", used=9, allowed=9)

    events = decided(open_session(), refuse)
    after = stepped(open_session(), refuse)

    assert kinds(events) == [e.LimitReached, e.MessagePosted, e.HumanOffered, e.TurnFailed]
    assert (after.turn, after.waiting_on) == (None, "visitor")


def test_what_was_used_counts_over_all_periods_of_the_session():
    policy = limited("session", "turns", 1)
    session = answered(open_session(policy=policy), policy=policy)
    session = stepped(session, c.CloseSession(actor=ana), policy=policy)

    resumed = decided(session, c.ResumeSession(actor=ana, policy=policy.hash, text="Again"), policy=policy)

    assert e.LimitReached in kinds(resumed)


def test_usage_adds_up():
    one, two = UsageToday(tokens=1, cost_microusd=2, turns=3, model_calls=4), UsageToday(tokens=10)

    assert one.plus(two) == UsageToday(tokens=11, cost_microusd=2, turns=3, model_calls=4)
