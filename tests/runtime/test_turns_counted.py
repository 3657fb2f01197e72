"""What turns use: tokens and calls, counted whatever became of them, and places, of which there are so many."""

import asyncio
from datetime import timedelta

from runtime.screens import asked, screen, traces, until
from stage import stage

from chatsession.bot import Span
from chatsession.bots.function import FunctionBot
from chatsession.core import commands as c
from chatsession.core.events import Usage
from chatsession.core.policy import Policy
from chatsession.runtime.config import RuntimeConfig
from chatsession.testing.scripted import Hang, Held


async def test_usage_is_counted_for_answers_failures_and_stopped_attempts_alike():
    async def costly(turn):
        yield Span(kind="model", name="m", usage=Usage(tokens_in=100, tokens_out=10, cost_microusd=5, model_calls=1))
        if (turn.turn, turn.attempt) == (1, 1):
            raise ValueError("no")
        yield "Yes."
        if turn.turn == 2:
            await asyncio.Event().wait()

    async with stage(bot=FunctionBot(costly)) as scene:
        visitor, session, screen = await asked(scene)
        await screen.shows("turn_answered")
        await scene.say(visitor, session, "More")
        await until(lambda: screen.of("delta")[-1]["turn"] == 2)
        await scene.service.door.submit(visitor, session, c.StopTurn(actor=visitor.actor))
        await screen.shows("usage_counted", 3)

        counted = [(each["turn"], each["attempt"]) for each in screen.of("usage_counted")]
        used = await scene.service.store.usage_today("shop", visitor.id, "2026-01-05")
        assert counted == [(1, 1), (1, 2), (2, 1)]
        assert (used.tokens, used.cost_microusd, used.model_calls, used.turns) == (330, 15, 3, 2)


async def test_a_span_with_a_known_id_takes_the_place_of_the_earlier_one():
    begun = Span(id="1", kind="model", name="m", usage=Usage(tokens_in=90, model_calls=1))
    ended = Span(id="1", kind="model", name="m", ms=3.0, usage=Usage(tokens_in=100, tokens_out=7, model_calls=1))
    async with stage([begun, "Yes.", ended]) as scene:
        _, session, _ = await asked(scene)

        (trace,) = await traces(scene, session, 1)

        assert trace.spans == [ended]
        assert trace.usage == Usage(tokens_in=100, tokens_out=7, model_calls=1)


async def test_turns_wait_for_a_place_and_keep_it_when_they_are_tried_again():
    holding = Held("first")
    config = RuntimeConfig(turns_running_max=1)
    async with stage(holding, "second", config=config, policy=Policy(bot_silence=timedelta(seconds=30))) as scene:
        _, _, first = await asked(scene)
        await until(lambda: first.text() == "first")
        _, waiting, second = await asked(scene)
        await scene.clock.settle()
        await scene.clock.advance("20s")
        assert len(scene.bot.turns) == 1

        await scene.clock.advance("11s")
        await second.shows("turn_retried")
        posted = await second.shows("message_posted", 2)

        assert (posted["text"], posted["attempt"]) == ("second", 2)
        assert [each.attempt for each in scene.bot.turns if each.session == waiting] == [2]


async def test_where_too_many_wait_for_a_place_the_visitor_hears_it_at_once():
    config = RuntimeConfig(turns_running_max=1, turns_waiting_max=1)
    async with stage(Hang(), config=config) as scene:
        for _ in range(2):
            await asked(scene)
        await until(lambda: len(scene.service.turns) == 2 and scene.bot.turns)

        _, session, third = await asked(scene)
        failed = await third.shows("turn_failed")

        assert failed["reason"] == "overloaded"
        assert third.of("message_posted")[-1]["text"] == Policy().texts.apology
        assert await scene.service.store.traces(session) == []


async def test_one_inbox_does_not_take_the_places_of_another():
    config = RuntimeConfig(turns_running_max=1)
    async with stage(Hang(), config=config) as scene:
        await asked(scene)
        await until(lambda: scene.bot.turns)
        scene.service.bots["bank"] = type(scene.bot)("Your balance.", name="teller")
        visitor = await scene.visitor("bank")

        opened = await scene.open(visitor, inbox="bank")
        shown = await screen(scene, visitor, opened.session.id)

        assert (await shown.shows("message_posted", 2))["text"] == "Your balance."
