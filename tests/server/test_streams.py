"""Server-Sent Events: the list as it grows, taken up where it was left, ended in words, and cut for who is too slow."""

import asyncio

import pytest
from server.house import Caller, House, house, problem, until
from server.reader import reading

from chatsession.server.options import ServerOptions
from chatsession.testing.scripted import Held


async def test_a_stream_brings_what_was_and_then_what_comes(served: House, ana: Caller):
    session = await ana.open("Hello")
    async with reading(ana, session) as stream:
        name, hello = await stream.next()
        assert (name, hello["epoch"], hello["durability"]) == ("hello", served.service.epoch, "none")
        await stream.until("message", type="message_posted", text="Hello")
        await stream.until("message", type="turn_answered")

        await ana.say(session, "Thank you")

        await stream.until("message", type="message_posted", text="Thank you")
        await stream.until("message", type="turn_answered", turn=2)
        assert stream.ids == list(range(1, len(stream.ids) + 1))
        assert stream.retries == [1_000]


async def test_a_stream_is_taken_up_where_it_was_left(ana: Caller):
    session = await ana.open("Hello")
    await ana.say(session, "More")
    events = await ana.events(session)

    for where in ({"after": 3}, {"headers": {"Last-Event-ID": "3"}}, {"after": 1, "headers": {"Last-Event-ID": "3"}}):
        async with reading(ana, session, **where) as stream:
            await stream.next()
            assert [(await stream.next())[1] for _ in events[3:]] == events[3:]
            assert stream.ids == [event["seq"] for event in events[3:]]


@pytest.mark.parametrize("position", ["-1", "x", "1.5", "9" * 40, "٣"])
async def test_a_position_that_is_none_is_refused(ana: Caller, position: str):
    session = await ana.open()

    answer = await ana.get(f"/v1/sessions/{session}/stream", headers={"Last-Event-ID": position.encode()})

    problem(answer, 422, "invalid_request")


async def test_an_answer_is_seen_as_it_is_written_and_by_a_newcomer_too():
    held = Held("It takes ", "two days.")
    async with house(held) as served:
        ana = await served.visitor()
        session = await ana.open(None)
        async with reading(ana, session) as stream:
            await ana.say(session, "How long?")
            delta = await stream.until("signal", type="delta")
            await held.is_reached.wait()
            async with reading(ana, session) as late:
                partial = await late.until("signal", type="partial")
                held.release()
                await late.until("message", type="message_posted", text="It takes two days.")
            await stream.until("message", type="message_posted", text="It takes two days.")

    assert "It takes two days.".startswith(delta["text"])
    assert partial["text"] == "It takes two days."


async def test_typing_is_a_signal_without_an_id(ana: Caller, carl: Caller):
    session = await ana.open()
    async with reading(ana, session) as stream:
        await carl.post(f"/v1/sessions/{session}/typing")

        typing = await stream.until("signal", type="typing")

    assert typing["by"] == "agent"


async def test_a_stream_can_be_opened_with_a_ticket_once(served: House, ana: Caller, bea: Caller):
    session = await ana.open()
    answer = await ana.post("/v1/tickets", {"session": session})
    ticket = answer.json()["ticket"]

    async with reading(served.nobody, session, ticket=ticket) as stream:
        await stream.until("message", type="session_opened")

    assert (answer.status_code, answer.json()["expires_in"]) == (201, 30)
    problem(await served.nobody.get(f"/v1/sessions/{session}/stream", params={"ticket": ticket}), 401, "unauthorized")
    problem(await bea.post("/v1/tickets", {"session": session}), 404, "not_found")


async def test_asking_for_the_head_of_a_stream_spends_no_ticket_and_takes_no_place(ana: Caller, served: House):
    session = await ana.open()
    path = f"/v1/sessions/{session}/stream"
    ticket = (await ana.post("/v1/tickets", {"session": session})).json()["ticket"]

    with_ticket = await served.nobody.ask("HEAD", path, params={"ticket": ticket})
    with_token = await ana.ask("HEAD", path)

    assert (with_ticket.status_code, with_token.status_code) == (401, 200)
    assert with_token.headers["content-type"].startswith("text/event-stream")
    assert len(served.service.following) == 0
    async with reading(served.nobody, session, ticket=ticket) as stream:
        await stream.until("message", type="message_posted", text="Hello")


