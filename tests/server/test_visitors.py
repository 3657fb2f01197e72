"""Coming in, being known, looking back, logging out, being forgotten."""

import asyncio

import pytest
from server.house import Caller, House, house, problem


async def test_a_visitor_gets_an_id_and_a_token_that_is_not_the_id(served: House):
    answer = await served.nobody.post("/v1/inboxes/shop/visitors")

    visitor = answer.json()
    assert (answer.status_code, visitor["inbox"], visitor["identified"]) == (201, "shop", False)
    assert visitor["id"].startswith("vis_")
    assert visitor["id"] not in visitor["token"]
    assert len(visitor["token"]) >= 43


async def test_two_visitors_are_two(ana: Caller, bea: Caller):
    assert ana.id != bea.id
    assert ana.secret != bea.secret


async def test_an_unknown_inbox_is_not_found(served: House, ana: Caller):
    problem(await served.nobody.post("/v1/inboxes/nowhere/visitors"), 404, "not_found")
    problem(await ana.post("/v1/inboxes/nowhere/sessions", {}), 404, "not_found")


async def test_a_signed_identity_is_the_same_visitor_each_time(served: House):
    first = await served.visitor(jwt=served.signed("customer-7", name="Ana"))
    second = await served.visitor(jwt=served.signed("customer-7"))

    assert first.id == second.id
    assert first.secret != second.secret
    session = await first.open()
    assert (await second.view(session))["id"] == session


@pytest.mark.parametrize(
    "claims", [{"aud": "bank"}, {"exp": 1}, {"exp": 99_999_999_999}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 300}]
)
async def test_an_identity_that_does_not_hold_is_refused(served: House, claims):
    answer = await served.nobody.post("/v1/inboxes/shop/visitors", {"jwt": served.signed("customer-7", **claims)})

    problem(answer, 401, "unauthorized")


async def test_a_signed_identity_works_once(served: House):
    signed = served.signed("customer-7")
    await served.visitor(jwt=signed)

    problem(await served.nobody.post("/v1/inboxes/shop/visitors", {"jwt": signed}), 401, "unauthorized")


async def test_an_inbox_that_requires_identities_lets_nobody_else_in():
    async with house(require_identity=True) as strict:
        problem(await strict.nobody.post("/v1/inboxes/shop/visitors"), 401, "unauthorized")
        assert (await strict.visitor(jwt=strict.signed("customer-7"))).id


@pytest.mark.parametrize("where", ["header", "body"])
async def test_the_current_chat_goes_along_when_a_visitor_signs_in(served: House, where):
    before = await served.visitor()
    session = await before.open("I am not signed in yet.")
    body = {"jwt": served.signed("customer-7"), **({"token": before.secret} if where == "body" else {})}

    answer = await (before if where == "header" else served.nobody).post("/v1/inboxes/shop/visitors", body)

    after = Caller(served.http, answer.json()["token"], answer.json()["id"])
    assert answer.json()["identified"]
    assert (await after.view(session))["visitor"] == after.id
    problem(await before.get(f"/v1/sessions/{session}"), 401, "unauthorized")


async def test_earlier_chats_are_listed_newest_first_and_are_the_callers_own(ana: Caller, bea: Caller):
    first = await ana.open("One")
    await ana.post(f"/v1/sessions/{first}/close")
    second = await ana.open("Two", on_return="new")
    await bea.open("Three")

    sessions = (await ana.get("/v1/visitors/me/sessions")).json()["sessions"]

    assert [session["id"] for session in sessions] == [second, first]
    assert [session["phase"] for session in sessions] == ["open", "archived"]


async def test_after_logging_out_the_token_opens_nothing(ana: Caller):
    session = await ana.open()

    answer = await ana.post("/v1/visitors/me/logout")

    assert (answer.status_code, answer.content) == (204, b"")
    problem(await ana.get(f"/v1/sessions/{session}"), 401, "unauthorized")
    problem(await ana.post("/v1/visitors/me/logout"), 401, "unauthorized")


async def test_an_admin_key_erases_a_visitor_and_nothing_of_them_answers_any_more(served: House, ana: Caller):
    session = await ana.open("My secret is 4711.")
    admin = await served.key()

    receipt = await admin.ask("DELETE", f"/v1/visitors/{ana.id}")

    assert receipt.status_code == 200
    assert receipt.json()["sessions"] == 1
    assert ana.id not in receipt.text
    problem(await ana.get(f"/v1/sessions/{session}"), 401, "unauthorized")
    problem(await admin.get(f"/v1/sessions/{session}"), 404, "not_found")
    problem(await admin.ask("DELETE", f"/v1/visitors/{ana.id}"), 404, "not_found")
    assert (await admin.get("/v1/sessions", params={"q": "4711"})).json()["sessions"] == []


async def test_only_an_admin_key_erases(served: House, ana: Caller, carl: Caller):
    problem(await ana.ask("DELETE", f"/v1/visitors/{ana.id}"), 403, "forbidden")
    problem(await carl.ask("DELETE", f"/v1/visitors/{ana.id}"), 403, "forbidden")


async def test_many_visitors_come_in_at_once(served: House):
    visitors = await asyncio.gather(*(served.visitor() for _ in range(50)))

    assert len({visitor.id for visitor in visitors}) == 50
