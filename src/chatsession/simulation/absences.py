"""Deaths, outages, frozen processes and clocks that are set: time in which nobody serves, and what comes after."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from chatsession.core.commands import PostNote
from chatsession.simulation.checks.story import Story
from chatsession.simulation.process import Process
from chatsession.simulation.world import World

SHORT_ABSENCE = (1.0, 8.0)
LONG_ABSENCE = (15.0, 900.0)
"""Seconds; an absence between the two may count or not, and would tell nothing."""


async def process_dies(world: World, process: Process) -> None:
    """A process ends in the middle of a commit, or at rest; another takes its place."""
    how = world.rng.choice(("before", "after", "at rest"))
    if how == "at rest":
        is_answering = len(process.service.turns) > 0
        world.coverage.fault("died_mid_answer" if is_answering else "died_at_rest")
        process.die()
    else:
        process.view.dies = how
        story = world.story()
        if story is not None:
            message = world.asks.message(story, world.cast.visitor_of(story))
            await asyncio.gather(world.submit(process, story.id, message), somebody_else(world, process, story))
        if not process.is_dead:
            process.view.dies = None
            return
    await somebody_takes_over(world, world.rng.choice((0.001, 0.5, 5.0, 60.0)))


async def somebody_else(world: World, process: Process, story: Story) -> None:
    """Somebody asks the same session at the same moment."""
    if process.answers:
        await world.submit(process, story.id, world.asks.by(PostNote, world.cast.key, text="Meanwhile."))


async def somebody_takes_over(world: World, after_seconds: float) -> None:
    """After a while a new process serves, and nothing that was acknowledged is missing."""
    world.bury()
    await world.pass_time(timedelta(seconds=after_seconds))
    process = await world.start_process()
    await keep_promises(world)
    if world.rng.happens(0.5):
        await world.attempt(process, "look", process.look())


async def keep_promises(world: World) -> None:
    """I3: everything that was acknowledged is in the store, where it was said to be."""
    for story in tuple(world.witness.stories.values()):
        frames = await world.store.frames(story.id, 0, 1_000_000)
        wrong = world.witness.promises.broken(story.id, frames)
        if wrong is not None or frames != story.frames:
            world.witness.complain("I3", wrong or f"{len(frames)} of {story.seq} events are stored", story)


async def store_is_away(world: World, _: Process) -> None:
    """The store takes no writes, or cannot be reached at all, for a moment or for long; people go on asking."""
    counts = world.rng.happens(0.5)
    await away(world, timedelta(seconds=world.rng.uniform(*(LONG_ABSENCE if counts else SHORT_ABSENCE))), counts=counts)


async def away(world: World, length: timedelta, *, counts: bool) -> None:
    """The store is away for so long."""
    is_read_only = world.rng.happens(0.5)
    world.coverage.fault("store_read_only" if is_read_only else "store_away")
    processes = [process for process in world.processes if process.answers]
    for process in processes:
        process.view.is_read_only, process.view.is_away = is_read_only, not is_read_only
        process.clock.stop_keeping()
    await people_go_on(world, length)
    for process in processes:
        process.view.is_read_only = process.view.is_away = False
        process.clock.keep_on()
        process.serving.broken(counts=counts)
    await first_looks(world)


async def people_go_on(world: World, length: timedelta) -> None:
    """People ask and the keeper looks, though nothing can be written."""
    for _ in range(2):
        await world.pass_time(length / 2)
        story, process = world.story(), world.process()
        if story is not None and process is not None:
            await world.submit(process, story.id, world.asks.message(story, world.cast.visitor_of(story)))


async def first_looks(world: World) -> None:
    """What comes first after a break, on every process: a heartbeat, or a look at what is due."""
    await asyncio.gather(*(first_look(world, process) for process in world.processes if process.answers))
    await world.look()


async def first_look(world: World, process: Process) -> None:
    """Whichever of a process's loops wakes first."""
    if world.rng.happens(0.5):
        await world.attempt(process, "beat", process.service.heartbeat.beat_once())
    else:
        await world.attempt(process, "look", process.service.timers.look_once())


async def store_is_slow(world: World, process: Process) -> None:
    """Appends of a process take their time from now on, or no longer."""
    world.coverage.fault("store_slow")
    slowest = world.rng.choice((0.0, 0.0, 0.2, 3.0))
    process.view.delay = lambda: world.rng.uniform(0, slowest) if slowest else 0.0


async def process_is_frozen(world: World, process: Process) -> None:
    """A process is suspended and goes on later, as if nothing had happened."""
    counts = world.rng.happens(0.5)
    length = timedelta(seconds=world.rng.uniform(*(LONG_ABSENCE if counts else SHORT_ABSENCE)))
    world.coverage.fault("process_frozen")
    await frozen(world, [process], length, counts=counts)


async def frozen(world: World, processes: list[Process], length: timedelta, *, counts: bool) -> None:
    """So many processes are suspended for so long."""
    for process in processes:
        process.freeze()
    await world.pass_time(length)
    for process in processes:
        process.thaw(counts=counts)
    await first_looks(world)


async def clock_is_set(world: World, _: Process) -> None:
    """The wall clock is set ahead by hours, or back."""
    ahead = world.rng.happens(0.6)
    await set_clock(world, timedelta(minutes=world.rng.uniform(1, 180)) if ahead else timedelta(0))


async def set_clock(world: World, ahead: timedelta) -> None:
    """The wall clock is set; whoever serves notices."""
    world.coverage.fault("clock_set_ahead" if ahead else "clock_set_back")
    world.time.set_ahead(ahead)
    for process in world.processes:
        process.serving.broken()
    await first_looks(world)


async def all_die(world: World, length: timedelta) -> None:
    """Nobody serves for so long."""
    for process in world.processes:
        process.die()
    await somebody_takes_over(world, length.total_seconds())


async def outage_over_deadlines(world: World, _: Process) -> None:
    """An absence of everybody covers none, one or both of an idle session's deadlines."""
    story = world.story()
    if story is None or story.phase != "open" or story.idle_since is None or story.idle_warning is not None:
        return
    policy = story.policy
    if policy.idle_timeout is None or story.waiting_on != "visitor":
        return
    closes = story.idle_since + policy.idle_timeout - world.time.now()
    warns = closes - policy.warn_before
    if warns <= timedelta(seconds=20):
        return
    begins = timedelta(seconds=world.rng.uniform(1, warns.total_seconds() - 18))
    ends, what = world.rng.choice(
        (
            (begins + (warns - begins) * 0.95, "outage_over_no_deadline"),
            (warns + policy.warn_before / 2, "outage_over_the_warning"),
            (closes + timedelta(seconds=world.rng.uniform(1, 600)), "outage_over_both_deadlines"),
        )
    )
    await world.pass_time(begins)
    length = ends - begins
    if length < timedelta(seconds=15) or not any(process.answers for process in world.processes):
        return
    world.coverage.fault(what)
    await world.rng.choice(OUTAGES)(world, length)


OUTAGES: tuple[Callable[[World, timedelta], Awaitable[Any]], ...] = (
    all_die,
    lambda world, length: frozen(world, [each for each in world.processes if each.answers], length, counts=True),
    lambda world, length: away(world, length, counts=True),
    set_clock,
)
