"""One HTTP exchange, byte by byte: a library would not send what broken servers send."""

import asyncio


class Exchange:
    """A request, and the ways to answer it well or badly."""

    def __init__(self, reader, writer, headers: dict[str, str], body: bytes) -> None:
        self.headers = headers
        self.body = body
        self.count = 0
        """How many requests with this tag there were, this one included."""
        self.closed = asyncio.Event()
        self.is_whole = True
        """Whether the connection can be used again."""
        self._reader = reader
        self._writer = writer

    async def answer(self, status: int, body: str | bytes, kind: str, **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        await self._send(_head(status, {"Content-Type": kind, "Content-Length": str(len(data)), **named}) + data)

    async def begin(self, kind: str = "text/event-stream", status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        await self._send(_head(status, {"Content-Type": kind, "Transfer-Encoding": "chunked", **named}))

    async def chunk(self, data: str | bytes) -> None:
        raw = data.encode() if isinstance(data, str) else data
        await self._send(b"%x\r\n%b\r\n" % (len(raw), raw))

    async def end(self) -> None:
        await self._send(b"0\r\n\r\n")

    async def until_closed(self) -> None:
        """Say nothing more until the client closes the connection."""
        self.is_whole = False
        while await self._reader.read(1024):
            pass
        self.closed.set()

    def is_closed(self) -> bool:
        return self._reader.at_eof()

    async def cut(self) -> None:
        """Break off in the middle of a chunk."""
        self.is_whole = False
        await self._send(b"400\r\nhalf of")
        self._writer.transport.abort()

    async def _send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()


def _head(status: int, headers: dict[str, str]) -> bytes:
    rows = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Said\r\n{rows}\r\n".encode()
