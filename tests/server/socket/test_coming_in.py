"""Who may have a socket: credentials in the first frame, the right page, the right session, not too many."""

import asyncio

import pytest
from websockets.exceptions import InvalidStatus

from chatsession.server.socket.closing import Close


async def test_whoever_says_nothing_is_sent_away(house):
    async with house(auth_seconds_max=0.2) as h:
        session, _, _ = await h.chat()
        async with h.call(session) as caller:
            code, _ = await caller.closed()

        assert code == Close.UNAUTHORIZED.value.number
        assert caller.problems() == ["unauthorized"]


@pytest.mark.parametrize(
    "first",
    [
        "hello",
        "{}",
        '{"type": "command", "command": "keep_open"}',
        '{"type": "auth"}',
        '{"type": "auth", "token": "a", "ticket": "b"}',
        '{"type": "auth", "token": 17}',
        '{"type": "auth", "token": "nobody\'s"}',
        '{"type": "auth", "token": "key_nobodys"}',
        '{"type": "auth", "token": "' + "x" * 1_000 + '"}',
        '{"type": "auth", "token": "nobody\'s", "after": -1}',
        '{"type": "auth", "token": "nobody\'s", "admin": true}',
        '{"type": "auth", "token": ' + "[" * 20_000,
    ],
)
async def test_whoever_does_not_say_who_they_are_is_sent_away(house, first):
    async with house() as h:
        session, _, _ = await h.chat()
        async with h.call(session) as caller:
            await caller.send(first)
            code, _ = await caller.closed()

        assert code == Close.UNAUTHORIZED.value.number
        assert caller.problems() == ["unauthorized"]


async def test_a_token_in_the_address_says_nothing(house):
    async with house(auth_seconds_max=0.2) as h:
        session, token, _ = await h.chat()
        async with h.call(f"{session}/socket?token={token}&x=".removesuffix("/socket")) as caller:
            code, _ = await caller.closed()

        assert code == Close.UNAUTHORIZED.value.number


async def test_somebody_elses_session_is_answered_like_one_that_does_not_exist(house):
    async with house() as h:
        theirs, _, _ = await h.chat()
        _, token = await h.visitor()

        answers = []
        for session in (theirs, "ses_nobodys"):
            async with h.call(session) as caller:
                await caller.send({"type": "auth", "token": token})
                answers.append((await caller.closed(), caller.told))

        assert answers[0] == answers[1]
        assert answers[0][0][0] == Close.NOT_FOUND.value.number


async def test_an_address_without_a_session_is_no_socket(house):
    async with house() as h:
        with pytest.raises(InvalidStatus) as refused:
            async with h.call("a/b/c"):
                pass

        assert refused.value.response.status_code in (403, 404)


async def test_a_ticket_lets_in_once(house):
    async with house("Hi!") as h:
        session, _, visitor = await h.chat()
        ticket = await h.service.identity.new_ticket(visitor, session)

        async with h.call(session) as first:
            await first.send({"type": "auth", "ticket": ticket})
            await first.until("hello")
            async with h.call(session) as second:
                await second.send({"type": "auth", "ticket": ticket})
                code, _ = await second.closed()

        assert code == Close.UNAUTHORIZED.value.number


async def test_a_ticket_is_for_the_session_it_was_made_for(house):
    async with house("Hi!", "Hi!") as h:
        session, _, visitor = await h.chat()
        other, _, _ = await h.chat()
        ticket = await h.service.identity.new_ticket(visitor, session)

        async with h.call(other) as caller:
            await caller.send({"type": "auth", "ticket": ticket})
            code, _ = await caller.closed()

        assert code == Close.UNAUTHORIZED.value.number


async def test_only_the_inboxs_pages_may_open_sockets_from_a_browser(house):
    async with house(*["Hi!"] * 4, inbox={"origins": ("https://shop.example",)}) as h:
        session, token, _ = await h.chat()
        for origin in ("https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null"):
            async with h.call(session, origin=origin) as caller:
                await caller.send({"type": "auth", "token": token})
                code, _ = await caller.closed()
                assert (code, caller.problems()) == (Close.FORBIDDEN.value.number, ["forbidden"])
        for origin in ("https://shop.example", None):
            async with h.talk(session, token, origin=origin) as caller:
                assert caller.told[0]["type"] == "hello"


async def test_whoever_comes_back_gets_exactly_what_is_missing(house):
    async with house("one", "two") as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            await ana.seqs(5)
        principal = await h.service.identity.of_token(token)
        await h.stage.say(principal, session, "while away")

        async with h.talk(session, token, after=5) as ana:
            seqs = await ana.seqs(9)

        assert seqs == [6, 7, 8, 9]


async def test_a_position_ahead_of_the_session_is_not_believed(house):
    async with house("Hi!") as h:
        session, token, _ = await h.chat()
        async with h.call(session) as caller:
            await caller.send({"type": "auth", "token": token, "after": 4_711})
            code, reason = await caller.closed()

        assert code == Close.RESYNC.value.number
        assert reason["code"] == "resync"
        assert caller.problems() == ["resync"]
        assert [frame for frame in caller.told if frame["type"] == "event"] == []


async def test_a_position_of_another_store_is_not_believed(house):
    async with house("Hi!") as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as caller:
            epoch = caller.told[0]["epoch"]
        async with h.call(session) as caller:
            await caller.auth(token, after=2, epoch=epoch)
        async with h.call(session) as caller:
            await caller.send({"type": "auth", "token": token, "after": 2, "epoch": "of-another-time"})
            code, _ = await caller.closed()

        assert code == Close.RESYNC.value.number


async def test_a_visitor_has_so_many_sockets_and_no_more(house):
    async with house("Hi!", connections_per_visitor_max=2) as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token):
            async with h.talk(session, token), h.call(session) as third:
                await third.send({"type": "auth", "token": token})
                code, _ = await third.closed()
            async with asyncio.timeout(10):
                while True:
                    async with h.call(session) as again:
                        await again.send({"type": "auth", "token": token})
                        if (await again.next())["type"] == "hello":
                            break

        assert code == Close.TOO_MANY.value.number


async def test_a_server_takes_so_many_sockets_and_sends_the_next_elsewhere(house):
    async with house("Hi!", connections_max=1) as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token), h.call(session) as second:
            code, reason = await second.closed()

        assert code == Close.FULL.value.number
        assert reason["retry_after"] >= 1


async def test_a_browser_that_asks_for_more_than_the_upgrade_is_understood(house):
    async with house() as h:
        session, _, _ = await h.chat()
        reader, writer = await asyncio.open_connection("127.0.0.1", h.port)
        head = (
            f"GET /v1/sessions/{session}/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive, Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
        )
        writer.write(head.encode())

        answer = await reader.readuntil(b"\r\n\r\n")

        writer.close()
        await writer.wait_closed()
        assert answer.startswith(b"HTTP/1.1 101 ")
        assert b"permessage-deflate" not in answer
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in answer


async def test_who_did_not_get_in_leaves_nothing_behind(house):
    async with house(auth_seconds_max=0.2) as h:
        session, _, _ = await h.chat()
        for _ in range(5):
            async with h.call(session) as caller:
                await caller.closed()

        assert len(h.service.following) == 0
