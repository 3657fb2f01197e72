"""Two thousand sockets, two hundred of which stop reading: nobody else notices, and memory stays flat."""

import asyncio
import json
import resource
import socket
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SOCKETS, STALLED, BUSY = 2_000, 200, 50
"""All of them; those who stop reading; and those who read what makes the others stall."""
SESSIONS = 20
GONE_SECONDS_MAX = 15
BYTES = 2_000_000
"""What everybody in the busy session is told: far more than buffers hold, ours and the kernel's together."""
GROWTH_MIB_MAX = 96
"""256 KiB for each stalled reader, and as much again; without a bound it would be 400 MiB and more."""

HANDSHAKE = (
    "GET /v1/sessions/{session}/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Peer(asyncio.Protocol):
    """A lean client: it lets itself be greeted, and counts bytes."""

    def __init__(self, session, key):
        self.session, self.key = session, key
        self.greeted = asyncio.get_running_loop().create_future()
        self.gone = asyncio.get_running_loop().create_future()
        self.bytes = 0

    def connection_made(self, transport):
        self.transport = transport
        transport.write(HANDSHAKE.format(session=self.session).encode())

    def data_received(self, data):
        self.bytes += len(data)
        if b" 101 " in data[:20]:
            auth = json.dumps({"type": "auth", "token": self.key, "after": 5}).encode()
            self.transport.write(bytes((0x81, 0x80 | len(auth))) + bytes(4) + auth)
        if not self.greeted.done() and b'"hello"' in data:
            self.greeted.set_result(None)

    def connection_lost(self, error):
        self.gone.set_result(asyncio.get_running_loop().time())


async def peer(port, session, key):
    """Connect with a small receive buffer, so that whoever stops reading is soon full."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 * 1024)
    link.setblocking(False)  # noqa: FBT003  positional alone
    loop = asyncio.get_running_loop()
    await loop.sock_connect(link, ("127.0.0.1", port))
    _, made = await loop.create_connection(lambda: Peer(session, key), sock=link)
    await made.greeted
    return made


def memory_mib(pid):
    """What a process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def established(port):
    """How many connections the kernel has to this port, as the server sees them."""
    wanted = f":{port:04X}"
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(1 for row in rows if row.split()[1].endswith(wanted) and row.split()[3] == "01")


@pytest.mark.slow
@pytest.mark.alone
async def test_readers_who_stop_are_gone_in_time_and_cost_nobody_anything(maker):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        str(HERE / "crowded.py"),
        maker,
        str(SESSIONS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": f"{HERE}:{HERE.parents[1]}"},
    )
    try:
        ready = json.loads(await server.stdout.readline())
        port, key, (busy, *quiet) = ready["port"], ready["key"], ready["sessions"]
        peers = []
        for start in range(0, SOCKETS, 50):
            places = [busy if n < STALLED + BUSY else quiet[n % len(quiet)] for n in range(start, start + 50)]
            peers += await asyncio.gather(*(peer(port, place, key) for place in places))
        stalled, reading, others = peers[:STALLED], peers[STALLED : STALLED + BUSY], peers[STALLED + BUSY :]
        before = memory_mib(server.pid)
        for each in stalled:
            each.transport.pause_reading()
        stopped = asyncio.get_running_loop().time()

        publishing = asyncio.create_task(_publish(server, BYTES))
        most = before
        while established(port) > SOCKETS - STALLED:
            most = max(most, memory_mib(server.pid))
            assert asyncio.get_running_loop().time() < stopped + GONE_SECONDS_MAX, established(port)
            await asyncio.sleep(0.1)
        followers = await publishing
        most = max(most, memory_mib(server.pid))
        await _publish(server, 4_000)
        async with asyncio.timeout(10):
            while min(each.bytes for each in reading) < BYTES:
                await asyncio.sleep(0.05)

        assert followers == SOCKETS - STALLED
        assert not any(each.gone.done() for each in (*reading, *others))
        assert most - before < GROWTH_MIB_MAX
    finally:
        for each in peers:
            each.transport.abort()
        server.stdin.close()
        await server.wait()


async def _publish(server, size):
    server.stdin.write(f"{size}\n".encode())
    await server.stdin.drain()
    return int(await server.stdout.readline())
