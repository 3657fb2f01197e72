"""The OpenAI bot over real HTTP, against a server in its own process."""

import asyncio
import json

import pytest
from bots.asked import ask, turn

from chatsession.bot import Delta, Working
from chatsession.bots.openai import OpenAIBot, OpenAIOptions, Price
from chatsession.core.events import Usage

KEY = "sk-a-secret-of-the-shop"
PRICE = Price(input_microusd=150_000, output_microusd=600_000, cached_input_microusd=75_000)


@pytest.fixture
async def bot_at(upstream):
    bots = []

    def made(scenario: str, **more) -> OpenAIBot:
        quick = {"api_key": KEY, "silence_seconds": 10.0, "connect_seconds": 10.0}
        options = {**quick, **more}
        bots.append(OpenAIBot(OpenAIOptions(base_url=upstream.model(scenario), model="small", **options)))
        return bots[-1]

    yield made
    for bot in bots:
        await bot.close()


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
async def test_an_answer_is_streamed(bot_at, scenario, text):
    answered = await ask(bot_at(scenario))

    assert (answered.text, answered.error) == (text, None)


async def test_the_tokens_and_their_cost_are_those_the_server_reports(bot_at):
    answered = await ask(bot_at("good", prices={"small": PRICE}))

    (span,) = answered.spans
    cost = (600 * 150_000 + 400 * 75_000 + 7 * 600_000) / 1_000_000
    assert cost == 124.2
    assert span.usage == Usage(tokens_in=1_000, tokens_out=7, cost_microusd=125, model_calls=1)
    assert (span.kind, span.name, span.error) == ("model", "small", None)
    assert span.output == {"finish_reason": "stop", "tool_calls": [], "tokens": "reported"}
    assert span.ms > 0


async def test_tokens_are_estimated_and_marked_where_the_server_reports_none(bot_at):
    answered = await ask(bot_at("without_usage"))

    (span,) = answered.spans
    assert span.output["tokens"] == "estimated"
    assert span.usage.tokens_in > 50
    assert span.usage.tokens_out == 7
    assert span.usage.cost_microusd == 0


async def test_the_request_is_what_such_endpoints_take(bot_at, upstream):
    bot = bot_at("good", temperature=0.2, tokens_max=300, extra={"top_p": 0.9}, headers={"X-Shop": "nordlys"})

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


async def test_without_a_key_none_is_sent(bot_at, upstream):
    await ask(bot_at("good", api_key=None, usage_in_stream=False))

    (seen,) = await upstream.seen()
    assert "authorization" not in seen["headers"]
    assert "stream_options" not in json.loads(seen["body"])


async def test_a_connection_is_used_again(bot_at, upstream):
    bot = bot_at("good")

    for _ in range(3):
        await ask(bot)

    assert len({seen["connection"] for seen in await upstream.seen()}) == 1


async def test_reasoning_is_no_part_of_the_answer_but_a_sign_of_work(bot_at):
    answered = await ask(bot_at("reasons"))

    thinking = [event for event in answered.events if isinstance(event, Working)]
    assert set(thinking) == {Working("thinking", what="model")}
    assert answered.events.index(thinking[0]) < answered.events.index(Delta("On its way."))


@pytest.mark.parametrize(
    ("scenario", "reason", "said"),
    [
        ("busy", "rate_limited", "the server answered 429: Slow down"),
        ("busy_for_an_hour", "rate_limited", "the server answered 429: Slow down"),
        ("busy_until_a_date", "rate_limited", "the server answered 429"),
        ("unauthorized", "unauthorized", "the server answered 401: it does not accept our key"),
        ("broken", "upstream_error", "the server answered 500: Something broke. Your request had Bearer [secret]"),
        ("broken_in_html", "upstream_error", "the server answered 502"),
        ("redirects", "upstream_error", "the server answered 307, and redirects are not followed"),
        (
            "too_long",
            "too_long",
            "the conversation is longer than the model reads: maximum context length is 8192 tokens",
        ),
        ("too_large", "too_long", "the server answered 413"),
        ("gateway_timeout", "timeout", "the server answered 504: upstream took too long"),
        ("cuts", "cut", "the connection broke within the answer (RemoteProtocolError)"),
        ("ends_early", "cut", "the stream ended before the answer did"),
        ("ends_within_an_event", "cut", "the stream ended before the answer did"),
        ("malformed", "malformed", "the stream holds something that is no chunk of an answer"),
        ("other_types", "malformed", "the stream holds something that is no chunk of an answer"),
        ("not_utf8", "malformed", "the stream is not UTF-8"),
        ("compressed", "malformed", "the stream is not UTF-8"),
        ("html", "malformed", "the server answered with text/html, not with a stream of events"),
        ("not_a_stream", "malformed", "the server answered with application/json, not with a stream of events"),
        ("giant_line", "too_long", "one line of the stream has more than 1048576 bytes"),
        ("endless_line", "too_long", "one line of the stream has more than 1048576 bytes"),
        ("endless", "too_long", "the answer passed 16000 characters"),
        ("endless_thoughts", "too_long", "the stream passed 4194304 bytes"),
        ("breaks_off", "upstream_error", "the server broke off: The engine has died"),
    ],
)
async def test_each_failure_has_its_word_and_a_sentence_without_the_key(bot_at, scenario, reason, said):
    answered = await ask(bot_at(scenario, retries_max=1))

    assert answered.reason == reason
    assert str(answered.error).startswith(said)
    assert KEY not in repr(answered.events) + str(answered.error)
    assert answered.spans[-1].error == reason


