"""Bots that talk over HTTP, inside the real service: what visitors see, what is stored, what stopping does."""

import asyncio

import pytest
from runtime.screens import asked, events, traces
from stage import stage

from chatsession.bots.openai import OpenAIBot, OpenAIOptions, Price, Tool
from chatsession.bots.webhook import WebhookBot, WebhookOptions
from chatsession.core import commands as c
from chatsession.core import events as e

PRICES = {"small": Price(input_microusd=150_000, output_microusd=600_000)}


async def find_order(number: int) -> dict:
    """Find an order."""
    return {"number": number, "state": "on its way"}


async def shop_hours() -> str:
    return "9 to 17"


def model(upstream, scenario, *tools, **more) -> OpenAIBot:
    options = {"base_url": upstream.model(scenario), "model": "small", "prices": PRICES, "tools": tools}
    return OpenAIBot(OpenAIOptions(**{**options, **more}))


async def test_a_models_answer_its_tools_and_its_cost_reach_screen_log_and_trace(upstream):
    bot = model(upstream, "two_tools", Tool(find_order, working="Looking up your order"), shop_hours)
    async with stage(bot=bot) as scene:
        _, session, screen = await asked(scene, "Where is order 17?")

        posted = await screen.shows("message_posted", 2)
        (trace,) = await traces(scene, session, 1)

        assert posted["text"] == trace.text == screen.text()
        assert posted["text"].startswith("Let me see.")
        assert [each["name"] for each in screen.of("working")] == ["Looking up your order", "shop_hours"]
        assert [span.name for span in trace.spans] == ["small", "find_order", "shop_hours", "small"]
        assert trace.release == bot.release()
        (counted,) = await events(scene, session, e.UsageCounted)
        assert counted.usage == trace.usage
        assert (trace.usage.tokens_in, trace.usage.tokens_out, trace.usage.model_calls) == (2_000, 14, 2)
        assert trace.usage.cost_microusd == 2 * 155


async def test_a_visitor_who_stops_a_model_closes_its_request_and_what_it_used_is_counted(upstream):
    async with stage(bot=model(upstream, "stalls_within")) as scene:
        visitor, session, screen = await asked(scene)
        await screen.shows("delta")

        await scene.service.door.submit(visitor, session, c.StopTurn(actor=visitor.actor))
        await asyncio.wait_for(upstream.closed(), 20)
        counted = await screen.shows("usage_counted")

        (trace,) = await traces(scene, session, 1)
        assert (trace.end, trace.error, trace.text) == ("superseded", "stopped", "Your parcel ")
        assert counted["usage"]["model_calls"] == 1
        assert counted["usage"]["tokens_in"] > 50


@pytest.mark.parametrize(
    ("scenario", "reason"), [("unauthorized", "unauthorized"), ("cuts", "cut"), ("html", "malformed")]
)
async def test_a_model_that_cannot_answer_is_excused_and_the_trace_says_why(upstream, scenario, reason):
    async with stage(bot=model(upstream, scenario, api_key="sk-a-secret")) as scene:
        _, session, screen = await asked(scene)

        failed = await screen.shows("turn_failed")

        assert failed["reason"] == reason
        assert [(trace.end, trace.spans[-1].error) for trace in await traces(scene, session, 2)] == [
            (reason, reason)
        ] * 2
        assert len(screen.of("human_offered")) == 1
        assert "sk-a-secret" not in repr(await traces(scene, session, 2)) + repr(screen.frames)


async def test_each_attempt_of_a_turn_has_its_own_key_at_a_webhook(upstream):
    bot = WebhookBot(WebhookOptions(url=upstream.hook("recovers"), secrets=("a-secret-of-the-shop-and-the-bot",)))
    async with stage(bot=bot) as scene:
        visitor, session, screen = await asked(scene)
        await screen.shows("turn_failed")
        await scene.say(visitor, session, "And now?")

        await screen.shows("turn_answered")

        keys = [seen["headers"]["idempotency-key"] for seen in await upstream.seen()]
        assert keys == [f"{session}/1/1", f"{session}/1/2", f"{session}/2/1"]
        assert screen.of("message_posted")[-1]["text"] == "Well again."
