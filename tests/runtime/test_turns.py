"""Turns from the question to their end: answered, tried again, given up, replaced, stopped."""

import asyncio
from datetime import timedelta

import pytest
from runtime.screens import asked, events, screen, traces, until
from runtime.troubled import GatedStore
from stage import admin, agent, stage

from chatsession.bot import ContextSet, Finished, Span, Working
from chatsession.bots.function import FunctionBot
from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.events import Source, Usage
from chatsession.core.policy import Policy
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.principal import BOT_PRINCIPAL
from chatsession.runtime.refused import RefusedError
from chatsession.testing.scripted import Hang, Held


async def test_an_answer_is_streamed_and_then_posted_whole():
    async with stage(["It is ", "on its ", "way."]) as scene:
        _, _, screen = await asked(scene)

        posted = await screen.shows("message_posted", 2)

        assert posted["text"] == "It is on its way."
        assert screen.text() == "It is on its way."
        assert screen.types().index("delta") < screen.types().index("turn_answered")


async def test_the_answer_is_the_traces_byte_for_byte():
    said = "  Grüße 👩‍👩‍👧 \u202eright to left\u202c — ½\n\n"
    async with stage(list(said)) as scene:
        _, session, screen = await asked(scene)

        posted = await screen.shows("message_posted", 2)
        (trace,) = await traces(scene, session, 1)

        assert posted["text"].encode() == trace.text.encode() == screen.text().encode() == said.encode()


async def test_what_people_cannot_see_is_taken_out_of_answers():
    async with stage(["a\x00b", "\U000e0041\u200bc"]) as scene:
        _, session, screen = await asked(scene)

        assert (await screen.shows("message_posted", 2))["text"] == "abc"
        assert (await traces(scene, session, 1))[0].text == "abc"


async def test_many_small_deltas_become_few_signals():
    async with stage(["word "] * 2_000) as scene:
        _, _, screen = await asked(scene)

        await screen.shows("message_posted", 2)

        assert len(screen.of("delta")) < 100
        assert screen.text() == "word " * 2_000


async def test_a_newcomer_is_given_what_was_said_so_far_and_nothing_twice():
    held = Held("Let me ", "see. ")
    async with stage(held) as scene:
        visitor, session, first = await asked(scene)
        await until(lambda: first.text() == "Let me see. ")

        late = await screen(scene, visitor, session)
        held.release()
        await late.shows("turn_answered")

        assert late.of("partial") == [{"type": "partial", "turn": 1, "attempt": 1, "offset": 0, "text": "Let me see. "}]
        assert late.of("delta") == []


async def test_what_the_bot_is_busy_with_is_shown_and_never_stored():
    async with stage([Working("Looking up your order"), Working("Looking up your order"), "Found."]) as scene:
        _, session, screen = await asked(scene)

        await screen.shows("turn_answered")

        assert screen.of("working") == [
            {"type": "working", "turn": 1, "attempt": 1, "what": "tool", "name": "Looking up your order"}
        ]
        assert screen.types().index("working") < screen.types().index("delta")
        assert all(b"Looking up" not in frame for frame in await scene.service.store.frames(session, 0, 100))


async def test_the_outcome_brings_sources_parts_context_and_whether_it_was_known():
    source = Source(title="Delivery", url="/delivery", passage="Two days.")
    end = Finished(known=False, sources=[source], parts=[{"type": "buttons"}], text="Perhaps two days.")
    async with stage("Hello.", [ContextSet({"order": 17}), "Per", end]) as scene:
        visitor, session, screen = await asked(scene)
        await screen.shows("turn_answered")
        await scene.say(visitor, session, "Sure?")

        posted = await screen.shows("message_posted", 4)
        answered = await screen.shows("turn_answered", 2)

        assert (posted["text"], posted["sources"], posted["parts"]) == (
            "Perhaps two days.",
            [{"title": "Delivery", "url": "/delivery", "passage": "Two days."}],
            [{"type": "buttons"}],
        )
        assert answered["known"] is False
        assert (await scene.view(admin(), session)).context == {"order": 17}


