"""A server in its own process for bots to talk to: it behaves well or badly, as the path says, and tells what it saw.

POST /models/SCENARIO/TAG/chat/completions    see upstream_models.py and upstream_tools.py
POST /hooks/SCENARIO/TAG                      see upstream_hooks.py
GET  /seen/TAG                                the requests so far: path, headers, body
GET  /asked/TAG                               answers once there was such a request
GET  /closed/TAG                              answers once the client has closed the connection of such a request
"""

import asyncio
import json
import ssl
import sys
from pathlib import Path

import upstream_hooks
import upstream_models
import upstream_tools
from upstream_http import Exchange

CERTIFICATES = Path(__file__).parent / "certificates"
SCENARIOS = {"models": upstream_models.SCENARIOS | upstream_tools.SCENARIOS, "hooks": upstream_hooks.SCENARIOS}


class Upstream:
    """Answers requests and remembers them by tag."""

    def __init__(self) -> None:
        self.seen: dict[str, list[dict]] = {}
        self.events: dict[tuple[str, str], asyncio.Event] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader, writer) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *rows = head.split("\r\n")
        method, path, _ = line.split(" ")
        headers = {name.lower(): value for name, _, value in (row.partition(": ") for row in rows if row)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        _, kind, *rest = path.split("/")
        exchange = Exchange(reader, writer, headers, body)
        if method == "GET":
            await self._tell(exchange, kind, rest[0])
            return True
        scenario, tag = rest[0], rest[1]
        requests = self.seen.setdefault(tag, [])
        port = writer.get_extra_info("peername")[1]
        requests.append({"path": path, "headers": headers, "body": body.decode(), "connection": port})
        exchange.count = len(requests)
        exchange.closed = self._event("closed", tag)
        self._event("asked", tag).set()
        try:
            await SCENARIOS[kind][scenario](exchange)
        except ConnectionError:
            exchange.closed.set()
            raise
        return exchange.is_whole

    async def _tell(self, exchange: Exchange, kind: str, tag: str) -> None:
        if kind != "seen":
            await self._event(kind, tag).wait()
        await exchange.answer(200, json.dumps(self.seen.get(tag, [])), "application/json")

    def _event(self, kind: str, tag: str) -> asyncio.Event:
        return self.events.setdefault((kind, tag), asyncio.Event())


async def main() -> None:
    upstream = Upstream()
    certificate = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.load_cert_chain(CERTIFICATES / "bot.example.pem", CERTIFICATES / "bot.example.key")
    servers = [
        await asyncio.start_server(upstream.serve, "127.0.0.1", 0, limit=1024 * 1024, ssl=secured)
        for secured in (None, certificate)
    ]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    sys.stdout.write(f"{ports[0]} {ports[1]}\n")
    sys.stdout.flush()
    # Whoever started us is gone when its end of the pipe is.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
