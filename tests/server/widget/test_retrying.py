"""A failed answer is asked for again, and everybody is told how far the others have read."""

import asyncio

import pytest
from server.house import Caller, House, house, problem, until
from server.reader import reading

from chatsession.bot import BotError
from chatsession.runtime.config import RuntimeConfig
from chatsession.testing.scripted import Held

BROKEN = [BotError("upstream"), BotError("upstream")]


async def settled(house: House, session: str) -> None:
    await until(lambda: house.service.door.at_hand(session).session.turn is None)


async def test_the_bot_answers_the_same_message_when_it_is_asked_again():
    async with house(*BROKEN, "It takes two days.") as one:
        ana = await one.visitor()
        session = await ana.open("How long?")
        await settled(one, session)
        failed = await ana.view(session)

        retried = await ana.post(f"/v1/sessions/{session}/retry")
        await settled(one, session)

        turns = one.service.bots["shop"].turns
        assert (failed["can_retry"], retried.status_code, retried.json()["can_retry"]) == (True, 200, False)
        assert [turn.text for turn in turns] == ["How long?"] * 3
        assert [line.text for line in turns[-1].lines] == ["How long?"]
        assert (await ana.events(session))[-2]["text"] == "It takes two days."
        problem(await ana.post(f"/v1/sessions/{session}/retry"), 409, "wrong_state")


async def test_a_stopped_answer_is_asked_for_again_and_asking_twice_changes_nothing():
    held = Held("It takes ")
    async with house(held, Held("again")) as one:
        ana = await one.visitor()
        session = await ana.open("How long?")
        await held.is_reached.wait()
        await ana.post(f"/v1/sessions/{session}/stop")

        answers = await asyncio.gather(*(ana.post(f"/v1/sessions/{session}/retry") for _ in range(4)))

        assert {answer.status_code for answer in answers} == {200}
        assert (await ana.types(session)).count("turn_opened") == 2


async def test_once_more_was_said_there_is_nothing_to_try_again():
    async with house(*BROKEN, "Better") as one:
        ana = await one.visitor()
        session = await ana.open("How long?")
        await settled(one, session)
        await ana.say(session, "Hello?")

        await settled(one, session)

        problem(await ana.post(f"/v1/sessions/{session}/retry"), 409, "wrong_state")


async def test_trying_again_counts_like_a_message():
    config = RuntimeConfig(messages_per_second=0.001, messages_burst=2)
    async with house(*BROKEN * 3, config=config) as one:
        ana = await one.visitor()
        session = await ana.open("How long?")
        for _ in range(2):
            await settled(one, session)
            assert (await ana.post(f"/v1/sessions/{session}/retry")).status_code == 200
        await settled(one, session)

        problem(await ana.post(f"/v1/sessions/{session}/retry"), 429, "rate_limited")


async def test_a_bot_asks_nobody_again(served: House, ana: Caller):
    bot = await served.key("bot", name="bot")

    problem(await bot.post(f"/v1/sessions/{await ana.open()}/retry"), 403, "forbidden")


async def test_everybody_is_told_what_was_read_and_nothing_is_stored(ana: Caller, carl: Caller):
    session = await ana.open()
    async with reading(carl, session) as stream:
        await stream.until("message", type="turn_answered")
        before = await ana.events(session)

        answer = await ana.post(f"/v1/sessions/{session}/read", {"seq": 4})
        await carl.post(f"/v1/sessions/{session}/read", {"seq": 5.0})

        assert answer.status_code == 204
        assert await stream.until("signal", type="read") == {"type": "read", "by": "visitor", "seq": 4, "name": None}
        assert await stream.until("signal", type="read") == {"type": "read", "by": "agent", "seq": 5, "name": "Carl"}
        assert await ana.events(session) == before


@pytest.mark.parametrize("seq", [0, -1, 1.5, "4", None, 999, 2**53])
async def test_nobody_has_read_what_is_not_there(ana: Caller, seq):
    session = await ana.open()

    problem(await ana.post(f"/v1/sessions/{session}/read", {"seq": seq}), 422, "invalid_request")


async def test_programs_do_not_read(ana: Caller, admin: Caller):
    problem(await admin.post(f"/v1/sessions/{await ana.open()}/read", {"seq": 1}), 403, "forbidden")


async def test_too_many_signals_are_dropped_in_silence(ana: Caller):
    session = await ana.open()
    async with reading(ana, session) as stream:
        await stream.until("message", type="turn_answered")

        answers = [await ana.post(f"/v1/sessions/{session}/read", {"seq": 1 + n % 5}) for n in range(40)]
        await ana.say(session, "Enough")

        told = 0
        while (got := await stream.next())[1].get("text") != "Enough":
            told += got[1].get("type") == "read"
        assert {answer.status_code for answer in answers} == {204}
        assert 10 <= told < 40
