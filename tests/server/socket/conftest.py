"""A real uvicorn in front of the real service, over each maker of connections, and clients that really connect."""

import asyncio
import contextlib
import json
from contextlib import asynccontextmanager

import pytest
import uvicorn
from stage import stage
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from chatsession.server.options import ServerOptions
from chatsession.server.socket.asgi import socket_app
from chatsession.server.socket.listening import listening_socket
from chatsession.server.socket.uvicorn_settings import uvicorn_settings
from chatsession.testing.scripted import Held

PATIENCE = 20
"""Seconds after which a test that still waits has failed; nothing here is measured."""


class Caller:
    """A client: it sends frames, and remembers all it was told."""

    def __init__(self, socket):
        self.socket = socket
        self.told = []

    async def send(self, frame):
        await self.socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def auth(self, token, *, after=0, **more):
        """Say who is there, and wait for the hello."""
        await self.send({"type": "auth", "token": token, "after": after, **more})
        return await self.until("hello")

    async def ask(self, command, **fields):
        await self.send({"type": "command", "command": command, **fields})

    async def say(self, text, client_id=None):
        await self.ask("post_message", text=text, **({"client_id": client_id} if client_id else {}))

    async def next(self):
        """The next frame, whatever it is."""
        frame = json.loads(await self.socket.recv())
        self.told.append(frame)
        return frame

    async def until(self, kind, **fields):
        """Read up to the first frame of this type, with these fields in it (or in its event or signal)."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = await self.next()
                if frame["type"] == kind and _has(frame, fields):
                    return frame

    async def seqs(self, last):
        """Read until the event with this seq; the seqs of all events so far."""
        await self.until("event", seq=last)
        return [frame["event"]["seq"] for frame in self.told if frame["type"] == "event"]

    async def closed(self):
        """Read to the end: the close code, and the reason (JSON where the code is ours)."""
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionClosed):
                while True:
                    self.told.append(json.loads(await self.socket.recv()))
            await self.socket.wait_closed()
        reason = self.socket.close_reason
        code = self.socket.close_code
        return code, json.loads(reason) if code >= 4_000 else reason

    def problems(self):
        return [frame["code"] for frame in self.told if frame["type"] == "problem"]


def _has(frame, fields):
    inner = {**frame, **frame.get("event", {}), **frame.get("signal", {})}
    return all(inner.get(name) == value for name, value in fields.items())


class House:
    """A stage that is open to the network."""

    def __init__(self, on_stage, port):
        self.stage = on_stage
        self.service = on_stage.service
        self.clock = on_stage.clock
        self.port = port

    async def visitor(self, inbox="shop"):
        """A new visitor: who it is, and the token."""
        grant = await self.service.identity.new_visitor(inbox)
        return await self.service.identity.of_token(grant.token), grant.token

    async def chat(self, text="Hello", **more):
        """A new visitor with an open session: session id, token and principal."""
        principal, token = await self.visitor()
        opened = await self.stage.open(principal, text, **more)
        return opened.session.id, token, principal

    def address(self, session):
        return f"ws://127.0.0.1:{self.port}/v1/sessions/{session}/socket"

    @asynccontextmanager
    async def call(self, session, **more):
        """A socket that has not said anything yet."""
        # Frames that nobody reads would keep the client from hearing the answer to its goodbye.
        settings = {"compression": None, "open_timeout": PATIENCE, "max_queue": None, **more}
        async with connect(self.address(session), **settings) as socket:
            yield Caller(socket)

    @asynccontextmanager
    async def talk(self, session, token, *, after=0, **more):
        """A socket whose owner has been let in."""
        async with self.call(session, **more) as caller:
            await caller.auth(token, after=after)
            yield caller


@asynccontextmanager
async def serving(service, options):
    """Serve on a free port; stop as a signal would."""
    listener = listening_socket("127.0.0.1", 0, options)
    config = uvicorn.Config(
        socket_app(service, options), lifespan="off", log_config=None, **uvicorn_settings(service, options)
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await running


@pytest.fixture(params=["websockets-sansio", "picows"])
def maker(request):
    """Who carries the sockets."""
    return request.param


@pytest.fixture
def house(maker):
    """Open a house: `async with house("the bot's answer", beat_seconds=0.2) as h`."""

    @asynccontextmanager
    async def open_house(*steps, config=None, policy=None, store=None, clock=None, bus=None, inbox=None, **options):
        more = {"config": config, "policy": policy, "store": store, "clock": clock, "bus": bus, **(inbox or {})}
        async with (
            stage(*steps, **more) as on_stage,
            serving(on_stage.service, ServerOptions(ws=maker, **options)) as port,
        ):
            yield House(on_stage, port)

    return open_house


@pytest.fixture
def held():
    """An answer that is said, and then held back until it is released."""
    return Held
