"""Turns from the question to their answer: streamed, posted whole, tried again, given up."""

import asyncio

from runtime.screens import asked, events, screen, traces, until
from stage import admin, stage

from chatsession.bot import ContextSet, Finished, Working
from chatsession.bots.function import FunctionBot
from chatsession.core import events as e
from chatsession.core.events import Source
from chatsession.core.policy import Policy
from chatsession.runtime.opening import MessageIn, OpenRequest
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


async def test_the_bot_is_told_on_which_page_it_was_asked():
    pages = []

    async def bot(turn):
        pages.append((turn.page, [line.page for line in turn.lines]))
        return "I see."

    async with stage(bot=FunctionBot(bot)) as scene:
        visitor = await scene.visitor()
        hat = MessageIn(text="How do I wash it?", page="https://shop.example/hat")
        opened = await scene.service.opening.open(visitor, "shop", OpenRequest(message=hat))
        await traces(scene, opened.session.id, 1)
        await scene.say(visitor, opened.session.id, "Thanks")
        await traces(scene, opened.session.id, 2)

    assert pages == [(hat.page, [hat.page]), (None, [hat.page, None, None])]


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
