"""The webhook bot over real HTTP, against a server in its own process."""

import asyncio
import json

import pytest
from bots.asked import ask, turn
from bots.made_bots import SECRET

from chatsession.bot import BotError, ContextSet, Delta, Finished, Span, Working
from chatsession.bots.webhook import WebhookBot, WebhookOptions
from chatsession.bots.webhook.breaker import Breaker
from chatsession.core.events import Source, Usage

OTHER = "another-secret-that-comes-next"


async def test_the_turn_is_posted_signed_and_the_answer_posted(webhook_at):
    answered = await ask(webhook_at("checks"), turn("Grüße"))

    assert (answered.text, answered.error) == ("You said: Grüße", None)


@pytest.mark.parametrize("secrets", [(SECRET, OTHER), (OTHER, SECRET)])
async def test_while_one_secret_replaces_another_both_are_good(webhook_at, secrets):
    assert (await ask(webhook_at("checks", secrets=secrets), turn("Hello"))).text == "You said: Hello"


async def test_with_another_secret_nobody_is_told_anything(webhook_at):
    assert (await ask(webhook_at("checks", secrets=(OTHER,)))).text == "Who are you?"


async def test_the_request_says_everything_the_bot_needs(webhook_at, upstream):
    await ask(webhook_at("checks"), turn("Hello", turn=3, attempt=2, context={"order": 17}, locale="de"))

    (seen,) = await upstream.seen()
    body, headers = json.loads(seen["body"]), seen["headers"]
    assert (body["text"], body["context"], body["locale"]) == ("Hello", {"order": 17}, "de")
    nothing = {"thread": None, "name": None, "page": None}
    assert body["lines"][0] == {"role": "visitor", "text": "Hello", "seq": 2, **nothing}
    assert headers["idempotency-key"] == "ses_1/3/2"
    assert headers["content-type"] == "application/json"
    assert headers["x-chatsession-deadline"] == "60"
    assert headers["host"] == upstream.url.removeprefix("http://")


async def test_an_answer_in_one_document_may_say_all_that_an_outcome_says(webhook_at):
    answered = await ask(webhook_at("everything"))

    assert answered.events == [
        ContextSet({"order": 17}),
        Delta("Two days."),
        Finished(
            result="needs_agent",
            known=False,
            sources=[Source(title="Delivery", url="/delivery")],
            parts=[{"type": "buttons"}],
            topic="delivery",
        ),
    ]


async def test_an_answer_may_be_streamed_event_by_event(webhook_at):
    answered = await ask(webhook_at("streams"))

    assert answered.events == [
        Working("Looking it up"),
        Span(kind="tool", name="orders", ms=3.5, usage=Usage(tokens_in=5, model_calls=1)),
        Delta("Grüße, "),
        Delta("Ana."),
        ContextSet({"order": 17}),
        Finished(),
    ]


async def test_the_network_may_cut_a_stream_anywhere(webhook_at):
    assert (await ask(webhook_at("byte_by_byte"))).text == "Grüße 👋"


@pytest.mark.parametrize(("scenario", "text"), [("signed", "It is really me."), ("signed_stream", "Really me.")])
async def test_signed_answers_are_taken(webhook_at, scenario, text):
    answered = await ask(webhook_at(scenario, signed_answers=True, secrets=(OTHER, SECRET)))

    assert (answered.text, answered.error) == (text, None)


@pytest.mark.parametrize(
    ("scenario", "said", "shown"),
    [
        ("checks", "X-Chatsession-Timestamp is missing", ""),
        ("unsigned_stream", "X-Chatsession-Timestamp is missing", ""),
        ("signed_for_another_turn", "no signature is right", ""),
        ("signed_long_ago", "X-Chatsession-Timestamp is more than 300 s away", ""),
        ("signed_stream_long_ago", "X-Chatsession-Timestamp is more than 300 s away", ""),
        ("signed_with_another_secret", "no signature is right", ""),
        ("signed_stream_in_another_order", "line 1 of the stream: no signature is right", "Really "),
    ],
)
async def test_answers_that_are_not_rightly_signed_are_refused(webhook_at, scenario, said, shown):
    answered = await ask(webhook_at(scenario, signed_answers=True))

    assert (answered.reason, answered.text) == ("unsigned", shown)
    assert str(answered.error).startswith(said)


