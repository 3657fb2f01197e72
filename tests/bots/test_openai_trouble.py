"""What the OpenAI bot makes of servers that fail, stall, are busy or never end, and of being stopped."""

import asyncio

import pytest
from bots.asked import ask, turn
from bots.made_bots import KEY

from chatsession.bot import Delta
from chatsession.bots.openai import OpenAIBot, OpenAIOptions
from chatsession.core.events import Usage


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
async def test_each_failure_has_its_word_and_a_sentence_without_the_key(model_at, scenario, reason, said):
    answered = await ask(model_at(scenario, retries_max=1))

    assert answered.reason == reason
    assert str(answered.error).startswith(said)
    assert KEY not in repr(answered.events) + str(answered.error)
    assert answered.spans[-1].error == reason


@pytest.mark.parametrize("scenario", ["stalls_before", "stalls_within"])
async def test_a_silent_server_is_given_up_and_its_connection_closed(model_at, upstream, scenario):
    answered = await ask(model_at(scenario, silence_seconds=1.0))

    assert answered.reason == "timeout"
    await upstream.closed()


async def test_a_refusal_that_never_ends_is_not_listened_to_for_ever(model_at, upstream):
    answered = await ask(model_at("stalls_within_the_refusal", silence_seconds=1.0))

    assert (answered.reason, str(answered.error)) == ("upstream_error", "the server answered 500")
    await upstream.closed()


async def test_the_patience_of_the_service_is_shorter_where_it_is(model_at, upstream):
    answered = await ask(model_at("stalls_within", silence_seconds=600.0), turn(patience_seconds=1.0))

    assert answered.reason == "timeout"
    await upstream.closed()


async def test_a_server_that_drips_for_ever_is_given_up_after_the_whole_time(model_at, upstream):
    answered = await ask(model_at("drips", answer_seconds=1.5))

    assert (answered.reason, str(answered.error)) == ("timeout", "the answer took longer than 1.5 s")
    await upstream.closed()


async def test_a_server_that_nobody_runs_cannot_be_reached():
    bot = OpenAIBot(OpenAIOptions(base_url="http://127.0.0.1:1/v1", model="small"))

    answered = await ask(bot)
    await bot.close()

    assert answered.reason == "upstream_error"
    assert str(answered.error).startswith("the server cannot be reached (ConnectError")


@pytest.mark.parametrize(("retries", "requests"), [(0, 1), (2, 3)])
async def test_a_busy_server_is_asked_again_a_bounded_number_of_times(model_at, upstream, retries, requests):
    answered = await ask(model_at("busy", retries_max=retries))

    assert answered.reason == "rate_limited"
    assert len(await upstream.seen()) == requests


async def test_a_wait_beyond_the_patience_is_not_begun(model_at, upstream):
    await ask(model_at("busy_for_an_hour", retries_max=5))

    assert len(await upstream.seen()) == 1


async def test_a_refused_call_costs_nothing_and_one_that_broke_off_does(model_at):
    refused = await ask(model_at("unauthorized"))
    cut = await ask(model_at("cuts"))

    assert refused.spans[-1].usage == Usage()
    assert cut.spans[-1].usage.model_calls == 1
    assert cut.spans[-1].usage.tokens_in > 50


@pytest.mark.parametrize("how", ["cancelled", "closed"])
async def test_stopping_really_closes_the_request(model_at, upstream, how):
    stream = model_at("stalls_within").answer(turn())
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


async def test_stopping_while_a_busy_server_is_waited_for_stops_the_waiting(model_at, upstream):
    listening = asyncio.create_task(ask(model_at("busy", retries_max=8, silence_seconds=600.0)))
    await upstream.asked()

    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
