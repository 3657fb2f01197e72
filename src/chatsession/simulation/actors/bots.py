"""Bots of every temper: they answer well, slowly, wrongly, too late, or not at all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

from chatsession.bot import BotError, BotEvent, ContextSet, Delta, Finished, Span, TurnInput
from chatsession.core.events import Source, Usage
from chatsession.simulation.chance import Chance
from chatsession.simulation.coverage import Coverage

ANSWER = "It is on its way, and it will come tomorrow."
Manner = Callable[[TurnInput, Chance], AsyncIterator[BotEvent]]


class SimulatedBot:
    """Chooses its manner anew for every attempt, from the attempt's own name: the same in every run."""

    name = "simulated"

    def __init__(self, seed: str, coverage: Coverage, look_at: Callable[[TurnInput], None]) -> None:
        self.is_calm = False
        """In the end, so that everything can come to rest, all answers are good."""
        self._seed = seed
        self._coverage = coverage
        self._look_at = look_at

    def release(self) -> str:
        """Always the same bot."""
        return "rel_simulated"

    async def start(self) -> None:
        """Nothing to get ready."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def answer(self, turn: TurnInput) -> AsyncIterator[BotEvent]:
        """Look at what is shown; then answer in some manner."""
        self._look_at(turn)
        rng = Chance(f"{self._seed}/{turn.session}/{turn.turn}/{turn.attempt}")
        fault, manner = (None, _at_once) if self.is_calm else rng.choices(MANNERS, weights=MANNER_WEIGHTS)[0]
        if fault is not None:
            self._coverage.fault(fault)
        async for event in manner(turn, rng):
            yield event


async def _at_once(_: TurnInput, rng: Chance) -> AsyncIterator[BotEvent]:
    yield Delta(ANSWER[: rng.randrange(8, len(ANSWER))])


async def _slowly(_: TurnInput, rng: Chance) -> AsyncIterator[BotEvent]:
    pause = rng.choice((0.0, 0.3, 2.0, 6.0))
    for word in ANSWER.split()[: rng.randrange(2, 9)]:
        await asyncio.sleep(pause)
        yield Delta(word + " ")


async def _with_cost(_: TurnInput, rng: Chance) -> AsyncIterator[BotEvent]:
    await asyncio.sleep(rng.uniform(0, 4))
    usage = Usage(tokens_in=rng.randrange(20, 200), tokens_out=20, cost_microusd=150, model_calls=1)
    yield Span(kind="model", name="simulated-model", ms=12.0, usage=usage)
    yield Delta(ANSWER)
    yield Finished(sources=[Source(title="Delivery")], topic=rng.choice((None, "delivery")))


async def _learning(turn: TurnInput, rng: Chance) -> AsyncIterator[BotEvent]:
    yield ContextSet({"order": f"A{rng.randrange(99)}", "mood": "calm"})
    yield Delta(f"About {turn.text[:20]}: noted.")


async def _not_knowing(_: TurnInput, __: Chance) -> AsyncIterator[BotEvent]:
    yield Delta("I do not know that.")
    yield Finished(known=False)


async def _asking_for_an_agent(_: TurnInput, rng: Chance) -> AsyncIterator[BotEvent]:
    yield Finished(result="needs_agent", known=rng.happens(0.5), text=rng.choice((None, "A person can help.")))


async def _resolving(_: TurnInput, __: Chance) -> AsyncIterator[BotEvent]:
    yield Delta("Done. Goodbye!")
    yield Finished(resolved=True)


async def _failing(_: TurnInput, __: Chance) -> AsyncIterator[BotEvent]:
    yield Finished(result="failed")


async def _raising(_: TurnInput, rng: Chance) -> AsyncIterator[BotEvent]:
    yield Delta("Let me ")
    raise rng.choice((RuntimeError("broken"), BotError("upstream", "cut off"), ValueError("broken otherwise")))


async def _hanging(_: TurnInput, __: Chance) -> AsyncIterator[BotEvent]:
    yield Delta("Just a ")
    await asyncio.get_running_loop().create_future()


async def _late(turn: TurnInput, _: Chance) -> AsyncIterator[BotEvent]:
    await asyncio.sleep((turn.patience_seconds or 30.0) + 0.5)
    yield Delta("Sorry for the wait.")


async def _silent(_: TurnInput, rng: Chance) -> AsyncIterator[BotEvent]:
    await asyncio.sleep(rng.uniform(0, 2))
    yield Finished(text="")


async def _garbage(_: TurnInput, rng: Chance) -> AsyncIterator[BotEvent]:
    yield cast("BotEvent", rng.choice(GARBAGE))


async def _verbose(_: TurnInput, rng: Chance) -> AsyncIterator[BotEvent]:
    for _piece in range(rng.randrange(3, 6)):
        yield Delta("la " * 300)


GARBAGE: tuple[Any, ...] = (
    17,
    Delta(cast("str", None)),
    Delta("half of a pair \ud800"),
    ContextSet(cast("dict[str, Any]", [1, 2])),
)
MANNERS: tuple[tuple[str | None, Manner], ...] = (
    (None, _at_once),
    (None, _slowly),
    (None, _with_cost),
    (None, _learning),
    (None, _not_knowing),
    (None, _asking_for_an_agent),
    (None, _resolving),
    (None, _failing),
    ("bot_raises", _raising),
    ("bot_hangs", _hanging),
    ("bot_answers_late", _late),
    ("bot_says_nothing", _silent),
    ("bot_streams_garbage", _garbage),
    ("bot_says_too_much", _verbose),
)
MANNER_WEIGHTS = (20, 16, 10, 6, 5, 6, 2, 2, 5, 5, 4, 3, 4, 3)
