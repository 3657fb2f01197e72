"""A bot that says what it hears: for a first try, and for measuring everything but the bot."""

import re
from collections.abc import AsyncIterator

from chatsession.bot import BotEvent, Delta, TurnInput
from chatsession.bots.releases import release_of

GREETING = "Hello! Whatever you write, I say it again."


class EchoBot:
    """Answers every message with the message itself."""

    name = "echo"

    async def answer(self, turn: TurnInput) -> AsyncIterator[BotEvent]:
        """Say the visitor's words again, word by word; greet where nothing was asked."""
        for piece in re.findall(r"\s*\S+\s*", turn.text) or [GREETING]:
            yield Delta(piece)

    def release(self) -> str:
        """An echo never changes."""
        return release_of(("echo", GREETING))

    async def start(self) -> None:
        """Nothing to get ready."""

    async def close(self) -> None:
        """Nothing to let go of."""
