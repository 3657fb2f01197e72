"""A lean load generator: many sockets in one process, one message outstanding on each.

Frames are written by hand: masked with zeroes (which changes nothing and is allowed), text and close only.
"""

import asyncio
import base64
import json
import os
import time

MESSAGE_BYTES = 150
HANDSHAKE = (
    "GET /v1/sessions/{session}/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
)


def framed(text):
    """A client's text frame."""
    data = text.encode()
    head = bytes((0x81, 0x80 | len(data))) if len(data) < 126 else bytes((0x81, 0xFE)) + len(data).to_bytes(2, "big")
    return head + bytes(4) + data


class Peer(asyncio.Protocol):
    """One socket: `awaited` is how the frame begins that answers a message; None is any frame."""

    def __init__(self, session, first, awaited):
        self.session, self.first, self.awaited = session, first, awaited
        self.ready = asyncio.get_running_loop().create_future()
        self.data = b""
        self.count = 0
        self.number = 0
        self.is_open = False
        self.load = None
        self.sent_at = 0.0

    def connection_made(self, transport):
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(HANDSHAKE.format(session=self.session, key=key).encode())

    def data_received(self, data):
        self.data += data
        if not self.is_open:
            head, end, rest = self.data.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head:
                self.ready.set_exception(ConnectionError(head.decode()))
                return
            self.is_open, self.data = True, rest
            self.transport.write(framed(self.first))
        self.take()

    def take(self):
        """Take whole frames."""
        data, at, size = self.data, 0, len(self.data)
        while size - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                if size - at < 4:
                    break
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            if start + length > size:
                break
            self.hear(data, start, data[at])
            at = start + length
        self.data = data[at:]

    def hear(self, data, start, opcode):
        if opcode & 0xF == 8:
            raise ConnectionError(f"closed by the server: {data[start:]!r}")
        if not self.ready.done():
            self.ready.set_result(None)
        elif self.load is not None and (self.awaited is None or data.startswith(self.awaited, start)):
            self.load.answered(self)

    def connection_lost(self, error):
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"lost before it was ready: {error}"))

    def say(self):
        """Send one message of exactly so many bytes."""
        self.number += 1
        head = f'{{"type":"command","command":"post_message","client_id":"{id(self):x}-{self.number}","text":"'
        self.sent_at = time.perf_counter()
        self.transport.write(framed(f"{head:x<{MESSAGE_BYTES - 2}}" + '"}'))


class Load:
    """Sockets that send as fast as they are answered, while it runs."""

    def __init__(self, peers):
        self.peers = peers
        self.is_running = False
        self.waits = []
        self.outstanding = 0
        self.idle = asyncio.Event()

    def answered(self, peer):
        self.waits.append(time.perf_counter() - peer.sent_at)
        if self.is_running:
            peer.say()
        else:
            self.outstanding -= 1
            if self.outstanding == 0:
                self.idle.set()

    async def run(self, seconds, warm_up, cpu):
        """Messages a second, seconds of the server's CPU per message, waits; counted after a warm-up."""
        self.is_running, self.outstanding = True, len(self.peers)
        self.idle.clear()
        for peer in self.peers:
            peer.load = self
            peer.say()
        await asyncio.sleep(warm_up)
        self.waits.clear()
        started, used = time.perf_counter(), cpu()
        await asyncio.sleep(seconds)
        spent, used = time.perf_counter() - started, cpu() - used
        waits = sorted(self.waits)
        self.is_running = False
        async with asyncio.timeout(30):
            await self.idle.wait()
        return len(waits) / spent, used / max(1, len(waits)), waits


async def connect(port, callers, awaited, first=None, at_once=50):
    """Open a socket for each caller."""
    loop = asyncio.get_running_loop()
    peers = []
    for start in range(0, len(callers), at_once):
        some = []
        for session, secret in callers[start : start + at_once]:
            hello = first or json.dumps({"type": "auth", "token": secret, "after": 3})
            _, peer = await loop.create_connection(
                lambda session=session, hello=hello: Peer(session, hello, awaited), "127.0.0.1", port
            )
            some.append(peer)
        await asyncio.gather(*(peer.ready for peer in some))
        peers += some
    return peers
