"""Whatever comes over the wire is answered by a problem or a close; nobody else notices, and nothing of ours breaks."""

import asyncio
import json
import logging
import os
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatsession.server.socket.asking import ASKS
from chatsession.server.socket.closing import Close
from chatsession.server.socket.conversation import WRONG_MAX

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
FINAL = 0x80
SILENCE, FILL = 0.3, 70_000
"""Where a frame has promised more than was sent, the server waits: this gives it more than any frame may have."""


def framed(opcode, data, *, final=True, rsv=0, masked=True, length=None):
    """A client's frame, byte for byte, also one that is not allowed."""
    first = (FINAL if final else 0) | rsv << 4 | opcode
    size = len(data) if length is None else length
    mask = 0x80 if masked else 0
    if size < 126:
        head = bytes((first, mask | size))
    elif size < 65_536:
        head = bytes((first, mask | 126)) + struct.pack("!H", size)
    else:
        head = bytes((first, mask | 127)) + struct.pack("!Q", size)
    key = os.urandom(4) if masked else b""
    return head + key + (bytes(byte ^ key[place % 4] for place, byte in enumerate(data)) if masked else data)


class Wire:
    """A connection below WebSocket: bytes out, frames in."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, h, session, token):
        reader, writer = await asyncio.open_connection("127.0.0.1", h.port)
        head = (
            f"GET /v1/sessions/{session}/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        writer.write(head.encode())
        await reader.readuntil(b"\r\n\r\n")
        wire = cls(reader, writer)
        wire.send(framed(TEXT, json.dumps({"type": "auth", "token": token, "after": 5}).encode()))
        assert (await wire.next())[1].startswith(b'{"type":"hello"')
        return wire

    def send(self, data):
        if not self.writer.is_closing():
            self.writer.write(data)

    async def next(self):
        """The next frame of the server; None if there is none because it has hung up."""
        try:
            first, second = await self.reader.readexactly(2)
            size = second & 0x7F
            if size == 126:
                (size,) = struct.unpack("!H", await self.reader.readexactly(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", await self.reader.readexactly(8))
            return first & 0xF, await self.reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    async def answers(self):
        """Everything up to the answer to a probe, or to the end; whether there was an end."""
        self.send(framed(TEXT, json.dumps({"type": "command", "command": "keep_open", "client_id": "probe"}).encode()))
        told = []
        asking = asyncio.get_running_loop().call_later(SILENCE, self.send, bytes(FILL))
        while (frame := await self.next()) is not None:
            opcode, data = frame
            if opcode == CLOSE:
                break
            if opcode == TEXT:
                told.append(json.loads(data))
                if told[-1].get("client_id") == "probe":
                    asking.cancel()
                    return told, False
        asking.cancel()
        return told, True

    def close(self):
        self.writer.close()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("client_id", "text", "parts", "thread", "set", "until", "score", "choice", "message", "outcome", "x")
COMMANDS = st.fixed_dictionaries(
    {"type": st.just("command"), "command": st.sampled_from(sorted(ASKS)) | st.text(max_size=12)},
    optional=dict.fromkeys(FIELDS, JSON),
)
OBJECTS = (COMMANDS | st.dictionaries(st.text(), JSON, max_size=5) | JSON).map(
    lambda value: framed(TEXT, json.dumps(value).encode("utf-8", "surrogatepass"))
)
DEEP = st.sampled_from([b"[", b'{"a":', b'{"type":"command","command":"change_context","set":{"a":']).map(
    lambda opening: framed(TEXT, opening * 10_000 if len(opening) < 7 else opening + b"[" * 10_000)
)
FRAMES = st.builds(
    framed,
    st.sampled_from([TEXT, TEXT, BINARY, CONTINUATION, PING, PONG, CLOSE, 3, 11]),
    st.binary(max_size=300),
    final=st.booleans(),
    rsv=st.sampled_from([0, 0, 0, 0, 4, 7]),
    masked=st.sampled_from([True, True, True, False]),
)
LYING = st.builds(
    framed, st.just(TEXT), st.binary(max_size=20), length=st.sampled_from([19, 125, 70_000, 2**31, 2**62])
)
FRAGMENTS = st.lists(st.binary(max_size=40), min_size=2, max_size=6).map(
    lambda parts: b"".join(
        framed(TEXT if place == 0 else CONTINUATION, part, final=place == len(parts) - 1)
        for place, part in enumerate(parts)
    )
)
WIRE = st.lists(OBJECTS | DEEP | FRAMES | LYING | FRAGMENTS | st.binary(max_size=60), min_size=1, max_size=4)


@pytest.fixture
def examples(house):
    """Run one coroutine function for each example, all against one house with one chat in it."""
    with asyncio.Runner() as runner:
        opened = house(*["ok"] * 5_000)
        h = runner.run(opened.__aenter__())
        session, token, _ = runner.run(h.chat())
        yield lambda example: runner.run(asyncio.wait_for(example(h, session, token), 20))
        runner.run(opened.__aexit__(None, None, None))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chunks=WIRE)
def test_whatever_comes_is_answered_by_a_problem_or_a_close(examples, caplog, chunks):
    async def send_all(h, session, token):
        wire = await Wire.open(h, session, token)
        for chunk in chunks:
            wire.send(chunk)
        told, _ = await wire.answers()
        wire.close()
        async with h.talk(session, token, after=5) as other:
            assert other.told[0]["type"] == "hello"
        return told

    told = examples(send_all)

    kinds = {frame["type"] for frame in told}
    assert kinds <= {"problem", "ack", "event", "signal", "beat"}
    assert "internal_error" not in {frame.get("code") for frame in told}
    assert [record for record in caplog.records if _is_ours(record)] == []


def _is_ours(record):
    """Whether an error was logged that is not what uvicorn says of text that is not UTF-8."""
    return record.levelno >= logging.ERROR and "Invalid UTF-8" not in record.getMessage()


async def test_a_frame_that_is_not_understood_is_named_and_the_socket_lives_on(house):
    frames = {
        "no json": ("invalid_request", None),
        "[1, 2]": ("invalid_request", None),
        '{"type": "greeting"}': ("invalid_request", None),
        '{"type": "command", "command": "destroy", "client_id": "c-1"}': ("invalid_request", "c-1"),
        '{"type": "command", "command": "post_message", "client_id": "c-2", "text": 17}': ("invalid_request", "c-2"),
        '{"type": "command", "command": "post_message", "client_id": "c-3", "tekst": "x"}': ("invalid_request", "c-3"),
        '{"type": "command", "command": "post_message", "client_id": "c-4", "text": "\\u0000"}': (
            "invalid_request",
            "c-4",
        ),
        '{"type": "command", "command": "post_message", "client_id": "c-5", "text": "\\ud800x"}': (
            "invalid_request",
            None,
        ),
        '{"type": "signal", "signal": "waving"}': ("invalid_request", None),
        '{"type": "auth", "token": "another"}': ("invalid_request", None),
        '{"type": "command", "command": "change_context", "set": ' + '{"a":' * 5_000: ("invalid_request", None),
        json.dumps({"type": "command", "command": "post_message", "client_id": "c-6", "text": "x" * 20_000}): (
            "too_large",
            "c-6",
        ),
        b"binary": ("invalid_request", None),
    }
    async with house("Hi!", "Yes.") as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            for frame, (code, client_id) in frames.items():
                await ana.send(frame)
                problem = await ana.until("problem")
                assert (problem["code"], problem["client_id"]) == (code, client_id), frame
                assert problem["detail"]
            await ana.say("All is well", "m-1")
            await ana.until("ack", client_id="m-1")


async def test_a_mistake_is_named_with_its_field(house):
    async with house("Hi!") as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            await ana.ask("post_message", tekst="x")
            unknown = await ana.until("problem")
            await ana.ask("give_feedback", score="five")
            wrong = await ana.until("problem")

        assert (unknown["field"], "tekst" in unknown["detail"]) == ("tekst", True)
        assert (wrong["field"], "score" in wrong["detail"]) == ("score", True)


async def test_a_frame_that_is_too_large_closes_the_socket(house):
    async with house("Hi!") as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            await ana.send("x" * 70_000)
            code, _ = await ana.closed()

        assert code == 1009


async def test_fragments_make_one_message_and_too_many_of_them_are_too_large(house):
    async with house("Hi!", "Yes.") as h:
        session, token, _ = await h.chat()
        wire = await Wire.open(h, session, token)
        message = b'{"type":"command","command":"post_message","client_id":"m-1","text":"in pieces"}'
        for place in range(0, len(message), 7):
            opcode = TEXT if place == 0 else CONTINUATION
            wire.send(framed(opcode, message[place : place + 7], final=place + 7 >= len(message)))
            wire.send(framed(PING, b"between"))
        told, is_closed = await wire.answers()
        for _ in range(3):
            wire.send(framed(TEXT if _ == 0 else CONTINUATION, b"x" * 30_000, final=False))
        _, is_closed_now = await wire.answers()
        wire.close()

    assert "m-1" in {frame.get("client_id") for frame in told}
    assert (is_closed, is_closed_now) == (False, True)


async def test_frames_faster_than_the_rate_are_refused_and_the_socket_lives_on(house):
    async with house(*["ok"] * 10, frames_per_second=20, frames_burst=3) as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            for number in range(10):
                await ana.ask("keep_open", client_id=f"c-{number}")
            problem = await ana.until("problem", code="rate_limited")
            await asyncio.sleep(problem["retry_after"])
            await ana.say("Slower now", "m-1")
            await ana.until("ack", client_id="m-1")

        assert problem["retry_after"] >= 1


async def test_whoever_sends_nothing_but_nonsense_is_sent_away(house):
    async with house("Hi!", frames_per_second=10_000, frames_burst=10_000) as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            for _ in range(WRONG_MAX + 5):
                await ana.send("nonsense")
            code, _ = await ana.closed()

        assert code == Close.ABUSE.value.number
        assert Close.ABUSE.value.then == "stop"
