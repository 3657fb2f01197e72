"""Everything that goes wrong on purpose, by weight."""

from chatsession.simulation.absences import (
    clock_is_set,
    outage_over_deadlines,
    process_dies,
    process_is_frozen,
    store_is_away,
    store_is_slow,
)
from chatsession.simulation.actors import identity
from chatsession.simulation.process import Process
from chatsession.simulation.races import (
    bot_answers_again,
    claims_race,
    closings_race,
    openings_race,
    sends_race,
    too_many_ask,
)
from chatsession.simulation.traffic import Step
from chatsession.simulation.world import World

MOODS = (
    {"lost": 0.0, "doubled": 0.0, "late": 0.0},
    {"lost": 0.15, "doubled": 0.15, "late": 0.2},
    {"lost": 1.0, "doubled": 0.0, "late": 0.0},
)


async def mood_changes(world: World, _: Process) -> None:
    """The bus becomes reliable, unreliable, or loses everything."""
    world.network.mood.set(**world.rng.choice(MOODS))


async def somebody_signs_in(world: World, process: Process) -> None:
    """An anonymous visitor turns out to be a known one, perhaps with another session open."""
    await identity.identify(world, process)


SCENES: tuple[tuple[int, Step], ...] = (
    (3, openings_race),
    (3, claims_race),
    (2, closings_race),
    (3, sends_race),
    (1, too_many_ask),
    (6, bot_answers_again),
    (4, process_dies),
    (1, store_is_away),
    (2, store_is_slow),
    (1, process_is_frozen),
    (1, clock_is_set),
    (5, outage_over_deadlines),
    (2, mood_changes),
    (3, somebody_signs_in),
)
"""What goes wrong next, by weight."""
