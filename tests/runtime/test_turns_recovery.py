"""Turns whose process ends, whose store is away, whose service drains: exactly one answer, and nothing lost."""

import asyncio
import copy
from datetime import timedelta

from runtime.screens import asked, events, screen, traces, until
from runtime.troubled import AwayStore, endless
from stage import admin, stage

from chatsession.clocks.manual import ManualClock
from chatsession.core import events as e
from chatsession.core.policy import Policy
from chatsession.runtime.turns import SUBMITS_MAX
from chatsession.testing.scripted import Hang, Held


def after(scene, store=None) -> dict:
    """What the next process finds: what was durable at this instant, a second later."""
    return {
        "store": copy.deepcopy(scene.service.store) if store is None else store,
        "clock": ManualClock(scene.clock.now() + timedelta(seconds=1)),
    }


async def test_a_turn_whose_process_died_is_taken_up_and_answered_once():
    async with stage(Held("Half an ")) as scene:
        visitor, session, first = await asked(scene)
        await until(first.text)
        left = after(scene)

    async with stage("A whole answer.", **left) as scene:
        await scene.clock.advance("1s")
        shown = await screen(scene, visitor, session)
        await shown.shows("turn_answered")

        assert [m.text for m in await events(scene, session, e.MessagePosted)] == ["Hello", "A whole answer."]
        (retried,) = await events(scene, session, e.TurnRetried)
        assert (retried.reason, retried.attempt) == ("process_ended", 2)
        assert [t.attempt for t in scene.bot.turns] == [2]
        assert len(await events(scene, session, e.TurnAnswered)) == 1


async def test_an_end_of_our_own_process_does_not_use_up_the_bots_attempts():
    async with stage(Hang()) as scene:
        visitor, session, _ = await asked(scene)
        await until(lambda: scene.bot.turns)
        left = after(scene)
    async with stage(Hang(), **left) as scene:
        await scene.clock.advance("1s")
        await until(lambda: scene.bot.turns)
        left = after(scene)

    async with stage(ValueError("once"), "Yes.", **left) as scene:
        await scene.clock.advance("1s")
        shown = await screen(scene, visitor, session)
        await shown.shows("turn_answered")

        reasons = [each.reason for each in await events(scene, session, e.TurnRetried)]
        assert reasons == ["process_ended", "process_ended", "error"]


async def test_draining_lets_a_running_answer_end():
    held = Held("Nearly ")
    async with stage(held) as scene:
        _, session, screen = await asked(scene)
        await until(screen.text)

        draining = asyncio.create_task(scene.service.drain(timedelta(seconds=20)))
        await held.is_reached.wait()
        held.release()
        await draining

        assert [m.text for m in await events(scene, session, e.MessagePosted)] == ["Hello", "Nearly "]


async def test_draining_stops_what_does_not_end_and_leaves_the_turn_open_for_whoever_serves_next():
    async with stage(Hang()) as scene:
        visitor, session, _ = await asked(scene)
        await until(lambda: scene.bot.turns)

        await scene.service.drain(timedelta(0))

        (trace,) = await scene.service.store.traces(session)
        assert (trace.end, trace.error) == ("superseded", "drained")
        assert len(scene.service.turns) == 0
        left = after(scene, scene.service.store)

    async with stage("Here I am.", **left) as scene:
        await scene.clock.advance("1s")
        shown = await screen(scene, visitor, session)

        assert (await shown.shows("message_posted", 2))["text"] == "Here I am."
        assert [each.reason for each in await events(scene, session, e.TurnRetried)] == ["process_ended"]


async def test_nothing_is_started_while_draining():
    async with stage(Hang()) as scene:
        visitor, session, _ = await asked(scene)
        await until(lambda: scene.bot.turns)
        await scene.service.drain(timedelta(0))

        await scene.say(visitor, session, "Still there?")
        await scene.clock.settle()

        assert len(scene.bot.turns) == 1
        assert len(scene.service.turns) == 0


async def test_a_store_that_is_away_for_a_moment_does_not_cost_the_answer():
    store, held = AwayStore(), Held("Worth keeping.")
    async with stage(held, store=store) as scene:
        _, session, screen = await asked(scene)
        await until(screen.text)
        store.is_away = True
        held.release()
        await until(lambda: store.refused == 1)

        store.is_away = False
        await scene.clock.advance("1s")
        posted = await screen.shows("message_posted", 2)

        assert posted["text"] == "Worth keeping."
        assert [m.text for m in await events(scene, session, e.MessagePosted)] == ["Hello", "Worth keeping."]
        assert [(t.text, t.end) for t in await traces(scene, session, 1)] == [("Worth keeping.", "answered")]


async def test_a_store_that_stays_away_is_tried_a_bounded_number_of_times():
    store, held = AwayStore(), Held("Lost.")
    policy = Policy(bot_silence=timedelta(minutes=5))
    async with stage(held, store=store, policy=policy) as scene:
        _, _, screen = await asked(scene)
        await until(screen.text)
        store.is_away = True
        held.release()

        for tries in range(1, SUBMITS_MAX + 1):
            await until(lambda tries=tries: store.refused >= tries)
            await scene.clock.advance("1s")
        await until(lambda: len(scene.service.turns) == 0)

        assert store.refused == SUBMITS_MAX + 1  # the trace, too, could not be kept
        store.is_away = False


async def test_a_store_that_cannot_be_read_when_the_bot_is_asked_costs_an_attempt_and_not_the_turn():
    store = AwayStore()
    async with stage("Yes.", store=store) as scene:
        visitor = await scene.visitor()
        store.reads_to_refuse = 1
        opened = await scene.open(visitor)
        shown = await screen(scene, visitor, opened.session.id)

        posted = await shown.shows("message_posted", 2)

        assert posted["text"] == "Yes."
        assert [t.reason for t in await events(scene, opened.session.id, e.TurnRetried)] == ["store_unavailable"]


async def test_draining_does_not_wait_for_a_store_that_stays_away():
    store, held = AwayStore(), Held("Lost.")
    async with stage(held, store=store) as scene:
        _, _, screen = await asked(scene)
        await until(screen.text)
        store.is_away = True
        held.release()
        await until(lambda: store.refused == 1)

        await asyncio.wait_for(scene.service.drain(timedelta(seconds=5)), 20)

        assert len(scene.service.turns) == 0
        assert store.refused == 2  # the answer once, its trace once
        store.is_away = False


async def test_erasing_a_session_stops_its_bot_and_leaves_no_trace():
    bot, stopped = endless("About Ana: ")

    async with stage(bot=bot) as scene:
        visitor, session, screen = await asked(scene)
        await until(screen.text)

        await scene.service.erasing.erase_visitor(admin(), visitor.id)
        await asyncio.wait_for(stopped.wait(), 20)
        await scene.clock.settle()

        assert await scene.service.store.traces(session) == []
        assert await scene.service.store.frames(session, 0, 10) == []