async def test_a_ticket_is_over_after_half_a_minute_and_holds_for_its_session_alone(served: House, ana: Caller):
    session = await ana.open()
    old, other = [(await ana.post("/v1/tickets", {"session": session})).json()["ticket"] for _ in range(2)]

    problem(await served.nobody.get("/v1/sessions/ses_x/stream", params={"ticket": other}), 401, "unauthorized")
    await served.clock.advance("31s")
    problem(await served.nobody.get(f"/v1/sessions/{session}/stream", params={"ticket": old}), 401, "unauthorized")


async def test_a_missed_piece_of_news_is_repaired(served: House, ana: Caller):
    session = await ana.open(None)
    async with reading(ana, session) as stream:
        await stream.until("message", type="session_opened")
        bus = served.service.door._bus
        publish, bus.publish = bus.publish, lambda news: None
        await ana.say(session, "Lost on the way")
        bus.publish = publish

        await ana.say(session, "Arrives")

        await stream.until("message", text="Arrives")
        assert stream.ids == list(range(1, len(stream.ids) + 1))


async def test_a_beat_says_where_the_head_is_and_repairs_what_nobody_else_told():
    async with house(options=ServerOptions(beat_seconds=0.1, turn_grace_seconds=0)) as served:
        ana = await served.visitor("bank")
        session = await ana.open(None, inbox="bank")
        async with reading(ana, session) as stream:
            await stream.until("message", type="session_opened")
            bus = served.service.door._bus
            publish, bus.publish = bus.publish, lambda news: None
            await ana.say(session, "Lost on the way")
            bus.publish = publish

            await stream.until("message", text="Lost on the way")

        assert stream.comments[-1].startswith("head ")


async def test_logging_out_ends_the_stream_for_good(ana: Caller):
    session = await ana.open()
    async with reading(ana, session) as stream:
        await stream.until("message", type="session_opened")

        await ana.post("/v1/visitors/me/logout")

        end = await asyncio.wait_for(stream.until("end"), 5)
        assert (end["code"], end["reconnect"]) == ("revoked", False)
        assert (await stream.next())[0] == "closed"


async def test_an_erasure_ends_the_stream_for_good(ana: Caller, admin: Caller):
    session = await ana.open()
    async with reading(ana, session) as stream, reading(admin, session) as watched:
        await stream.until("message", type="session_opened")
        await watched.until("message", type="session_opened")

        await admin.ask("DELETE", f"/v1/visitors/{ana.id}")

        for each in (stream, watched):
            end = await asyncio.wait_for(each.until("end"), 5)
            assert (end["code"], end["reconnect"]) == ("erased", False)


async def test_a_revoked_key_ends_its_streams(served: House, ana: Caller):
    session = await ana.open()
    key = await served.key("agent", name="eve")
    async with reading(key, session) as stream:
        await stream.until("message", type="session_opened")

        await served.key("agent", name="eve")

        assert (await stream.until("end"))["code"] == "revoked"


async def test_so_many_streams_are_open_for_one_visitor_and_no_more():
    async with house(
        options=ServerOptions(connections_per_visitor_max=1, connections_max=2, turn_grace_seconds=0)
    ) as one:
        ana, bea, cleo = [await one.visitor() for _ in range(3)]
        sessions = [await visitor.open(None) for visitor in (ana, bea, cleo)]
        async with reading(ana, sessions[0]) as first:
            await first.next()
            problem(await ana.get(f"/v1/sessions/{sessions[0]}/stream"), 429, "rate_limited")
            async with reading(bea, sessions[1]) as second:
                await second.next()
                problem(await cleo.get(f"/v1/sessions/{sessions[2]}/stream"), 503, "overloaded")
        await until(lambda: not len(one.service.following))

        async with reading(cleo, sessions[2]) as again:
            assert (await again.next())[0] == "hello"


async def test_who_leaves_is_forgotten(served: House, ana: Caller):
    session = await ana.open()
    async with reading(ana, session) as stream:
        await stream.next()
        await until(lambda: len(served.service.following))

    await until(lambda: not len(served.service.following))
