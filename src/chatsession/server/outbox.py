"""What waits to be written to one reader: bounded, so that a slow one is dropped and never buffered without end."""

import asyncio
from collections import deque


class Outbox:
    """A queue of bytes for one reader. A single piece always fits; what would come on top of it is bounded."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._chunks: deque[bytes] = deque()
        self._bytes = 0
        self._changed = asyncio.Event()
        self.overflown = asyncio.Event()
        self._is_ended = False

    def __len__(self) -> int:
        return self._bytes

    def put(self, chunk: bytes) -> None:
        """Add a piece; one too many is the end of this reader."""
        if self._is_ended or self.overflown.is_set():
            return
        if self._bytes and self._bytes + len(chunk) > self._bytes_max:
            self.overflown.set()
        else:
            self._add(chunk)

    def end(self, chunk: bytes) -> None:
        """Add the last piece, whatever waits before it."""
        if not self._is_ended:
            self._is_ended = True
            self._add(chunk)

    def _add(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._bytes += len(chunk)
        self._changed.set()

    async def room(self) -> None:
        """Return once half of the room is free, or nobody reads any more."""
        while self._bytes * 2 > self._bytes_max and not self._is_ended and not self.overflown.is_set():
            self._changed.clear()
            await self._changed.wait()

    async def take(self, seconds: float) -> bytes | None:
        """Everything that waits: b"" where nothing has come for so long, None after the last piece."""
        try:
            async with asyncio.timeout(seconds):
                while not self._chunks and not self._is_ended:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return b""
        if not self._chunks:
            return None
        taken = b"".join(self._chunks)
        self._chunks.clear()
        return taken

    def written(self, count: int) -> None:
        """So many bytes have left."""
        self._bytes -= count
        self._changed.set()
