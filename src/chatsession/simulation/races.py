"""Things that happen at once, on any process: of all who race, one gets what only one can have."""

import asyncio

from chatsession.core import commands as c
from chatsession.runtime.pending import Answer
from chatsession.runtime.principal import BOT_PRINCIPAL
from chatsession.simulation.actors.asks import Ask
from chatsession.simulation.process import CONFIG, Process
from chatsession.simulation.traffic import request, visitor_for
from chatsession.simulation.world import World


async def openings_race(world: World, process: Process) -> None:
    """A visitor's tabs open at the same time, on any process; two of them with the very same request."""
    visitor = await visitor_for(world, process)
    other = world.process()
    if visitor is None or other is None:
        return
    world.coverage.fault("openings_raced")
    same = request(world)
    doors = [(process, same), (other, same), (other, request(world))]
    await asyncio.gather(*(world.come_in(where, visitor, each) for where, each in doors))


async def claims_race(world: World, process: Process) -> None:
    """I10: of all agents who claim a session at once, one gets it."""
    story = world.story()
    if story is None or story.phase != "open" or story.floor == "agent":
        return
    world.coverage.fault("claims_raced")
    claims = [Ask(agent, c.ClaimSession(actor=agent.actor, term=story.term)) for agent in world.cast.agents]
    answers = await asyncio.gather(*(world.submit(world.process() or process, story.id, each) for each in claims))
    won = [each.session.agent for each in answers if isinstance(each, Answer)]
    if len(won) > 1:
        world.witness.complain("I10", f"{won} were all told to hold the floor", story)


async def closings_race(world: World, process: Process) -> None:
    """Visitor, agent, program and clock close at once, and the visitor writes on."""
    story = world.story()
    if story is None or story.phase != "open":
        return
    world.coverage.fault("closings_raced")
    visitor = world.cast.visitor_of(story)
    asks = [Ask(who, c.CloseSession(actor=who.actor)) for who in (visitor, world.cast.agents[0], world.cast.key)]
    asks.append(world.asks.message(story, visitor))
    world.rng.shuffle(asks)
    await asyncio.gather(*(world.submit(world.process() or process, story.id, each) for each in asks), world.look())


async def sends_race(world: World, process: Process) -> None:
    """Messages arrive in another order than they were written in, and some of them twice."""
    story = world.story()
    if story is None or story.phase != "open":
        return
    world.coverage.fault("sends_reordered")
    messages = [world.asks.message(story, world.cast.visitor_of(story)) for _ in range(3)]
    if world.rng.happens(0.5):
        world.coverage.fault("send_doubled")
        messages.append(messages[0])
    world.rng.shuffle(messages)
    await asyncio.gather(*(world.submit(world.process() or process, story.id, each) for each in messages))


async def too_many_ask(world: World, process: Process) -> None:
    """I14: more commands wait for one session than may; the rest is refused at once."""
    story = world.story()
    if story is None:
        return
    world.coverage.fault("too_many_at_once")
    asks = [world.asks.by(c.KeepOpen, world.cast.key) for _ in range(CONFIG.pending_per_session_max + 3)]
    answers = await asyncio.gather(*(world.submit(process, story.id, each) for each in asks))
    if len(answers) - answers.count("overloaded") > CONFIG.pending_per_session_max and "lost" not in answers:
        world.witness.complain("I14", f"{len(asks)} commands waited for one session", story)


async def bot_answers_again(world: World, process: Process) -> None:
    """An answer comes twice at once, or for an attempt that is over: at most one of them is taken."""
    story = world.story()
    turn = story and story.turn
    if story is None or turn is None:
        return
    stale = world.rng.happens(0.5)
    world.coverage.fault("bot_answers_for_another_attempt" if stale else "bot_answers_twice")
    number, attempt = world.rng.choice(((turn.turn - 1, 1), (turn.turn, 9))) if stale else (turn.turn, turn.attempt)
    answer = c.AnswerTurn(actor=BOT_PRINCIPAL.actor, turn=number, attempt=attempt, text="Said twice.")
    asks = [Ask(BOT_PRINCIPAL, answer)] * 2
    answers = await asyncio.gather(*(world.submit(world.process() or process, story.id, each) for each in asks))
    taken = sum(isinstance(each, Answer) for each in answers)
    if taken > (0 if stale else 1):
        world.witness.complain("I10", f"{taken} answers to one attempt were taken", story)
