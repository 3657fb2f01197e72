"""kill -9 at any instant: no acknowledged message is missing, none is doubled, and the order has no gaps."""

import asyncio
import random
import sqlite3
from datetime import datetime

import httpx
import pytest

ROUNDS = 50
VISITORS = 8
pytestmark = [pytest.mark.slow, pytest.mark.alone]


class Talker:
    """A visitor who keeps sending and never gives up on a message until it was acknowledged."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.session = ""
        self.acknowledged: dict[str, int] = {}
        self.number = 0

    async def talk(self) -> None:
        """Send until cancelled; what was not acknowledged is sent again under the same client id."""
        while True:
            client_id = f"m{self.number}"
            message = {"text": f"message {self.number}", "client_id": client_id}
            try:
                answer = await self._send(message)
            except httpx.TransportError:
                await asyncio.sleep(0.01)
                continue
            if answer.status_code in (200, 201):
                self.acknowledged[client_id] = answer.json()["seq"]
                self.number += 1
            else:
                assert answer.status_code in (429, 503), answer.text
                await asyncio.sleep(0.05)

    async def _send(self, message: dict) -> httpx.Response:
        if self.session:
            return await self.client.post(f"/v1/sessions/{self.session}/messages", json=message)
        opened = await self.client.post("/v1/inboxes/support/sessions", json={"message": message})
        if opened.is_success:
            self.session = opened.json()["id"]
            return httpx.Response(201, json=opened.json()["message"])
        return opened

    async def events(self) -> list[dict]:
        """The whole list, page by page."""
        events, after = [], 0
        while after is not None:
            page = (await self.client.get(f"/v1/sessions/{self.session}/events?limit=500&after={after}")).json()
            events += page["events"]
            after = page["next"]
        return events


async def test_fifty_kills_under_load_lose_and_double_nothing(process):
    chance = random.Random(7)
    talkers = [Talker(await process.visitor()) for _ in range(VISITORS)]

    for _ in range(ROUNDS):
        talking = [asyncio.create_task(talker.talk()) for talker in talkers]
        await asyncio.sleep(chance.uniform(0.05, 0.4))  # The instant of the kill is the input, not a wait.
        await process.kill()
        for task in talking:
            task.cancel()
        ends = await asyncio.gather(*talking, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends
        await process.start()

    assert sum(len(talker.acknowledged) for talker in talkers) > ROUNDS
    for talker in talkers:
        events = await talker.events()
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        posted = [event for event in events if event["type"] == "message_posted" and event["client_id"]]
        seqs = {event["client_id"]: event["seq"] for event in posted}
        assert len(seqs) == len(posted), "a message is there twice"
        assert talker.acknowledged.items() <= seqs.items()
        await talker.client.aclose()
    await process.stop()
    with sqlite3.connect(process.folder / "data" / "chatsession.db") as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]


async def test_an_answer_that_was_killed_in_the_middle_comes_once_and_is_the_traces(process):
    (process.folder / "hold").touch()
    async with await process.visitor() as ana:
        opened = await ana.post("/v1/inboxes/support/sessions", json={"message": {"text": "Hello"}})
        session = opened.json()["id"]
        async with asyncio.timeout(30), ana.stream("GET", f"/v1/sessions/{session}/stream") as stream:
            async for line in stream.aiter_lines():
                if "Hello " in line:
                    break

        await process.kill()
        (process.folder / "hold").unlink()
        await process.start()

        async def answers() -> list[dict]:
            events = (await ana.get(f"/v1/sessions/{session}/events")).json()["events"]
            return [event for event in events if event["type"] == "message_posted" and event["author"]["kind"] == "bot"]

        async with asyncio.timeout(60):
            while not (found := await answers()):
                await asyncio.sleep(0.05)
        head = (await ana.get(f"/v1/sessions/{session}")).json()["seq"]
        later = (await ana.get(f"/v1/sessions/{session}/events?after={head}&wait=2")).json()["events"]
    async with process.client(process.admin_key) as admin:
        traces = (await admin.get(f"/v1/sessions/{session}/traces")).json()["traces"]

    assert len(found) == 1
    assert "attempt 2" in found[0]["text"]
    assert [event for event in later if event["type"] == "message_posted"] == []
    assert found[0]["text"].encode() == traces[-1]["text"].encode()


SHORT = 'idle_timeout = "3s"\nwarn_before = "2s"\nresume_window = "1h"'


@pytest.mark.parametrize("process", [SHORT], indirect=True)
async def test_a_session_that_fell_due_while_nobody_served_is_warned_before_it_closes(process):
    async with await process.visitor() as ana:
        opened = await ana.post("/v1/inboxes/support/sessions", json={"message": {"text": "Hello"}})
        session = opened.json()["id"]
        async with asyncio.timeout(30):
            while (await ana.get(f"/v1/sessions/{session}")).json()["waiting_on"] != "visitor":
                await asyncio.sleep(0.01)
        await process.kill()
        await asyncio.sleep(4)  # The outage: longer than both deadlines.

        await process.start()
        async with asyncio.timeout(60):
            while (state := (await ana.get(f"/v1/sessions/{session}")).json())["phase"] == "open":
                await asyncio.sleep(0.05)
        events = (await ana.get(f"/v1/sessions/{session}/events")).json()["events"]

    warned = [event for event in events if event["type"] == "session_warned"]
    closed = next(event for event in events if event["type"] == "session_closed")
    assert state["close_reason"] == "timeout"
    assert warned
    assert closed["at"] >= warned[-1]["closes_at"]
    assert _seconds(closed["at"]) - _seconds(warned[-1]["at"]) >= 2


def _seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()


async def test_sigterm_ends_in_order_and_the_next_process_goes_on(process):
    async with await process.visitor() as ana:
        opened = await ana.post("/v1/inboxes/support/sessions", json={"message": {"text": "Hello"}})
        session = opened.json()["id"]

        code = await process.stop()
        await process.start()
        again = await ana.post(f"/v1/sessions/{session}/messages", json={"text": "Still there?", "client_id": "c2"})

    assert code == 0
    assert again.status_code == 201
