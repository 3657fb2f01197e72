"""What a store must be able to do to stand in the table."""

from pathlib import Path
from typing import Any

Line = tuple[str, str]
"""Who spoke (`user` or `bot`), and the text."""


class Column:
    """One store over one folder. A method returns once what it wrote is as durable as the store makes it."""

    keeps_state = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def open(self) -> None:
        """Get ready."""

    async def close(self) -> None:
        """Let go of everything."""

    async def begin(self, session: str) -> None:
        """Make a session."""

    async def prepare(self, session: str, first: int, turns: int) -> None:
        """Untimed: whatever of a talk is not the store's work."""

    async def say(self, session: str, turn: int, role: str, text: str, state: dict | None = None) -> None:
        """Append one message, with the state it leads to."""
        raise NotImplementedError

    async def context(self, session: str, lines: int) -> list[Line]:
        """What the next turn needs: the newest lines, oldest first (and the state, where the store has one)."""
        raise NotImplementedError

    async def history(self, session: str) -> list[Any]:
        """Everything that was said as the store hands it over, and the state."""
        return await self.context(session, 10**9)

    def lines(self, history: list[Any]) -> list[Line]:
        """Untimed: the same as lines, so that it can be checked."""
        return history

    async def fill(self, session: str, lines: list[Line]) -> None:
        """Write a long session and its state, untimed, by whatever way leaves the same rows."""
        for place, (role, text) in enumerate(lines):
            state = {"turn": place // 2} if place == len(lines) - 1 else None
            await self.say(session, place // 2, role, text, state)

    async def settle(self) -> None:
        """Let what follows the writes (an index of search) catch up: its CPU time counts too."""

    async def settings(self) -> list[object] | None:
        """Journal mode and flushing, read from the connection that writes; None where they are not the store's own."""

    def bytes(self) -> int:
        """What the folder takes on the disk."""
        return sum(each.stat().st_size for each in self.folder.rglob("*") if each.is_file())
