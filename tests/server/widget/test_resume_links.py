"""A chat goes on elsewhere: with a secret that works once, for a short time, for nobody but its bearer."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace
from server.house import POLICY, Caller, House, house, problem

from chatsession.runtime.config import RuntimeConfig

VISITORS = "/v1/inboxes/shop/visitors"


async def link(caller: Caller, session: str) -> dict:
    answer = await caller.post(f"/v1/sessions/{session}/resume-link")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_the_same_visitor_goes_on_on_another_device(served: House, ana: Caller):
    session = await ana.open("Hello")
    made = await link(ana, session)

    answer = await served.nobody.post(VISITORS, {"resume": made["token"]})
    there = Caller(served.http, answer.json()["token"], answer.json()["id"])

    assert made["expires_in"] == 900
    assert (answer.status_code, there.id, answer.json()["session"]) == (201, ana.id, session)
    assert there.secret != ana.secret
    assert (await there.events(session))[1]["text"] == "Hello"
    assert await there.open("I am here now") == session
    assert (await ana.say(session, "And still here")).status_code == 201


async def test_a_link_works_once_however_many_try(served: House, ana: Caller):
    made = await link(ana, await ana.open())

    answers = await asyncio.gather(*(served.nobody.post(VISITORS, {"resume": made["token"]}) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401, 401]


async def test_a_link_does_not_wait_for_ever(ana: Caller, served: House):
    made = await link(ana, await ana.open())

    await served.clock.advance("16m")

    problem(await served.nobody.post(VISITORS, {"resume": made["token"]}), 401, "unauthorized")


async def test_a_link_never_outlives_the_chance_to_resume():
    policy = replace(POLICY, resume_window=timedelta(minutes=5))
    async with house("Hi", policy=policy) as one:
        ana = await one.visitor()
        session = await ana.open()
        while_open = (await link(ana, session))["expires_in"]
        await ana.post(f"/v1/sessions/{session}/close")
        await one.clock.advance("3m")

        while_closed = (await link(ana, session))["expires_in"]
        await one.clock.advance("3m")

        assert (while_open, while_closed) == (300, 120)
        problem(await ana.post(f"/v1/sessions/{session}/resume-link"), 409, "session_archived")


async def test_where_chats_are_resumable_for_ever_a_link_still_is_short():
    async with house("Hi", policy=replace(POLICY, resume_window=None)) as one:
        ana = await one.visitor()
        session = await ana.open()
        await ana.post(f"/v1/sessions/{session}/close")

        assert (await link(ana, session))["expires_in"] == 900


async def test_where_nothing_is_resumed_there_is_no_link():
    async with house("Hi", policy=replace(POLICY, resume_window=timedelta(0))) as one:
        ana = await one.visitor()

        problem(await ana.post(f"/v1/sessions/{await ana.open()}/resume-link"), 409, "wrong_state")


async def test_how_long_a_link_waits_can_be_set():
    async with house("Hi", config=RuntimeConfig(resume_link_lifetime=timedelta(seconds=30))) as one:
        ana = await one.visitor()

        assert (await link(ana, await ana.open()))["expires_in"] == 30


@pytest.mark.parametrize("role", ["agent", "admin", "bot"])
async def test_only_the_visitor_takes_a_chat_elsewhere(served: House, ana: Caller, role: str):
    staff = await served.key(role, name=role)

    problem(await staff.post(f"/v1/sessions/{await ana.open()}/resume-link"), 403, "forbidden")


async def test_a_link_is_for_its_inbox_alone(served: House, ana: Caller):
    made = await link(ana, await ana.open())

    problem(await served.nobody.post("/v1/inboxes/bank/visitors", {"resume": made["token"]}), 401, "unauthorized")


async def test_a_link_ends_when_its_visitor_logs_out_or_is_erased(served: House, ana: Caller, bea: Caller, admin):
    links = [await link(who, await who.open()) for who in (ana, bea)]

    await ana.post("/v1/visitors/me/logout")
    await admin.ask("DELETE", f"/v1/visitors/{bea.id}")

    for made in links:
        problem(await served.nobody.post(VISITORS, {"resume": made["token"]}), 401, "unauthorized")


async def test_a_ticket_for_a_stream_lets_nobody_in_and_a_link_opens_no_stream(served: House, ana: Caller):
    session = await ana.open()
    ticket = (await ana.post("/v1/tickets", {"session": session})).json()["ticket"]
    made = await link(ana, session)

    problem(await served.nobody.post(VISITORS, {"resume": ticket}), 401, "unauthorized")
    stream = await served.nobody.get(f"/v1/sessions/{session}/stream", params={"ticket": made["token"]})
    problem(stream, 401, "unauthorized")


@pytest.mark.parametrize("more", [{"jwt": "x"}, {"token": "x"}])
async def test_a_link_says_who_comes_and_nothing_else_does(served: House, more: dict):
    refused = problem(await served.nobody.post(VISITORS, {"resume": "x", **more}), 422, "invalid_request")

    assert refused["field"] == "resume"


@pytest.mark.parametrize("token", ["", "x" * 43, "key_" + "x" * 43, "\u00e9"])
async def test_what_is_no_link_lets_nobody_in(served: House, token: str):
    problem(await served.nobody.post(VISITORS, {"resume": token}), 401, "unauthorized")


async def test_an_identified_visitor_stays_identified(served: House):
    ana = await served.visitor(jwt=served.signed("customer-1", name="Ana"))
    made = await link(ana, await ana.open())

    answer = (await served.nobody.post(VISITORS, {"resume": made["token"]})).json()

    assert (answer["id"], answer["identified"], answer["name"]) == (ana.id, True, "Ana")