async def test_nothing_is_taken_after_the_outcome():
    async with stage(["Yes.", Finished(), " No."]) as scene:
        _, _, screen = await asked(scene)

        assert (await screen.shows("message_posted", 2))["text"] == "Yes."


async def test_a_bot_that_needs_an_agent_brings_the_visitor_into_the_queue():
    policy = Policy(on_needs_agent="queue")
    async with stage(["I fetch somebody.", Finished(result="needs_agent")], policy=policy) as scene:
        visitor, session, screen = await asked(scene)

        await screen.shows("floor_changed")

        assert (await scene.view(visitor, session)).floor == "queue"
        assert (await traces(scene, session, 1))[0].end == "needs_agent"


async def test_a_bot_that_resolves_closes_the_session_with_its_answer():
    async with stage(["Done!", Finished(resolved=True)]) as scene:
        _, session, screen = await asked(scene)

        await screen.shows("session_closed")

        assert screen.of("message_posted")[-1]["text"] == "Done!"
        assert (await traces(scene, session, 1))[0].end == "answered"


async def test_a_silent_bot_is_tried_again_and_what_it_said_before_is_withdrawn():
    async with stage(Held("I think that "), "Two days.") as scene:
        _, session, screen = await asked(scene)
        await until(lambda: screen.text() == "I think that ")

        await scene.clock.advance("31s")
        posted = await screen.shows("message_posted", 2)

        assert (posted["text"], posted["attempt"]) == ("Two days.", 2)
        retried = screen.types().index("turn_retried")
        assert all(frame.get("attempt") == 2 for frame in screen.frames[retried:] if frame["type"] == "delta")
        first, second = await traces(scene, session, 2)
        assert (first.end, first.error, first.text) == ("superseded", "silence", "I think that ")
        assert (second.end, second.text) == ("answered", "Two days.")


async def test_a_bot_that_stays_silent_is_excused_once_with_the_offer_of_a_human():
    async with stage(Hang(), Hang()) as scene:
        visitor, session, screen = await asked(scene)
        await scene.clock.settle()

        await scene.clock.advance("31s")
        await scene.clock.advance("31s")
        failed = await screen.shows("turn_failed")

        assert failed["reason"] == "silence"
        assert screen.of("message_posted")[-1]["text"] == Policy().texts.apology
        assert len(screen.of("human_offered")) == 1
        assert (await scene.view(visitor, session)).waiting_on == "visitor"
        assert len(scene.service.turns) == 0


async def test_a_bot_that_streams_is_not_taken_for_silent():
    more = asyncio.Queue()

    async def slow(turn):
        while (piece := await more.get()) is not None:
            yield piece

    async with stage(bot=FunctionBot(slow)) as scene:
        _, session, screen = await asked(scene)
        for number in range(12):
            more.put_nowait(f"{number} ")
            await until(lambda number=number: f"{number} " in screen.text())
            await scene.clock.advance("10s")
        more.put_nowait(None)

        posted = await screen.shows("message_posted", 2)

        assert posted["attempt"] == 1
        assert await events(scene, session, e.TurnRetried) == []
        assert 12 <= len(await events(scene, session, e.ActivitySeen)) + 1 <= 40


async def test_a_new_message_replaces_the_running_turn():
    held = Held("About the first thing ")
    async with stage(held, "Both, then.") as scene:
        visitor, session, screen = await asked(scene, "First thing")
        await until(screen.text)

        await scene.say(visitor, session, "And the second")
        held.release()
        await screen.shows("turn_answered")

        (superseded,) = await events(scene, session, e.TurnSuperseded)
        assert superseded.reason == "visitor_wrote"
        said = [event.text for event in await events(scene, session, e.MessagePosted)]
        assert said == ["First thing", "And the second", "Both, then."]
        first, _ = await traces(scene, session, 2)
        assert (first.turn, first.end, first.error) == (1, "superseded", "visitor_wrote")
        assert [line.text for line in scene.bot.turns[1].lines] == ["First thing", "And the second"]


