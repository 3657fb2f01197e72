"""Readers who are slow get everything; readers who do not read at all are cut off."""

import asyncio
import socket

from server.house import Caller, House, house, until
from server.reader import reading

from chatsession.bus import News
from chatsession.server.options import ServerOptions


async def test_a_history_larger_than_the_buffer_arrives_whole():
    options = ServerOptions(buffer_bytes_max=20_000, send_buffer_bytes=4_096, turn_grace_seconds=0)
    async with house(options=options) as served:
        ana = await served.visitor("bank")
        session = await ana.open(None, inbox="bank")
        for number in range(30):
            await ana.say(session, f"{number} " + "x" * 10_000)

        async with reading(ana, session) as stream:
            for number in range(30):
                await stream.until("message", type="message_posted", text=f"{number} " + "x" * 10_000)


def stalled(served: House, caller: Caller, session: str) -> socket.socket:
    """Somebody who opens a stream and never reads."""
    host, port = served.host.split(":")
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    taken.connect((host, int(port)))
    taken.sendall(
        f"GET /v1/sessions/{session}/stream HTTP/1.1\r\nHost: {served.host}\r\n"
        f"Authorization: Bearer {caller.secret}\r\n\r\n".encode()
    )
    return taken


async def test_a_reader_who_does_not_read_is_cut_off_and_nobody_else_notices():
    options = ServerOptions(buffer_bytes_max=64 * 1024, send_buffer_bytes=4_096, turn_grace_seconds=0)
    async with house(options=options) as served:
        ana = await served.visitor("bank")
        session = await ana.open(None, inbox="bank")
        slow = stalled(served, ana, session)
        async with reading(ana, session) as stream:
            await stream.until("message", type="session_opened")
            await until(lambda: len(served.service.following) == 2)

            said = 0
            while len(served.service.following) == 2:
                served.service.following._bus.publish(
                    News(session, 0, (b'{"type":"noise","text":"' + b"x" * 8_000 + b'"}',))
                )
                said += 1
                assert said < 5_000, "a reader who takes nothing is still fed"
                await asyncio.sleep(0)
                await stream.until("signal", type="noise")

            await ana.say(session, "Still here")
            await stream.until("message", text="Still here")
        await until(lambda: hung_up(slow))
        slow.close()


def hung_up(taken: socket.socket) -> bool:
    """Read what is left; whether the other side is gone."""
    taken.setblocking(False)  # noqa: FBT003  the standard library's
    try:
        while taken.recv(65_536):
            pass
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True
    return True
