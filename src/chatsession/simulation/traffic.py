"""The ordinary life of a world: people come in, ask, read, follow, send again, and time goes by."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec

from chatsession.core import commands as c
from chatsession.core.table import TABLE, legal
from chatsession.runtime.opening import MessageIn, OpenRequest
from chatsession.runtime.pending import Answer
from chatsession.runtime.principal import Principal
from chatsession.simulation.actors import identity
from chatsession.simulation.actors.asks import MAKERS, WEIGHTS, Ask
from chatsession.simulation.actors.cast import VISITORS_PER_INBOX
from chatsession.simulation.checks.clocks import due_at
from chatsession.simulation.checks.story import Story
from chatsession.simulation.process import Process
from chatsession.simulation.screens import (
    screens_reconnect,
    somebody_closes_a_screen,
    somebody_follows,
    somebody_reads,
)
from chatsession.simulation.world import BOTS_OWN, World

WEIGHT_DEFAULT = 2
AROUND_A_DEADLINE = tuple(timedelta(milliseconds=each) for each in (-1, 0, 1, 300))
LONGEST_WAIT = timedelta(days=40)
MAY_MISS = ("not_found", "store_unavailable", "overloaded", "lost")
"""Answers that a second send may get although the first one was acknowledged."""

PATHS: tuple[tuple[tuple[str, type[c.Command]], ...], ...] = (
    (("agent", c.RequestHandoff),),
    (("agent", c.RequestHandoff),),
    (("agent", c.ClaimSession),),
    (("agent", c.ClaimSession), ("agent", c.PostMessage)),
    (("agent", c.ClaimSession), ("agent", c.PostMessage)),
    (("visitor", c.PostMessage),),
    (("visitor", c.PostMessage),),
    (("visitor", c.PostMessage),),
    (("visitor", c.PostMessage), ("agent", c.StopTurn), ("visitor", c.RetryTurn)),
    (("visitor", c.PostMessage), ("agent", c.CloseSession)),
)
"""To the queue, to an agent, to an agent who has answered, to a bot at work, one asked again, and one interrupted."""
ENDS: tuple[type[c.Command], ...] = (c.CloseSession, c.ArchiveSession)

Step = Callable[[World, Process], Awaitable[None]]


async def somebody_comes_in(world: World, process: Process) -> None:
    """A visitor, new or known, opens the chat, with or without a first message."""
    visitor = await visitor_for(world, process)
    if visitor is not None:
        await world.come_in(process, visitor, request(world))


async def visitor_for(world: World, process: Process) -> Principal | None:
    """A visitor of one of the inboxes; who is new gets a token first."""
    inbox = world.rng.choice(world.cast.inboxes)
    known = [each for each in world.cast.visitors.values() if each.inbox == inbox]
    if len(known) >= VISITORS_PER_INBOX:
        return world.rng.choice(known)
    return await identity.arrive(world, process, inbox)


def request(world: World) -> OpenRequest:
    """What a visitor comes in with."""
    message = None
    if world.rng.happens(0.7):
        client_id = world.cast.next_name("o")
        message = MessageIn(text=f"Good day ({client_id})", client_id=client_id)
    wish = world.rng.choice((None, None, None, "new", "resume"))
    client_id = world.cast.next_name("open") if world.rng.happens(0.5) else None
    return OpenRequest(client_id=client_id, message=message, on_return=wish, metadata={"page": "/help", "locale": "de"})


async def somebody_asks(world: World, process: Process) -> None:
    """A session is asked something that it can answer where it stands."""
    story = world.story()
    if story is not None:
        await world.submit(process, story.id, world.asks.make(command_for(world, story), story))


async def somebody_asks_anything(world: World, process: Process) -> None:
    """A session is asked whatever comes to mind: mostly it is refused, and nothing happens."""
    story = world.story()
    if story is not None:
        command = world.rng.choice(list(MAKERS))
        await world.submit(process, story.id, world.asks.make(command, story))


def command_for(world: World, story: Story, *, seldom: bool = False) -> type[c.Command]:
    """A command that can be answered there; `seldom`: the one that this world has met least often."""
    choices = [command for command in MAKERS if can_be_answered(command, story)]
    if seldom:
        world.rng.shuffle(choices)
        return min(choices, key=lambda command: world.coverage.times(command, story.cell))
    return world.rng.choices(choices, [WEIGHTS.get(command, WEIGHT_DEFAULT) for command in choices])[0]


def can_be_answered(command: type[c.Command], story: Story) -> bool:
    """Whether the command is legal where the session stands, and what it needs is there."""
    if story.phase not in TABLE[command].already and not legal(command, story.phase, story.floor):
        return False
    if command is c.ChangeThread or (command is c.ResolveSession and story.phase != "open"):
        return bool(story.threads)
    return command not in BOTS_OWN or story.turn is not None


async def session_is_led_off_the_path(world: World, process: Process) -> None:
    """A session is brought to a place that is seldom visited, and asked there what was seldom asked; it may end."""
    story = world.story()
    if story is None or story.phase != "open":
        return
    who = {"agent": world.rng.choice(world.cast.agents), "visitor": world.cast.visitor_of(story)}
    if not story.threads and world.rng.happens(0.9):
        await world.submit(process, story.id, world.asks.by(c.StartThread, world.cast.key, topic="delivery"))
    for kind, command in world.rng.choice(PATHS):
        is_said = command is c.PostMessage
        ask = world.asks.message(story, who[kind]) if is_said else world.asks.by(command, who[kind])
        await world.submit(process, story.id, ask)
    await ask_what_is_seldom(world, process, story, world.rng.randrange(2, 6))
    for command in ENDS[: world.rng.randrange(3)]:
        await world.submit(process, story.id, world.asks.by(command, world.cast.key))
        await ask_what_is_seldom(world, process, story, world.rng.randrange(1, 4))


async def ask_what_is_seldom(world: World, process: Process, story: Story, count: int) -> None:
    """Ask a session what this world has asked least often where it stands."""
    for _ in range(count):
        command = command_for(world, story, seldom=True)
        await world.submit(process, story.id, world.asks.make(command, story))


async def bot_speaks_first(world: World, process: Process) -> None:
    """The bot opens a turn of its own accord, and it ends in the same breath."""
    story = world.story()
    if story is None or story.phase != "open" or story.turn is not None or story.floor != "bot":
        return
    end = world.asks.make(world.rng.choice((c.AnswerTurn, c.FailTurn, c.RefuseTurn)), story)
    turn = msgspec.structs.replace(end.command, turn=story.turns + 1, attempt=1)
    opening = world.asks.make(c.OpenTurn, story)
    asks = (opening, Ask(end.principal, turn))
    await asyncio.gather(*(world.submit(process, story.id, each) for each in asks))


async def somebody_writes(world: World, process: Process) -> None:
    """The visitor of an open session writes, and often waits for the answer."""
    story = world.story()
    if story is not None and story.phase == "open":
        await world.submit(process, story.id, world.asks.message(story, world.cast.visitor_of(story)))
        if world.rng.happens(0.5):
            await world.pass_time(timedelta(seconds=world.rng.uniform(1, 20)))


async def somebody_types(world: World, process: Process) -> None:
    """Somebody types; it is a signal, and a sign of life."""
    story = world.story()
    if story is not None:
        who = world.cast.one_of(story, ("visitor", "visitor", "agent"))
        await world.attempt(process, "typing", process.service.signals.typing(who, story.id))


async def somebody_sends_again(world: World, process: Process) -> None:
    """A message is sent once more, because its answer was lost on the way, or with another body by mistake."""
    if not world.sent:
        return
    session, ask = world.rng.choice(world.sent)
    is_changed = isinstance(ask.command, c.PostMessage) and world.rng.happens(0.2)
    if is_changed:
        world.coverage.fault("send_with_another_body")
        command = msgspec.structs.replace(ask.command, text=ask.text + " (changed)")
        ask = Ask(ask.principal, command, ask.text + " (changed)")
    else:
        world.coverage.fault("send_doubled")
    await send_again(world, process, session, ask, is_changed=is_changed)


async def send_again(world: World, process: Process, session: str, ask: Ask, *, is_changed: bool) -> None:
    """I4: the first answer again; for another body, a refusal that says so."""
    client_id = getattr(ask.command, "client_id", None)
    key = (session, ask.principal.actor.label, client_id or "")
    was_promised = key in world.witness.promises.of(session)
    answer = await world.submit(process, session, ask)
    story = world.witness.stories.get(session)
    if not was_promised or story is None:
        return
    if is_changed and answer not in ("client_id_reused", *MAY_MISS):
        world.witness.complain("I4", f"{client_id} was sent with another body, and answered {answer}", story)
    if not is_changed and not isinstance(answer, Answer) and answer not in MAY_MISS:
        world.witness.complain("I4", f"{client_id} was acknowledged; sent again, it was refused: {answer}", story)


async def policy_is_changed(world: World, process: Process) -> None:
    """The other version of an inbox's policy becomes the current one."""
    inbox = world.rng.choice(world.cast.inboxes)
    await identity.change_policy(world, process, inbox)


