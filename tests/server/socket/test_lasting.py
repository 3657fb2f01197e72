"""While a socket is open: beats, gaps that heal, and every end with its code."""

import asyncio

from chatsession.bus import News
from chatsession.buses.local import LocalBus
from chatsession.core.commands import ClaimSession
from chatsession.runtime.principal import Principal
from chatsession.server.socket.closing import Close


class LossyBus(LocalBus):
    """Loses what it is told to lose."""

    def __init__(self):
        super().__init__()
        self.loses = False

    def publish(self, news):
        if not self.loses:
            super().publish(news)


ADMIN = Principal(kind="key", id="backoffice")


async def test_the_beat_says_where_the_session_is(house):
    async with house("Hi!", beat_seconds=0.1) as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            await ana.seqs(5)
            beat = await ana.until("beat")

        assert beat == {"type": "beat", "head": 5}


async def test_what_the_bus_loses_arrives_all_the_same(house):
    bus = LossyBus()
    async with house("Hi!", "Yes.", bus=bus, beat_seconds=0.1) as h:
        session, token, visitor = await h.chat()
        async with h.talk(session, token) as ana:
            await ana.seqs(5)
            bus.loses = True
            await h.stage.say(visitor, session, "Anybody?")
            seqs = await ana.seqs(9)

        assert seqs == list(range(1, 10))


async def test_a_gap_is_seen_with_the_next_news_already(house):
    bus = LossyBus()
    async with house("Hi!", "Yes.", "No.", bus=bus) as h:
        session, token, visitor = await h.chat()
        async with h.talk(session, token) as ana:
            await ana.seqs(5)
            bus.loses = True
            await h.stage.say(visitor, session, "Anybody?")
            while await h.service.store.frames(session, 8, 1) == []:
                await asyncio.sleep(0.01)
            bus.loses = False
            await h.stage.say(visitor, session, "Hello?")
            seqs = await ana.seqs(13)

        assert seqs == list(range(1, 14))


async def test_a_logout_closes_the_sockets_and_nothing_follows(house):
    async with house("Hi!") as h:
        session, token, visitor = await h.chat()
        async with h.talk(session, token) as one, h.talk(session, token) as two:
            await one.seqs(5)
            await h.service.identity.log_out(visitor)
            ends = [await one.closed(), await two.closed()]

        assert {code for code, _ in ends} == {Close.REVOKED.value.number}
        assert one.told[-1]["event"]["seq"] == 5


async def test_a_key_that_is_replaced_closes_its_sockets(house):
    async with house("Hi!", beat_seconds=0.1) as h:
        session, _, _ = await h.chat()
        key = await h.service.identity.new_key("carl", "agent", "Carl")
        async with h.talk(session, key) as carl:
            await h.service.identity.new_key("carl", "agent", "Carl")
            code, _ = await carl.closed()

        assert code == Close.REVOKED.value.number


async def test_a_token_that_is_revoked_while_the_session_is_fetched_does_not_get_in(house):
    async with house("Hi!") as h:
        session, token, visitor = await h.chat()
        h.service.lanes.forget(session)
        async with h.call(session) as ana:
            await ana.send({"type": "auth", "token": token})
            await h.service.identity.log_out(visitor)
            code, _ = await ana.closed()

        assert code in (Close.REVOKED.value.number, Close.UNAUTHORIZED.value.number)


async def test_an_erased_visitors_sockets_are_closed(house):
    async with house("Hi!") as h:
        session, token, visitor = await h.chat()
        async with h.talk(session, token) as ana:
            await h.service.erasing.erase_visitor(ADMIN, visitor.id)
            code, _ = await ana.closed()

        assert code in (Close.ERASED.value.number, Close.REVOKED.value.number)


async def test_whoever_is_sent_away_by_a_drain_is_told_when_to_come_back(house):
    async with house("Hi!", reconnect_ms=1_000, reconnect_spread_ms=4_000) as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as ana:
            h.service.following.end_all("draining")
            code, reason = await ana.closed()

        assert code == Close.DRAINING.value.number
        assert Close.DRAINING.value.then == "reconnect"
        assert reason["code"] == "draining"
        assert 1 <= reason["retry_after"] <= 5


async def test_a_server_that_stops_closes_its_sockets(house):
    async with house("Hi!") as h:
        session, token, _ = await h.chat()
        talk = h.talk(session, token)
        ana = await talk.__aenter__()
    code, _ = await ana.closed()
    await talk.__aexit__(None, None, None)

    assert code in (Close.DRAINING.value.number, 1012)


async def test_a_reader_who_stops_reading_is_dropped_and_told_to_come_back(house):
    bus = LocalBus()
    async with house("Hi!", bus=bus, buffer_bytes_max=64 * 1024, send_buffer_bytes=16 * 1024) as h:
        session, token, _ = await h.chat()
        async with h.talk(session, token) as quick, h.talk(session, token, max_queue=1) as stalled:
            await quick.seqs(5)
            for number in range(400):
                signal = b'{"type":"delta","text":"%d %s"}' % (number, b"x" * 8_000)
                bus.publish(News(session, 0, (signal,)))
                await quick.until("signal")
            code, reason = await stalled.closed()

        assert code == Close.SLOW.value.number
        assert reason["code"] == "slow"
        assert "slow" not in quick.problems()


async def test_a_long_history_is_given_at_the_readers_pace(house):
    async with house("Hi!", buffer_bytes_max=64 * 1024, send_buffer_bytes=16 * 1024) as h:
        session, token, visitor = await h.chat()
        carl = Principal(kind="agent", id="carl", name="Carl")
        await h.service.door.submit(carl, session, ClaimSession(actor=carl.actor))
        for number in range(300):
            await h.stage.say(carl, session, f"{number} " + "x" * 8_000)
        head = (await h.service.door.state(visitor, session)).session.seq

        async with h.talk(session, token, max_queue=1) as ana:
            seqs = await ana.seqs(head)

        assert seqs == list(range(1, head + 1))
