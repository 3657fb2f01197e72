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

WATCH_SECONDS = 0.5
"""How soon a changed page is noticed."""
SCAN_SHARE = 0.02
"""The share of the time that may go into looking for changed pages; a very large folder is looked at less often."""
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
        self._watching: asyncio.Task[None] | None = None
        # One thread looks things up, another reads files: reading a large folder anew delays no answer.
        self._asking = ThreadPoolExecutor(1, f"{name}-asking")
        self._filing = ThreadPoolExecutor(1, f"{name}-filing")

    async def start(self) -> None:
        """Read the pages, and from now on read again what changes."""
        await self._read()
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Let go of the pages; a closed bot answers no more."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})
        if self._library is not None:
            self._asking.submit(self._library.close)
            self._library = None
        self._filing.shutdown(wait=False, cancel_futures=True)
        self._asking.shutdown(wait=False)

    def release(self) -> str:
        """The content hash of the pages and of this code."""
        return "rel_unread" if self._library is None else self._library.release

    async def answer(self, turn: TurnInput) -> AsyncIterator[BotEvent]:
        """Quote what answers, with its source; or say honestly that it is not known and offer a human."""
        # The pages as they are now, which is what release() says, also if they change meanwhile.
        library = self._library
        if library is None:
            raise BotError("not_started", "the knowledge bot has read no pages yet: await start() first")
        said = await asyncio.get_running_loop().run_in_executor(self._asking, reply, library, turn)
        for span in said.spans:
            yield span
        for piece in _PIECE.findall(said.text):
            yield Delta(piece)
            if self._pace_seconds:
                await asyncio.sleep(self._pace_seconds)
        yield said.finished

    async def _watch(self) -> None:
        """Look for changed pages time and again, and read them."""
        pause = WATCH_SECONDS
        while True:
            await asyncio.sleep(pause)
            try:
                began = time.monotonic()
                is_stale = await asyncio.get_running_loop().run_in_executor(self._filing, self._shelf.is_stale)
                pause = max(WATCH_SECONDS, (time.monotonic() - began) / SCAN_SHARE)
                if is_stale:
                    await self._read()
            except Exception:
                log.exception("knowledge: the pages could not be read again; the bot goes on with what it has")

    async def _read(self) -> None:
        """Put a new library in the place of the old one."""
        loop = asyncio.get_running_loop()
        old, self._library = self._library, await loop.run_in_executor(self._filing, self._shelf.library)
        for skipped in self._library.skipped:
            log.warning("knowledge: %s is left out: %s", skipped.path, skipped.reason)
        if old is not None:
            # Behind whatever still asks the old one.
            self._asking.submit(old.close)
