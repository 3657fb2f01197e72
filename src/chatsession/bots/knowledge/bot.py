"""The bot itself: a turn goes in, quoted words with their sources come out."""

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from chatsession.bot import BotError, BotEvent, Delta, TurnInput
from chatsession.bots.knowledge.library import Library, Shelf
from chatsession.bots.knowledge.reply import reply

log = logging.getLogger("chatsession")

SCAN_SHARE = 0.02
"""The share of the time that may go into looking for changed files."""
REREAD_WAIT_SECONDS = 1.0
"""How long a turn waits for changed pages to be read; after that it is answered from the pages as they were."""
_PIECE = re.compile(r"\S+(?:[^\S\n]+\S+){0,3}\s*|\s+")


class KnowledgeBot:
    """Answers from a folder of Markdown pages: quotes the passage that answers, or says that it does not know.

    `pace` is the pause between two pieces of an answer, so that it can be watched being written; none by default.
    """

    def __init__(self, folder: Path | str, *, pace: timedelta = timedelta(), name: str = "knowledge") -> None:
        self.name = name
        self._pace_seconds = pace.total_seconds()
        self._shelf = Shelf(Path(folder))
        self._library: Library | None = None
        self._reading: asyncio.Task[None] | None = None
        # One thread looks things up, another reads files: reading a large folder anew delays no answer.
        self._asking = ThreadPoolExecutor(1, f"{name}-asking")
        self._filing = ThreadPoolExecutor(1, f"{name}-filing")
        self._scan_after = 0.0

    async def start(self) -> None:
        """Read the pages."""
        await self._read()

    async def close(self) -> None:
        """Let go of the index; a closed bot answers no more."""
        if self._reading is not None:
            await asyncio.wait({self._reading})
        self._filing.shutdown()
        self._asking.shutdown()
        if self._library is not None:
            self._library.close()
            self._library = None

    def release(self) -> str:
        """The content hash of the pages and of this code."""
        return "rel_unread" if self._library is None else self._library.release

    async def answer(self, turn: TurnInput) -> AsyncIterator[BotEvent]:
        """Quote what answers, with its source; or say honestly that it is not known and offer a human."""
        await self._freshen()
        if self._library is None:
            raise BotError("not_started", "the knowledge bot has read no pages yet: await start() first")
        loop = asyncio.get_running_loop()
        said = await loop.run_in_executor(self._asking, reply, self._library, turn)
        for span in said.spans:
            yield span
        for piece in _PIECE.findall(said.text):
            yield Delta(piece)
            if self._pace_seconds:
                await asyncio.sleep(self._pace_seconds)
        yield said.finished

    async def _freshen(self) -> None:
        """Read the pages again where they have changed; looking for that takes a small share of the time at most."""
        began = time.monotonic()
        if self._reading is None and began >= self._scan_after:
            is_stale = await asyncio.get_running_loop().run_in_executor(self._filing, self._shelf.is_stale)
            self._scan_after = time.monotonic() + (time.monotonic() - began) / SCAN_SHARE
            if is_stale and self._reading is None:
                self._reading = asyncio.create_task(self._read())
                self._reading.add_done_callback(self._has_read)
        if self._reading is not None:
            await asyncio.wait({self._reading}, timeout=REREAD_WAIT_SECONDS)

    async def _read(self) -> None:
        """Put a new library in the place of the old one."""
        loop = asyncio.get_running_loop()
        old, self._library = self._library, await loop.run_in_executor(self._filing, self._shelf.library)
        for skipped in self._library.skipped:
            log.warning("knowledge: %s is left out: %s", skipped.path, skipped.reason)
        if old is not None:
            # Behind whatever still asks the old one.
            self._asking.submit(old.close)

    def _has_read(self, task: "asyncio.Task[None]") -> None:
        self._reading = None
        if not task.cancelled() and task.exception() is not None:
            log.error("knowledge: the pages could not be read again", exc_info=task.exception())
