"""A turn on its way from its place in the queue to its end, and the places in which bots work."""

import asyncio
from types import TracebackType
from typing import Self

from chatsession.core.session import Session, Turn
from chatsession.runtime.answers import Attempt

DRAINED = "drained"
ERASED = "erased"


class Running:
    """A turn on its way: it waits for a place, the bot works, and what came of it is handed in."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.work: Attempt | None = None
        self.is_waiting = True
        self.is_handing_in = False
        self.stopped: str | None = None
        self.task: asyncio.Task[None] | None = None

    def is_at(self, turn: Turn | None) -> bool:
        """Whether this is the attempt that the session waits for."""
        mine = self.session.turn
        if mine is None or turn is None:
            return False
        return (mine.number, mine.attempt) == (turn.number, turn.attempt)

    def stop(self, reason: str) -> None:
        """Stop the bot. An end that is being handed in goes its way: the door knows whether it is too late."""
        self.stopped = reason
        if self.work is not None:
            self.work.stop(reason)
        if self.task is not None and not self.is_handing_in:
            self.task.cancel()


class Places:
    """So many turns of one inbox are answered at once, so that a bot that hangs takes no other inbox's places."""

    def __init__(self, places_max: int, waiting_max: int) -> None:
        self._free = asyncio.Semaphore(places_max)
        self._waiting_max = waiting_max
        self._waiting = 0

    @property
    def are_full(self) -> bool:
        """Whether too many wait already."""
        return self._waiting >= self._waiting_max

    async def __aenter__(self) -> Self:
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._free.release()
