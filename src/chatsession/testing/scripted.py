"""A bot that plays the part it was given: one step for each time it is asked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from chatsession.bot import BotError, BotEvent, ContextSet, Delta, Finished, Span, TurnInput, Working


class Hang:
    """A step in which the bot says nothing, for ever."""


class Held:
    """A step in which the bot says its pieces and then waits until `release` before it ends."""

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces
        self.is_reached = asyncio.Event()
        """Set once everything was said."""
        self._released = asyncio.Event()

    def release(self) -> None:
        """Let the bot end its answer."""
        self._released.set()

    async def released(self) -> None:
        """Wait until the bot may end."""
        self.is_reached.set()
        await self._released.wait()


Played = str | BotEvent | Sequence[str | BotEvent] | Exception | Hang | Held
Step = Played | Callable[[TurnInput], Played]


class ScriptedBot:
    """Plays its steps in order and remembers what it was shown; asked more often, it fails with `out_of_script`.

    A step is a text, a list of pieces and bot events to stream, an exception to raise, `Hang`, `Held`, or a function
    of the turn that returns one of these.
    """

    def __init__(self, *steps: Step, name: str = "scripted") -> None:
        self.name = name
        self.turns: list[TurnInput] = []
        self._steps = list(steps)

    def add(self, *steps: Step) -> None:
        """Give the bot more to play."""
        self._steps += steps

    async def answer(self, turn: TurnInput) -> AsyncIterator[BotEvent]:
        """Play the next step."""
        self.turns.append(turn)
        if not self._steps:
            raise BotError("out_of_script", f"asked {len(self.turns)} times, which is more often than there are steps")
        step = self._steps.pop(0)
        async for event in _played(step(turn) if callable(step) else step):
            yield event

    def release(self) -> str:
        """A scripted bot is always the same."""
        return "scripted"

    async def start(self) -> None:
        """Nothing to get ready."""

    async def close(self) -> None:
        """Nothing to let go of."""


async def _played(step: Played) -> AsyncIterator[BotEvent]:
    match step:
        case str():
            yield Delta(step)
        case Delta() | Span() | ContextSet() | Working() | Finished():
            yield step
        case Exception():
            raise step
        case Hang():
            await asyncio.Event().wait()
        case Held():
            for piece in step.pieces:
                yield Delta(piece)
            await step.released()
        case _:
            for piece in step:
                yield Delta(piece) if isinstance(piece, str) else piece
