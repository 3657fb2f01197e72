"""The life of one world, from its first visitor until everything has come to rest."""

import asyncio
import logging
from datetime import timedelta

import msgspec

from chatsession.core.commands import PostNote
from chatsession.simulation.absences import somebody_takes_over
from chatsession.simulation.checks.clocks import due_at, is_overdue
from chatsession.simulation.checks.violations import Violation
from chatsession.simulation.clock import StuckError, VirtualLoop
from chatsession.simulation.coverage import Coverage
from chatsession.simulation.process import Process
from chatsession.simulation.scenes import SCENES
from chatsession.simulation.screens import screens_reconnect
from chatsession.simulation.traffic import STEPS
from chatsession.simulation.world import Failures, World

STEPS_MAX = 4_000
"""A world in which so much has happened ends, however few sessions it saw."""
SCENE_CHANCE = 0.14
REST = timedelta(minutes=12)
log = logging.getLogger("chatsession")


class Lived(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a world."""

    number: int
    digest: bytes
    sessions: int
    events: int
    passed: timedelta
    violations: list[Violation]
    coverage: Coverage


def live(seed: int, number: int, sessions: int) -> Lived:
    """Let one world live until so many sessions were opened; the same for the same arguments, always."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_live(seed, number, sessions))


async def _live(seed: int, number: int, sessions: int) -> Lived:
    world = World(seed, number)
    failures = Failures(world.violations)
    log.addHandler(failures)
    was_propagating, log.propagate = log.propagate, False
    try:
        await world.start(processes=world.rng.choice((1, 2)))
        await _busy(world, sessions)
        if not world.violations:
            await _rest(world)
        await world.end()
    except StuckError as stuck:
        world.witness.complain("I9", str(stuck))
    finally:
        log.removeHandler(failures)
        log.propagate = was_propagating
    return Lived(
        number=number,
        digest=world.witness.digest.digest(),
        sessions=world.witness.opened,
        events=world.witness.events,
        passed=world.time.passed(),
        violations=world.violations.found,
        coverage=world.coverage,
    )


async def _busy(world: World, sessions: int) -> None:
    for _ in range(STEPS_MAX):
        if world.witness.opened >= sessions or world.violations:
            return
        process = world.process()
        if process is None:
            await world.start_process()
            continue
        steps = SCENES if world.rng.happens(SCENE_CHANCE) else STEPS
        step = world.rng.choices([each for _, each in steps], [weight for weight, _ in steps])[0]
        await step(world, process)


async def _rest(world: World) -> None:
    """Without faults, everything comes to its end: turns are answered, deadlines met, screens complete."""
    for bot in world.bots.values():
        bot.is_calm = True
    for process in world.processes:
        process.die()
    await somebody_takes_over(world, 1.0)
    process = world.processes[0]
    await world.look()
    await screens_reconnect(world, process)
    world.network.mood.set(lost=1.0, doubled=0.0, late=0.0)
    await world.pass_time(REST)
    await _last_words(world, process)
    await world.look()
    for _ in range(2):
        await screens_reconnect(world, process)
        await asyncio.sleep(1)
    world.check_bounds()
    for story in world.witness.stories.values():
        if story.turn is not None:
            world.witness.complain("I9", f"turn {story.turn.turn} of {story.id} is still open", story)
        if is_overdue(story, process.serving):
            world.witness.complain("I6", f"{story.id} was due at {due_at(story)}, and nobody looked", story)
    for follower in world.followers:
        if (missed := follower.misses()) is not None:
            world.witness.complain("I13", missed, follower.story)


async def _last_words(world: World, process: Process) -> None:
    """One more event in every session that somebody follows; the news of it are lost like all others."""
    for follower in tuple(world.followers):
        await world.submit(process, follower.story.id, world.asks.by(PostNote, world.cast.key, text="The end."))