@pytest.mark.parametrize("scenario", ["stalls_before", "stalls_within"])
async def test_a_silent_server_is_given_up_and_its_connection_closed(bot_at, upstream, scenario):
    answered = await ask(bot_at(scenario, silence_seconds=1.0))

    assert answered.reason == "timeout"
    await upstream.closed()


async def test_a_refusal_that_never_ends_is_not_listened_to_for_ever(bot_at, upstream):
    answered = await ask(bot_at("stalls_within_the_refusal", silence_seconds=1.0))

    assert (answered.reason, str(answered.error)) == ("upstream_error", "the server answered 500")
    await upstream.closed()


async def test_the_patience_of_the_service_is_shorter_where_it_is(bot_at, upstream):
    answered = await ask(bot_at("stalls_within", silence_seconds=600.0), turn(patience_seconds=1.0))

    assert answered.reason == "timeout"
    await upstream.closed()


async def test_a_server_that_drips_for_ever_is_given_up_after_the_whole_time(bot_at, upstream):
    answered = await ask(bot_at("drips", answer_seconds=1.5))

    assert (answered.reason, str(answered.error)) == ("timeout", "the answer took longer than 1.5 s")
    await upstream.closed()


async def test_a_server_that_nobody_runs_cannot_be_reached():
    bot = OpenAIBot(OpenAIOptions(base_url="http://127.0.0.1:1/v1", model="small"))

    answered = await ask(bot)
    await bot.close()

    assert answered.reason == "upstream_error"
    assert str(answered.error).startswith("the server cannot be reached (ConnectError")


@pytest.mark.parametrize(("retries", "requests"), [(0, 1), (2, 3)])
async def test_a_busy_server_is_asked_again_a_bounded_number_of_times(bot_at, upstream, retries, requests):
    answered = await ask(bot_at("busy", retries_max=retries))

    assert answered.reason == "rate_limited"
    assert len(await upstream.seen()) == requests


async def test_a_wait_beyond_the_patience_is_not_begun(bot_at, upstream):
    await ask(bot_at("busy_for_an_hour", retries_max=5))

    assert len(await upstream.seen()) == 1


async def test_a_refused_call_costs_nothing_and_one_that_broke_off_does(bot_at):
    refused = await ask(bot_at("unauthorized"))
    cut = await ask(bot_at("cuts"))

    assert refused.spans[-1].usage == Usage()
    assert cut.spans[-1].usage.model_calls == 1
    assert cut.spans[-1].usage.tokens_in > 50


@pytest.mark.parametrize("how", ["cancelled", "closed"])
async def test_stopping_really_closes_the_request(bot_at, upstream, how):
    stream = bot_at("stalls_within").answer(turn())
    begun = asyncio.Event()

    async def listen():
        async for event in stream:
            if isinstance(event, Delta):
                begun.set()
                if how == "closed":
                    break

    listening = asyncio.create_task(listen())
    await asyncio.wait_for(begun.wait(), 20)
    if how == "cancelled":
        listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await stream.aclose()

    await asyncio.wait_for(upstream.closed(), 20)


async def test_stopping_while_a_busy_server_is_waited_for_stops_the_waiting(bot_at, upstream):
    listening = asyncio.create_task(ask(bot_at("busy", retries_max=8, silence_seconds=600.0)))
    await upstream.asked()

    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening


async def test_what_a_running_call_has_used_is_known_before_it_ends(bot_at, upstream):
    stream = bot_at("stalls_within", prices={"small": PRICE}).answer(turn())

    first = await anext(stream)
    await stream.aclose()

    assert (first.id, first.usage.model_calls, first.usage.tokens_in > 50, first.usage.cost_microusd > 0) == (
        "model-1",
        1,
        True,
        True,
    )
    await upstream.closed()


async def test_a_bot_can_be_closed_and_used_again(bot_at):
    bot = bot_at("good")
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
