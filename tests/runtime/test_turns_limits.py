"""Limits stop calls of the bot: a sentence for the visitor, an event, the offer of a human, and no call."""

import pytest
from runtime.screens import asked, events, screen
from stage import stage

from chatsession.bot import Span
from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.events import Usage
from chatsession.core.policy import Limits, Policy

USAGE = Usage(tokens_in=60, tokens_out=40, cost_microusd=2_000, model_calls=1)
COSTLY = [Span(kind="model", name="m", usage=USAGE), "Yes."]
LIMITS = {"tokens": 100, "cost_microusd": 2_000, "turns": 1, "model_calls": 1}


async def _is_stopped(scene, shown, session, limit, span):
    reached = await shown.shows("limit_reached")
    assert (reached["limit"], reached["span"], reached["allowed"]) == (limit, span, LIMITS[limit])
    assert reached["used"] >= reached["allowed"]
    assert shown.of("message_posted")[-1]["text"] == Policy().texts.limit
    assert [offered["reason"] for offered in shown.of("human_offered")] == ["limit"]
    assert [event.turn for event in await events(scene, session, e.TurnOpened)][1:] == []


@pytest.mark.parametrize("limit", LIMITS)
async def test_a_session_that_has_used_up_its_limit_gets_no_further_turn(limit):
    policy = Policy(limits=Limits(**{f"session_{limit}": LIMITS[limit]}))
    async with stage(COSTLY, COSTLY, policy=policy) as scene:
        visitor, session, shown = await asked(scene)
        await shown.shows("turn_answered")

        await scene.say(visitor, session, "And now?")

        await _is_stopped(scene, shown, session, limit, "session")
        assert len(scene.bot.turns) == 1


@pytest.mark.parametrize("limit", LIMITS)
async def test_a_visitor_who_has_used_up_the_day_gets_no_further_turn_in_another_session(limit):
    policy = Policy(limits=Limits(**{f"visitor_day_{limit}": LIMITS[limit]}), on_return="new")
    async with stage(COSTLY, COSTLY, COSTLY, policy=policy) as scene:
        visitor, session, shown = await asked(scene)
        await shown.shows("turn_answered")
        await scene.service.door.submit(visitor, session, c.CloseSession(actor=visitor.actor))

        again = await scene.open(visitor, "A new chat")
        stopped = await screen(scene, visitor, again.session.id)

        assert again.session.id != session
        await _is_stopped(scene, stopped, again.session.id, limit, "visitor_day")
        _, _, other = await asked(scene)
        await other.shows("turn_answered")
        assert len(scene.bot.turns) == 2


@pytest.mark.parametrize("limit", LIMITS)
async def test_an_inbox_that_has_used_up_the_day_gets_no_further_turn_from_anybody(limit):
    policy = Policy(limits=Limits(**{f"inbox_day_{limit}": LIMITS[limit]}))
    async with stage(COSTLY, COSTLY, policy=policy) as scene:
        _, _, first = await asked(scene)
        await first.shows("turn_answered")

        _, session, stopped = await asked(scene)

        await _is_stopped(scene, stopped, session, limit, "inbox_day")
        assert len(scene.bot.turns) == 1


@pytest.mark.parametrize("span", ["session", "visitor_day", "inbox_day"])
@pytest.mark.parametrize("limit", ["tokens", "cost_microusd", "model_calls"])
async def test_a_failed_attempt_that_used_up_a_limit_gets_no_second_one(limit, span):
    policy = Policy(limits=Limits(**{f"{span}_{limit}": LIMITS[limit]}))

    def fails(turn):
        yield Span(kind="model", name="m", usage=USAGE)
        raise ValueError("broken")

    async with stage(fails, COSTLY, policy=policy) as scene:
        _, session, shown = await asked(scene)

        failed = await shown.shows("turn_failed")

        assert failed["reason"] == "limit"
        await _is_stopped(scene, shown, session, limit, span)
        assert len(scene.bot.turns) == 1


@pytest.mark.parametrize("span", ["session", "visitor_day", "inbox_day"])
async def test_the_last_turn_allowed_has_its_second_attempt(span):
    policy = Policy(limits=Limits(**{f"{span}_turns": 1}))
    async with stage(ValueError("once"), "Yes.", policy=policy) as scene:
        _, session, shown = await asked(scene)

        await shown.shows("turn_answered")

        assert await events(scene, session, e.LimitReached) == []


async def test_the_limits_of_a_day_end_with_it():
    policy = Policy(limits=Limits(visitor_day_turns=1), idle_timeout=None)
    async with stage("One.", "Two.", policy=policy) as scene:
        visitor, session, shown = await asked(scene)
        await shown.shows("turn_answered")
        await scene.say(visitor, session, "Again?")
        await shown.shows("limit_reached")

        await scene.clock.advance("13h")
        await scene.say(visitor, session, "And today?")

        await shown.shows("turn_answered", 2)
        assert shown.of("message_posted")[-1]["text"] == "Two."