async def time_passes(world: World, _: Process) -> None:
    """A moment, a while, a day, or until the very instant of a session's next deadline."""
    kind = world.rng.choices(("moment", "deadline", "while", "days"), (35, 50, 12, 3))[0]
    match kind:
        case "moment":
            await world.pass_time(timedelta(seconds=world.rng.uniform(0.05, 8)))
        case "deadline":
            await deadline_comes(world)
        case "while":
            await world.pass_time(timedelta(minutes=world.rng.uniform(1, 40)))
        case _:
            await world.pass_time(timedelta(hours=world.rng.uniform(1, 96)))


async def deadline_comes(world: World) -> None:
    """The next deadline of some session comes, almost, exactly, or just now."""
    story = world.story()
    due = story and due_at(story)
    if story is None or due is None:
        return
    length = due - world.time.now() + world.rng.choice(AROUND_A_DEADLINE)
    if timedelta(0) < length < LONGEST_WAIT:
        await world.pass_time(length)


async def everybody_settles(world: World, _: Process) -> None:
    """What runs comes to rest for a moment; then the limits are looked at."""
    await asyncio.sleep(0.1)
    world.check_bounds()


STEPS: tuple[tuple[int, Step], ...] = (
    (13, somebody_comes_in),
    (34, somebody_asks),
    (11, session_is_led_off_the_path),
    (2, bot_speaks_first),
    (4, somebody_asks_anything),
    (12, somebody_writes),
    (3, somebody_types),
    (5, somebody_sends_again),
    (4, somebody_follows),
    (5, screens_reconnect),
    (1, somebody_closes_a_screen),
    (3, somebody_reads),
    (1, policy_is_changed),
    (20, time_passes),
    (2, everybody_settles),
)
"""What happens next, by weight."""
