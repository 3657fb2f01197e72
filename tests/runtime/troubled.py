"""Stores that are in the trouble real ones get into, and a bot that never comes to an end."""

import asyncio

from chatsession.bots.function import FunctionBot
from chatsession.store import Loaded, StoreUnavailableError
from chatsession.stores.memory import MemoryStore


class GatedStore(MemoryStore):
    """A store that is slow: appends wait while the gate is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.waiting = 0

    async def append(self, *appends) -> None:
        self.waiting += 1
        await self.gate.wait()
        self.waiting -= 1
        await super().append(*appends)


class AwayStore(MemoryStore):
    """A store that cannot be written for a while, or not be read so many times."""

    def __init__(self) -> None:
        super().__init__()
        self.is_away = False
        self.reads_to_refuse = 0
        self.refused = 0

    def _check_is_there(self) -> None:
        if self.is_away:
            self.refused += 1
            raise StoreUnavailableError("the disk is full")

    async def append(self, *appends) -> None:
        self._check_is_there()
        await super().append(*appends)

    async def put_trace(self, trace) -> None:
        self._check_is_there()
        await super().put_trace(trace)

    async def frames_before(self, session, before, limit):
        if self.reads_to_refuse > 0:
            self.reads_to_refuse -= 1
            raise StoreUnavailableError("the disk does not answer")
        return await super().frames_before(session, before, limit)


class SurprisingStore(MemoryStore):
    """A store that fails so many times in a way that no contract foresees."""

    def __init__(self) -> None:
        super().__init__()
        self.surprises = 0

    async def append(self, *appends) -> None:
        if self.surprises > 0:
            self.surprises -= 1
            raise ZeroDivisionError("nobody thought of this")
        await super().append(*appends)


class SlowStore(MemoryStore):
    """A store whose reads of whole sessions wait while the gate is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()

    async def load(self, session):
        await self.gate.wait()
        return await super().load(session)


class SpoiltStore(MemoryStore):
    """A store in which the list of one session cannot be read any more."""

    def __init__(self) -> None:
        super().__init__()
        self.spoilt: str | None = None

    async def load(self, session):
        loaded = await super().load(session)
        return Loaded(None, (b"no JSON",)) if loaded and session == self.spoilt else loaded


def endless(beginning: str) -> tuple[FunctionBot, asyncio.Event]:
    """A bot that says how it begins and no more, and what tells that it was stopped."""
    stopped = asyncio.Event()

    async def bot(_):
        try:
            yield beginning
            await asyncio.Event().wait()
        finally:
            stopped.set()

    return FunctionBot(bot), stopped