@pytest.mark.parametrize(
    ("command", "by", "reason"),
    [
        (c.StopTurn, "visitor", "stopped"),
        (c.CloseSession, "visitor", "closed"),
        (c.RequestHandoff, "visitor", "handoff"),
        (c.ClaimSession, "agent", "handoff"),
    ],
)
async def test_what_ends_a_turn_stops_the_bot_and_leaves_no_answer(command, by, reason):
    stopped = asyncio.Event()

    async def bot(turn):
        try:
            yield "I was about to say "
            await asyncio.Event().wait()
        finally:
            stopped.set()

    async with stage(bot=FunctionBot(bot)) as scene:
        visitor, session, screen = await asked(scene)
        await until(screen.text)
        who = visitor if by == "visitor" else agent()

        await scene.service.door.submit(who, session, command(actor=who.actor))
        await asyncio.wait_for(stopped.wait(), 20)

        (trace,) = await traces(scene, session, 1)
        assert (trace.end, trace.error, trace.text) == ("superseded", reason, "I was about to say ")
        (superseded,) = await events(scene, session, e.TurnSuperseded)
        assert superseded.reason == reason
        assert [m.author.kind for m in await events(scene, session, e.MessagePosted)] == ["visitor"]
        assert len(scene.service.turns) == 0


async def test_nothing_is_shown_of_a_turn_after_its_end():
    more = asyncio.Event()

    async def stubborn(turn):
        yield "one "
        try:
            await more.wait()
        except asyncio.CancelledError:
            yield "two "
        yield "three "

    async with stage(bot=FunctionBot(stubborn)) as scene:
        visitor, session, screen = await asked(scene)
        await until(lambda: screen.text() == "one ")

        await scene.service.door.submit(visitor, session, c.StopTurn(actor=visitor.actor))
        (trace,) = await traces(scene, session, 1)
        await scene.clock.settle()

        assert screen.text() == "one "
        assert trace.text == "one "
        assert screen.types()[-1] == "turn_superseded"


async def test_words_that_were_about_to_be_shown_are_not_shown_after_the_end():
    said = asyncio.Event()

    async def bot(turn):
        for _ in range(3):
            yield "word "
            await asyncio.sleep(0.001 if turn.turn == 1 else 0.03)
        said.set()
        if turn.turn == 1:
            await asyncio.Event().wait()

    async with stage(bot=FunctionBot(bot)) as scene:
        visitor, session, screen = await asked(scene)
        await said.wait()

        await scene.service.door.submit(visitor, session, c.StopTurn(actor=visitor.actor))
        await scene.say(visitor, session, "And now?")
        await screen.shows("turn_answered")

        after = screen.frames[screen.types().index("turn_superseded") :]
        assert {frame["turn"] for frame in after if frame["type"] == "delta"} == {2}


async def test_an_answer_that_comes_too_late_is_refused_and_stays_in_its_trace():
    store, held = GatedStore(), Held("Too late")
    async with stage(held, store=store) as scene:
        visitor, session, screen = await asked(scene)
        await until(lambda: screen.text() == "Too late")

        store.gate.clear()
        stopping = asyncio.create_task(scene.service.door.submit(visitor, session, c.StopTurn(actor=visitor.actor)))
        await until(lambda: store.waiting == 1)
        held.release()
        await until(lambda: scene.service.lanes.at_hand(session).pending)
        store.gate.set()
        await stopping
        (trace,) = await traces(scene, session, 1)

        assert (trace.text, trace.end) == ("Too late", "answered")
        assert [m.text for m in await events(scene, session, e.MessagePosted)] == ["Hello"]


async def test_the_answer_to_another_attempt_is_refused():
    async with stage(Hang()) as scene:
        _, session, _ = await asked(scene)
        for turn, attempt in ((1, 2), (2, 1), (0, 0)):
            with pytest.raises(RefusedError) as refused:
                await scene.service.door.submit(
                    BOT_PRINCIPAL, session, c.AnswerTurn(actor=c.BOT, turn=turn, attempt=attempt, text="Mine!")
                )
            assert refused.value.refusal.code == "turn_over"


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
