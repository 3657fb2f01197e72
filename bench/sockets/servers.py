"""The servers that are measured, each in a process of its own:

    python bench/sockets/servers.py KIND FOLDER

Prints one line of JSON once it listens: its port. Kinds: `durable` (the whole server over a SQLite file), `echo` (a
pure echo on the same sockets), `reference` (a bare ASGI echo on uvicorn's own sockets), `prototype` (decode, number,
append to a SQLite file with fsync, event to both sides, ack: nothing else). All but the reference run on picows; with
`-asgi` behind their name, on uvicorn's own sockets.
"""

import gc
import json
import sys
from pathlib import Path

import uvicorn
import uvloop
from prepared import SHOP, config
from prototype import Prototype

from chatsession.assemble import clock_for, make_service, store_at
from chatsession.server.options import ServerOptions
from chatsession.server.serving import GC_THRESHOLDS
from chatsession.server.socket.asgi import asgi_sockets
from chatsession.server.socket.connection import Connection, Place
from chatsession.server.socket.listening import listening_socket
from chatsession.server.socket.picows_protocol import picows_sockets
from chatsession.server.socket.sockets import Sockets


def options_for(kind):
    """No rates, and no bound on connections: the work itself is measured."""
    ws = "websockets-sansio" if kind.endswith("-asgi") else "picows"
    return ServerOptions(ws=ws, frames_per_second=1e9, frames_burst=10**9, connections_max=10**6)


class Echo:
    """Answers each text with itself."""

    def __init__(self, connection: Connection, _: Place) -> None:
        self.connection = connection

    def on_text(self, data):
        self.connection.send(data.encode() if isinstance(data, str) else data)

    def on_binary(self):
        pass

    def on_gone(self):
        pass

    def on_closing(self):
        self.connection.close(1012, "")


async def reference_echo(_, receive, send):
    """The yardstick that our own code cannot make slower."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


async def serve(app, ws, options):
    """Serve until the process is ended."""
    listener = listening_socket("127.0.0.1", 0, options)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            ws=ws,
            ws_max_size=options.frame_bytes_max,
            ws_per_message_deflate=False,
            ws_ping_interval=None,
        )
    )
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    await server.serve(sockets=[listener])


async def serve_met(meet, options):
    """Serve sockets that are met by whomever."""
    ws = picows_sockets(meet, options) if options.ws == "picows" else options.ws
    await serve(asgi_sockets(meet), ws, options)


async def durable(folder, options):
    """The whole server."""
    store = store_at(folder / "chatsession.db")
    await store.open()
    service = make_service(store=store, bots={}, inboxes={"shop": SHOP}, clock=await clock_for(store), config=config())
    await service.start()
    try:
        await serve_met(Sockets(service, options).meet, options)
    finally:
        await service.drain()
        await store.close()


async def main(kind, folder):
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    options = options_for(kind)
    match kind.removesuffix("-asgi"):
        case "echo":
            await serve_met(Echo, options)
        case "reference":
            await serve(reference_echo, "websockets-sansio", options)
        case "prototype":
            await serve_met(Prototype(folder).meet, options)
        case "durable":
            await durable(folder, options)
        case _:
            raise SystemExit(f"no such kind: {kind}")


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], Path(sys.argv[2])))
