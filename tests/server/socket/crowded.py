"""A server for a crowd, in a process of its own:  python crowded.py WS SESSIONS

Prints one line of JSON once it listens: the port, its process id and the key of an agent who may follow every session.
Then each line it reads is a number of bytes: so much is published to the first session, as signals, paced by the
followers who read; each line is answered by one.
"""

import asyncio
import json
import sys

from conftest import serving
from stage import stage

from chatsession.bus import News
from chatsession.buses.local import LocalBus
from chatsession.server.options import ServerOptions

SIGNAL_BYTES = 4_000
PAUSE_SECONDS = 0.01


def say(line):
    """Answer whoever started this process."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def publish(bus, session, size):
    """Tell everybody in a session so many bytes, at a pace that whoever reads keeps up with."""
    signal = b'{"type":"delta","text":"%b"}' % (b"x" * SIGNAL_BYTES)
    for _ in range(size // SIGNAL_BYTES):
        bus.publish(News(session, 0, (signal,)))
        await asyncio.sleep(PAUSE_SECONDS)


async def main(ws, sessions):
    bus = LocalBus()
    options = ServerOptions(ws=ws, beat_seconds=5)
    async with stage(*["ok"] * sessions, bus=bus) as on_stage, serving(on_stage.service, options) as port:
        opened = [await on_stage.open(await on_stage.visitor()) for _ in range(sessions)]
        key = await on_stage.service.identity.new_key("carl", "agent", "Carl")
        ids = [each.session.id for each in opened]
        say(json.dumps({"port": port, "key": key, "sessions": ids}))
        while line := await asyncio.to_thread(sys.stdin.readline):
            await publish(bus, ids[0], int(line))
            say(str(len(on_stage.service.following)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
