"""Whatever happens at the same moment as a bot's answer: one end for each turn, and no answer to what is over."""

import asyncio
from random import Random

import pytest
from runtime.screens import events, until
from stage import agent, stage

from chatsession.bot import Finished, Span
from chatsession.bots.function import FunctionBot
from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.events import Usage
from chatsession.runtime.principal import BOT_PRINCIPAL
from chatsession.runtime.refused import RefusedError

RACES = 1_500


def _commands(visitor, carl):
    return [
        c.PostMessage(actor=visitor.actor, text="One more thing"),
        c.StopTurn(actor=visitor.actor),
        c.CloseSession(actor=visitor.actor),
        c.RequestHandoff(actor=visitor.actor),
        c.ClaimSession(actor=carl.actor),
        c.ReturnFloor(actor=carl.actor),
        c.AnswerTurn(actor=c.BOT, turn=1, attempt=1, text="A second answer, from nowhere"),
    ]


def _bot_of(random: Random):
    async def hasty(turn):
        for piece in ("It ", "is ", "so."):
            for _ in range(random.randrange(4)):
                await asyncio.sleep(0)
            yield piece
        yield Span(kind="model", name="m", usage=Usage(tokens_in=1, model_calls=1))
        if random.random() < 0.2:
            raise ValueError("not this time")
        if random.random() < 0.2:
            yield Finished(resolved=True)

    return FunctionBot(hasty)


async def _race(seed: int) -> list[e.Event]:
    random = Random(seed)
    async with stage(bot=_bot_of(random)) as scene:
        visitor, carl = await scene.visitor(), agent()
        session = (await scene.open(visitor)).session.id
        for _ in range(4):
            for _ in range(random.randrange(12)):
                await asyncio.sleep(0)
            command = random.choice(_commands(visitor, carl))
            who = {"visitor": visitor, "agent": carl, "bot": BOT_PRINCIPAL}[command.actor.kind]
            try:
                await scene.service.door.submit(who, session, command)
            except RefusedError:
                continue
        await until(lambda: len(scene.service.turns) == 0)
        await scene.service._background.cancel()
        return await events(scene, session)


@pytest.mark.parametrize("first", range(0, RACES, 250))
async def test_every_turn_has_one_end_and_at_most_one_answer_which_came_before_it(first):
    for seed in range(first, first + 250):
        over: set[int] = set()
        answers: list[int] = []
        open_turn = None
        for event in await _race(seed):
            match event:
                case e.TurnOpened():
                    assert open_turn is None, seed
                    open_turn = (event.turn, 1)
                case e.TurnRetried():
                    assert open_turn == (event.turn, event.attempt - 1), seed
                    open_turn = (event.turn, event.attempt)
                case e.MessagePosted() if event.turn is not None:
                    assert open_turn == (event.turn, event.attempt), seed
                    answers.append(event.turn)
                case e.TurnAnswered() | e.TurnFailed() | e.TurnSuperseded():
                    assert open_turn == (event.turn, event.attempt), seed
                    assert event.turn not in over, seed
                    over.add(event.turn)
                    open_turn = None
                case _:
                    pass
        assert open_turn is None, seed
        assert len(answers) == len(set(answers)), seed
