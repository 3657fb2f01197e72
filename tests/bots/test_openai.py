"""The OpenAI bot over real HTTP, against a server in its own process."""

import json

import pytest
from bots.asked import ask, turn
from bots.made_bots import KEY

from chatsession.bot import Delta, Working
from chatsession.bots.openai import OpenAIBot, OpenAIOptions, Price
from chatsession.core.events import Usage

PRICE = Price(input_microusd=150_000, output_microusd=600_000, cached_input_microusd=75_000)


@pytest.mark.parametrize(
    ("scenario", "text"),
    [
        ("good", "Your parcel is on its way."),
        ("without_usage", "Your parcel is on its way."),
        ("byte_by_byte", "Grüße 👋 —½"),
        ("without_done", "Whole."),
        ("lingers", "Whole."),
        ("reasons", "On its way."),
        ("starting", "Your parcel is on its way."),
        ("busy_once", "Your parcel is on its way."),
    ],
)
async def test_an_answer_is_streamed(model_at, scenario, text):
    answered = await ask(model_at(scenario))

    assert (answered.text, answered.error) == (text, None)


async def test_the_tokens_and_their_cost_are_those_the_server_reports(model_at):
    answered = await ask(model_at("good", prices={"small": PRICE}))

    (span,) = answered.spans
    cost = (600 * 150_000 + 400 * 75_000 + 7 * 600_000) / 1_000_000
    assert cost == 124.2
    assert span.usage == Usage(tokens_in=1_000, tokens_out=7, cost_microusd=125, model_calls=1)
    assert (span.kind, span.name, span.error) == ("model", "small", None)
    assert span.output == {"finish_reason": "stop", "tool_calls": [], "tokens": "reported"}
    assert span.ms > 0


async def test_tokens_are_estimated_and_marked_where_the_server_reports_none(model_at):
    answered = await ask(model_at("without_usage"))

    (span,) = answered.spans
    assert span.output["tokens"] == "estimated"
    assert span.usage.tokens_in > 50
    assert span.usage.tokens_out == 7
    assert span.usage.cost_microusd == 0


async def test_the_request_is_what_such_endpoints_take(model_at, upstream):
    bot = model_at("good", temperature=0.2, tokens_max=300, extra={"top_p": 0.9}, headers={"X-Shop": "nordlys"})

    await ask(bot, turn("Where is it?"))

    (seen,) = await upstream.seen()
    body = json.loads(seen["body"])
    assert seen["path"].endswith("/chat/completions")
    assert seen["headers"]["authorization"] == f"Bearer {KEY}"
    assert seen["headers"]["x-shop"] == "nordlys"
    assert body.pop("messages")[-1] == {"role": "user", "content": "Where is it?"}
    assert body == {
        "model": "small",
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.2,
        "max_tokens": 300,
        "top_p": 0.9,
    }


async def test_without_a_key_none_is_sent(model_at, upstream):
    await ask(model_at("good", api_key=None, usage_in_stream=False))

    (seen,) = await upstream.seen()
    assert "authorization" not in seen["headers"]
    assert "stream_options" not in json.loads(seen["body"])


async def test_a_connection_is_used_again(model_at, upstream):
    bot = model_at("good")

    for _ in range(3):
        await ask(bot)

    assert len({seen["connection"] for seen in await upstream.seen()}) == 1


async def test_reasoning_is_no_part_of_the_answer_but_a_sign_of_work(model_at):
    answered = await ask(model_at("reasons"))

    thinking = [event for event in answered.events if isinstance(event, Working)]
    assert set(thinking) == {Working("thinking", what="model")}
    assert answered.events.index(thinking[0]) < answered.events.index(Delta("On its way."))


async def test_what_a_running_call_has_used_is_known_before_it_ends(model_at, upstream):
    stream = model_at("stalls_within", prices={"small": PRICE}).answer(turn())

    first = await anext(stream)
    await stream.aclose()

    assert (first.id, first.usage.model_calls, first.usage.tokens_in > 50, first.usage.cost_microusd > 0) == (
        "model-1",
        1,
        True,
        True,
    )
    await upstream.closed()


async def test_a_bot_can_be_closed_and_used_again(model_at):
    bot = model_at("good")
    await bot.start()
    await ask(bot)
    await bot.close()
    await bot.close()

    assert (await ask(bot)).text == "Your parcel is on its way."


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"base_url": "ftp://x", "model": "m"}, "base_url must be an http or https address"),
        ({"base_url": "localhost:11434", "model": "m"}, "base_url must be an http or https address"),
        ({"base_url": "https://me:pw@x/v1", "model": "m"}, "base_url must not hold a password"),
        ({"base_url": "https://x/v1", "model": ""}, "model must name a model"),
    ],
)
def test_options_that_cannot_work_are_refused_in_words(options, said):
    with pytest.raises(ValueError, match=said):
        OpenAIOptions(**options)


def test_the_key_is_not_in_what_options_say_of_themselves():
    assert KEY not in repr(OpenAIOptions(base_url="https://x/v1", model="m", api_key=KEY))


def test_the_release_changes_with_what_shapes_answers_and_not_with_the_key():
    def release(**more):
        return OpenAIBot(OpenAIOptions(**{"base_url": "https://x/v1", "model": "m", "api_key": KEY, **more})).release()

    async def find_order(number: int) -> str:
        """Find an order."""
        return str(number)

    same = {release(), release(api_key="sk-rotated"), release(silence_seconds=3.0)}
    others = {
        release(model="large"),
        release(instructions="Rhyme."),
        release(temperature=0.5),
        release(tools=(find_order,)),
        release(extra={"seed": 7}),
    }

    assert len(same) == 1
    assert len(others | same) == 6