@pytest.mark.parametrize(
    ("scenario", "reason", "said"),
    [
        ("unfinished", "cut", "the stream ended without saying how the turn ended"),
        ("cuts", "cut", "the connection broke within the answer"),
        ("other_events", "malformed", "line 1 of the stream is no event of a bot: Invalid value 'launch'"),
        ("broken_lines", "malformed", "line 1 of the stream is no event of a bot"),
        ("misspelt", "malformed", "the answer is not what a webhook answers: Object contains unknown field `txt`"),
        ("not_utf8", "malformed", "the answer is not what a webhook answers"),
        ("half_a_pair", "malformed", "the answer is not what a webhook answers"),
        ("deep", "malformed", "the answer is not what a webhook answers"),
        ("html", "malformed", "the server answered with text/html, not with JSON"),
        ("large", "too_long", "the answer passed 262144 bytes"),
        ("large_stream", "too_long", "the answer passed 262144 bytes"),
        ("redirects", "upstream_error", "the server answered 302, and redirects are not followed"),
        ("unauthorized", "unauthorized", "the server answered 401"),
        ("busy", "rate_limited", "the server answered 429"),
        ("broken", "upstream_error", "the server answered 500"),
        ("nothing", "upstream_error", "the server answered 204"),
    ],
)
async def test_each_failure_has_its_word_and_tells_no_secrets(webhook_at, scenario, reason, said):
    answered = await ask(webhook_at(scenario))

    assert answered.reason == reason
    assert str(answered.error).startswith(said)
    assert "stack trace" not in str(answered.error)
    assert SECRET not in str(answered.error)


@pytest.mark.parametrize("scenario", ["stalls_before", "stalls_within"])
@pytest.mark.parametrize("patience", [None, 1.0])
async def test_a_silent_server_is_given_up_and_its_connection_closed(webhook_at, upstream, scenario, patience):
    bot = webhook_at(scenario, silence_seconds=1.0 if patience is None else 600.0, connect_seconds=20.0)

    answered = await ask(bot, turn(patience_seconds=patience))

    assert answered.reason == "timeout"
    await upstream.closed()


async def test_a_refusal_is_not_read_and_its_connection_closed(webhook_at, upstream):
    answered = await ask(webhook_at("stalls_within_the_refusal", silence_seconds=600.0))

    assert (answered.reason, str(answered.error)) == ("upstream_error", "the server answered 500")
    await upstream.closed()


async def test_a_server_that_drips_for_ever_is_given_up(webhook_at, upstream):
    answered = await ask(webhook_at("drips", answer_seconds=0.4))

    assert (answered.reason, str(answered.error)) == ("timeout", "the answer took too long")
    await upstream.closed()


@pytest.mark.parametrize("how", ["cancelled", "closed"])
async def test_stopping_really_closes_the_request(webhook_at, upstream, how):
    stream = webhook_at("stalls_within").answer(turn())
    await anext(stream)

    if how == "closed":
        await stream.aclose()
    else:
        waiting = asyncio.create_task(anext(stream))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    await asyncio.wait_for(upstream.closed(), 20)


async def test_a_server_that_fails_again_and_again_is_left_alone(webhook_at, upstream):
    bot = webhook_at("recovers", failures_max=2, pause_seconds=600.0)

    first = [(await ask(bot)).reason for _ in range(4)]

    assert first == ["upstream_error", "upstream_error", "circuit_open", "circuit_open"]
    assert len(await upstream.seen()) == 2


def test_the_breaker_lets_one_through_after_its_pause_and_that_one_decides():
    now = 100.0
    breaker = Breaker(2, 10.0, lambda: now)
    breaker.failed()
    breaker.check()
    breaker.failed()

    def is_open():
        try:
            breaker.check()
        except BotError as error:
            return error.reason == "circuit_open"
        return False

    assert is_open()
    now = 110.0
    assert [is_open(), is_open(), is_open()] == [False, True, True]
    breaker.failed()
    now = 115.0
    assert is_open()
    now = 120.0
    assert not is_open()
    breaker.succeeded()
    assert [is_open(), is_open()] == [False, False]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"url": "http://bot.example/hook"}, "url must begin with https"),
        ({"url": "ftp://bot.example"}, "url must be an https address"),
        ({"url": "bot.example"}, "url must be an https address"),
        ({"url": "https://me:pw@bot.example"}, "url must not hold a password"),
        ({"url": "https://bot.example", "secrets": ()}, "secrets must hold one secret"),
        ({"url": "https://bot.example", "secrets": ("short",)}, "at least 16 characters"),
        ({"url": "https://bot.example", "secrets": (SECRET, OTHER, SECRET)}, "or two while one replaces"),
    ],
)
def test_options_that_are_not_safe_are_refused_in_words(options, said):
    with pytest.raises(ValueError, match=said):
        WebhookOptions(**{"secrets": (SECRET,), **options})


def test_secrets_are_not_in_what_options_say_of_themselves():
    assert SECRET not in repr(WebhookOptions(url="https://bot.example", secrets=(SECRET,)))


def test_the_release_is_what_the_options_say():
    def release(**more):
        return WebhookBot(WebhookOptions(**{"url": "https://bot.example", "secrets": (SECRET,), **more})).release()

    assert release() == release(secrets=(OTHER,)) != release(release="2")
