"""Leaving in order: followers are sent away first, what runs is finished, nothing acknowledged is lost."""

import asyncio
import json
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from server.house import PATIENCE, Caller, House, house, problem, until

from chatsession.server.app import create_app
from chatsession.server.options import ServerOptions
from chatsession.server.stopping import Stopping
from chatsession.testing.scripted import Held

PROGRAM = Path(__file__).with_name("process.py")
EXIT_SECONDS_MAX = 30


@asynccontextmanager
async def process(data: Path):
    """A server process, and callers of it."""
    server = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), str(data), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    url = (await asyncio.wait_for(server.stdout.readline(), PATIENCE)).decode().strip()
    assert url, (await server.stderr.read()).decode()
    try:
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as http:
            yield server, http
    finally:
        if server.returncode is None:
            server.kill()
        await server.communicate()


async def come_in(http: httpx.AsyncClient) -> Caller:
    visitor = (await http.post("/v1/inboxes/shop/visitors")).json()
    return Caller(http, visitor["token"], visitor["id"])


async def read(answer: httpx.Response, found: dict) -> None:
    """Read a stream to its end."""
    name = "message"
    async for line in answer.aiter_lines():
        key, _, value = line.partition(": ")
        if key == "event":
            name = value
        elif key == "data":
            found.setdefault(name, []).append(json.loads(value))
        elif not line:
            name = "message"


@pytest.mark.slow
async def test_a_server_told_to_stop_sends_followers_away_and_finishes_what_it_owes(tmp_path: Path):
    found: dict = {}
    async with process(tmp_path / "chats.db") as (server, http):
        ana = await come_in(http)
        session = await ana.open("slowly")
        stream = http.stream("GET", f"/v1/sessions/{session}/stream", headers=ana.headers)
        async with stream as answer:
            reading = asyncio.create_task(read(answer, found))
            await until(lambda: any(said["type"] in ("delta", "partial") for said in found.get("signal", ())))

            server.send_signal(signal.SIGTERM)
            await asyncio.wait_for(reading, PATIENCE)
        code = await asyncio.wait_for(server.wait(), EXIT_SECONDS_MAX)
        lines = [json.loads(line) for line in (await server.stderr.read()).splitlines()]

    end = found["end"][-1]
    assert (end["code"], end["reconnect"]) == ("draining", True)
    assert 50 <= end["retry_ms"] <= 150
    assert code == 0
    assert [line for line in lines if line["level"] == "error"] == []
    assert lines[-1]["event"] == "stopped" or lines[-2]["event"] == "stopped"

    seen = [event["seq"] for event in found["message"]]
    async with process(tmp_path / "chats.db") as (_, http):
        again = Caller(http, ana.secret)
        events = await again.events(session)
        said = [event["text"] for event in events if event["type"] == "message_posted"]
    assert said == ["slowly", "Let me see, there it is."]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert seen == list(range(1, len(seen) + 1))


@pytest.mark.slow
async def test_a_second_signal_leaves_at_once_and_loses_nothing_that_was_acknowledged(tmp_path: Path):
    async with process(tmp_path / "chats.db") as (server, http):
        ana = await come_in(http)
        session = await ana.open("never")
        await ana.say(session, "never", client_id="m2")

        server.send_signal(signal.SIGTERM)
        draining = asyncio.create_task(_until_it_drains(server))
        await asyncio.wait_for(draining, PATIENCE)
        server.send_signal(signal.SIGINT)
        code = await asyncio.wait_for(server.wait(), PATIENCE)

    assert code == 1
    async with process(tmp_path / "chats.db") as (_, http):
        again = Caller(http, ana.secret)
        events = await again.events(session)
        assert [event["client_id"] for event in events if event.get("author") == {"kind": "visitor"}] == [None, "m2"]


async def _until_it_drains(server: asyncio.subprocess.Process) -> None:
    while json.loads(await server.stderr.readline())["event"] != "draining":
        pass


async def test_polls_and_streams_are_sent_away_at_once_and_answers_get_their_grace():
    held = Held("One moment")
    found: dict = {}
    async with house(held, options=ServerOptions(turn_grace_seconds=20)) as served:
        ana = await served.visitor()
        session = await ana.open()
        await held.is_reached.wait()
        after = (await ana.view(session))["seq"]
        polling = asyncio.create_task(ana.get(f"/v1/sessions/{session}/events", params={"after": after, "wait": 30}))
        path = f"/v1/sessions/{session}/stream"
        async with served.http.stream("GET", path, headers=ana.headers) as answer:
            reading = asyncio.create_task(read(answer, found))
            await until(lambda: len(served.service.following) == 2)
            leaving = asyncio.create_task(served.leave())

            assert (await asyncio.wait_for(polling, PATIENCE)).json() == {"events": [], "next": None}
            await asyncio.wait_for(reading, PATIENCE)
            held.release()
        await asyncio.wait_for(leaving, PATIENCE)

        assert found["end"][-1]["code"] == "draining"
        stored = await served.service.store.frames(session, 0, 100)
        assert b"One moment" in b"".join(stored)


async def test_while_it_leaves_a_server_says_that_it_is_not_ready(served: House):
    stopping = Stopping()
    app = create_app(served.service, stopping=stopping)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as http:
        assert (await http.get("/readyz")).status_code == 200

        stopping.begin()

        problem(await http.get("/readyz"), 503, "overloaded")
        assert (await http.get("/healthz")).status_code == 200
