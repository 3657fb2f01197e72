"""Bots that raise, say garbage, too much or nothing: the turn ends, the visitor hears the truth, nothing is lost."""

import asyncio

import pytest
from runtime.screens import asked, events, traces, until
from stage import stage

from chatsession.bot import BotError, ContextSet, Delta, Finished, Span, Working
from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.events import Source, Usage
from chatsession.core.policy import Policy
from chatsession.runtime.checked import ERROR_CHARS_MAX, SPAN_VALUE_BYTES_MAX
from chatsession.testing.scripted import ScriptedBot

APOLOGY = Policy().texts.apology


class OddBot(ScriptedBot):
    """A bot whose `answer` is whatever the test says."""

    def __init__(self, answer, release=lambda: "odd"):
        super().__init__(name="odd")
        self.answer = answer
        self.release = release


def nested(levels: int):
    value = []
    for _ in range(levels):
        value = [value]
    return value


GARBAGE = {
    "a number": 7,
    "a delta that is no text": Delta(7),
    "a delta of bytes": Delta(b"bytes"),
    "half a surrogate pair": Delta("\ud83d"),
    "a surrogate in the end": Finished(text="\ud83d"),
    "an end of another kind": Finished(result="perhaps"),
    "a source that is none": Finished(sources=["a document"]),
    "a source without text": Finished(sources=[Source(title="\udc00")]),
    "parts that are no JSON": Finished(text="x", parts=[{"x": object()}]),
    "parts without end": Finished(text="x", parts=[{"x": nested(5_000)}]),
    "too large parts": Finished(text="x", parts=[{"x": "x" * 100_000}]),
    "context that is no mapping": ContextSet(["a", "b"]),
    "context that is no JSON": ContextSet({"x": object()}),
    "context with half a pair": ContextSet({"x": "\ud800"}),
    "a span of another kind": Span(kind="thought", name="x"),
    "a span without a name": Span(kind="tool", name=None),
    "a usage below zero": Span(kind="model", name="m", usage=Usage(tokens_in=-5)),
    "a usage beyond all measure": Span(kind="model", name="m", usage=Usage(tokens_in=2**64)),
    "work without a name": Working(None),
    "nothing": None,
    "an exception, not raised": ValueError("x"),
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_fails_the_attempt_and_the_second_one_answers(garbage):
    async with stage(["So far ", garbage, " so good."], "Yes.") as scene:
        _, session, screen = await asked(scene)

        posted = await screen.shows("message_posted", 2)

        assert (posted["text"], posted["attempt"]) == ("Yes.", 2)
        assert screen.of("turn_retried")[0]["reason"] == "garbage"
        broken, _ = await traces(scene, session, 2)
        assert (broken.end, broken.text) == ("garbage", "So far ")
        assert broken.error


@pytest.mark.parametrize(
    ("raised", "reason", "error"),
    [
        (ValueError("no such order"), "error", "ValueError: no such order"),
        (BotError("rate_limited", "asked too often"), "rate_limited", "asked too often"),
        (TimeoutError(), "error", "TimeoutError: "),
        (RecursionError("too deep"), "error", "RecursionError: too deep"),
        (ValueError("half \ud800 a pair"), "error", "ValueError: half ? a pair"),
    ],
)
async def test_a_bot_that_raises_is_asked_once_more_and_then_excused(raised, reason, error):
    async with stage(raised, raised) as scene:
        visitor, session, screen = await asked(scene)

        failed = await screen.shows("turn_failed")

        assert failed["reason"] == screen.of("turn_retried")[0]["reason"] == reason
        assert screen.of("message_posted")[-1]["text"] == APOLOGY
        assert len(screen.of("human_offered")) == 1
        assert [(t.attempt, t.end, t.error) for t in await traces(scene, session, 2)] == [
            (1, reason, error),
            (2, reason, error),
        ]
        assert (await scene.view(visitor, session)).waiting_on == "visitor"


async def test_a_very_long_error_is_cut_in_its_trace():
    async with stage(ValueError("x" * 1_000_000), "Yes.") as scene:
        _, session, _ = await asked(scene)

        broken, _ = await traces(scene, session, 2)

        assert len(broken.error) == ERROR_CHARS_MAX


async def test_a_bot_whose_own_task_was_cancelled_has_failed():
    async def cancelled(turn):
        inner = asyncio.create_task(asyncio.Event().wait())
        inner.cancel()
        await inner
        yield Delta("never")

    async with stage(bot=OddBot(cancelled)) as scene:
        _, session, screen = await asked(scene)

        failed = await screen.shows("turn_failed")

        assert failed["reason"] == "error"
        assert (await traces(scene, session, 2))[0].error == "the bot's own work was cancelled"


async def test_a_bot_whose_answer_is_a_coroutine_is_told_what_the_contract_is():
    async def answer(turn):
        return "not a stream"

    async with stage(bot=OddBot(answer)) as scene:
        _, session, screen = await asked(scene)

        await screen.shows("turn_failed")

        assert (await traces(scene, session, 2))[0].error == "a bot's answer is an async iterator, not coroutine"


async def test_a_stream_that_is_no_generator_needs_no_closing():
    class Pieces:
        def __init__(self):
            self.left = ["Yes", "."]

        def __aiter__(self):
            return self

        async def __anext__(self):
            if not self.left:
                raise StopAsyncIteration
            return Delta(self.left.pop(0))

    async with stage(bot=OddBot(lambda _: Pieces())) as scene:
        _, _, screen = await asked(scene)

        assert (await screen.shows("message_posted", 2))["text"] == "Yes."


async def test_a_bot_that_cannot_name_its_release_has_failed():
    def release():
        raise OSError("the folder is gone")

    async with stage(bot=OddBot(lambda _: None, release)) as scene:
        _, session, screen = await asked(scene)

        await screen.shows("turn_failed")

        assert (await traces(scene, session, 2))[0].error == "OSError: the folder is gone"


@pytest.mark.parametrize(
    "nothing",
    [[], "", "  \n ", Finished(), Finished(text=" "), "\u200b\x00"],
    ids=["none", "", "blank", "end", "x", "hidden"],
)
async def test_a_bot_that_says_nothing_has_not_answered(nothing):
    async with stage(nothing, nothing) as scene:
        _, session, screen = await asked(scene)

        failed = await screen.shows("turn_failed")

        assert failed["reason"] == "empty"
        assert [trace.end for trace in await traces(scene, session, 2)] == ["empty", "empty"]
        assert [m.text for m in await events(scene, session, e.MessagePosted)] == ["Hello", APOLOGY]


async def test_a_bot_that_says_it_failed_is_asked_once_more():
    async with stage(["Hm.", Finished(result="failed")], "Yes.") as scene:
        _, session, screen = await asked(scene)

        assert (await screen.shows("message_posted", 2))["text"] == "Yes."
        assert (await traces(scene, session, 2))[0].end == "failed"


@pytest.mark.parametrize(
    "much",
    [["x" * 10 * 1024 * 1024], ["x" * 1024] * 10 * 1024, [Finished(text="x" * 10 * 1024 * 1024)]],
    ids=["one", "many", "end"],
)
async def test_ten_mebibytes_are_too_long_and_do_not_reach_the_store(much):
    async with stage(much, much) as scene:
        _, session, screen = await asked(scene)

        failed = await screen.shows("turn_failed")

        assert failed["reason"] == "too_long"
        assert len(screen.text()) <= 16_000
        for trace in await traces(scene, session, 2):
            assert trace.end == "too_long"
            assert len(trace.text) <= 16_000


async def test_spans_that_no_trace_can_hold_are_cut_and_their_cost_is_counted():
    usage = Usage(tokens_in=1, model_calls=1)
    odd = Span(kind="tool", name="odd", input=object(), output={"text": "x" * 1_000_000}, usage=usage)
    deep = Span(kind="tool", name="deep", input=nested(5_000), output="\ud800", error="half \udc00", usage=usage)
    many = [Span(kind="model", name="m", usage=usage)] * 1_000
    async with stage([odd, deep, *many, "Yes."]) as scene:
        _, session, screen = await asked(scene)

        await screen.shows("turn_answered")
        (trace,) = await traces(scene, session, 1)

        assert (trace.spans[0].input, len(trace.spans[0].output.encode()) <= SPAN_VALUE_BYTES_MAX + 3) == (
            "<object>",
            True,
        )
        assert (trace.spans[1].input, trace.spans[1].output, trace.spans[1].error) == ("<list>", "<str>", "half ?")
        assert len(trace.spans) == 200
        assert trace.usage == Usage(tokens_in=1_002, model_calls=1_002)


async def test_a_bot_that_goes_on_after_its_cancellation_frees_its_session_at_once():
    freed = asyncio.Event()

    async def stubborn(turn):
        if turn.text != "Hello":
            yield Delta("The new answer.")
            return
        yield Delta("Wait ")
        while not freed.is_set():
            try:
                await freed.wait()
            except asyncio.CancelledError:
                continue

    async with stage(bot=OddBot(stubborn)) as scene:
        visitor, session, screen = await asked(scene)
        await until(screen.text)

        await scene.say(visitor, session, "Something else")
        posted = await screen.shows("message_posted", 3)
        freed.set()
        await until(lambda: len(scene.service.turns) == 0)

        assert posted["text"] == "The new answer."
        assert [t.end for t in await traces(scene, session, 2)] == ["superseded", "answered"]


async def test_an_inbox_without_a_bot_tells_the_visitor_the_truth_in_time():
    async with stage() as scene:
        visitor = await scene.visitor("bank")
        opened = await scene.open(visitor, inbox="bank")

        await scene.clock.advance("61s")

        said = [m.text for m in await events(scene, opened.session.id, e.MessagePosted)]
        assert said == ["Hello", APOLOGY]


async def test_a_bot_that_is_told_to_stop_twice_ends_once():
    async with stage(lambda _: ["Yes."]) as scene:
        visitor, session, screen = await asked(scene)
        await screen.shows("turn_answered")

        for _ in range(2):
            await scene.service.door.submit(visitor, session, c.StopTurn(actor=visitor.actor))

        assert await events(scene, session, e.TurnSuperseded) == []
