"""What ends a turn before its answer, and what of it may still be shown: nothing."""

import asyncio

import pytest
from runtime.screens import asked, events, traces, until
from runtime.troubled import GatedStore, endless
from stage import agent, stage

from chatsession.bots.function import FunctionBot
from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.runtime.principal import BOT_PRINCIPAL
from chatsession.runtime.refused import RefusedError
from chatsession.testing.scripted import Hang, Held


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
    bot, stopped = endless("I was about to say ")

    async with stage(bot=bot) as scene:
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
