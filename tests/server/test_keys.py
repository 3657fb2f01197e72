"""API keys over HTTP: who may list, make and revoke them, how far they reach, and when they stop."""

import pytest
from server.house import Caller, House, problem
from server.reader import reading

DORA = {"role": "agent", "name": "Dora Novak", "inboxes": ["shop"]}


async def test_a_key_is_shown_once_and_listed_by_how_it_ends(served: House, admin: Caller):
    made = (await admin.post("/v1/keys", {**DORA, "id": "shown"})).json()

    listed = (await admin.get("/v1/keys")).json()["keys"]

    assert made["secret"].startswith("key_")
    assert made["key"] == {
        **DORA,
        "id": "shown",
        "created_at": made["key"]["created_at"],
        "ending": made["secret"][-4:],
    }
    assert made["key"] in listed
    assert [key["id"] for key in listed] == sorted(key["id"] for key in listed)
    assert made["secret"] not in (await admin.get("/v1/keys")).text
    dora = Caller(served.http, made["secret"])
    assert (await dora.get("/v1/sessions")).status_code == 200


async def test_a_revoked_key_opens_nothing_and_its_streams_end(served: House, admin: Caller, ana: Caller):
    session = await ana.open()
    dora = Caller(served.http, (await admin.post("/v1/keys", {**DORA, "id": "revoked"})).json()["secret"])
    async with reading(dora, session) as stream:
        await stream.until("message", type="message_posted", text="Hello")

        answer = await admin.ask("DELETE", "/v1/keys/revoked")

        end = await stream.until("end")
    assert answer.status_code == 204
    assert (end["code"], end["reconnect"]) == ("revoked", False)
    problem(await dora.get("/v1/sessions"), 401, "unauthorized")
    problem(await admin.ask("DELETE", "/v1/keys/revoked"), 404, "not_found")


async def test_a_key_whose_id_is_taken_is_replaced_only_if_that_is_asked_for(served: House, admin: Caller):
    old = Caller(served.http, (await admin.post("/v1/keys", {**DORA, "id": "taken"})).json()["secret"])

    problem(await admin.post("/v1/keys", {**DORA, "id": "taken"}), 409, "key_exists")
    before = (await old.get("/v1/sessions")).status_code
    new = Caller(served.http, (await admin.post("/v1/keys", {**DORA, "id": "taken", "replace": True})).json()["secret"])

    assert before == 200
    problem(await old.get("/v1/sessions"), 401, "unauthorized")
    assert (await new.get("/v1/sessions")).status_code == 200


async def test_a_key_of_one_inbox_knows_and_gives_no_more_than_that(served: House, admin: Caller):
    banker = await served.key("admin", name="banker", inboxes=("bank",))
    await admin.post("/v1/keys", {**DORA, "id": "bounds"})

    listed = [key["id"] for key in (await banker.get("/v1/keys")).json()["keys"]]

    assert listed == ["banker"]
    problem(await banker.ask("DELETE", "/v1/keys/bounds"), 404, "not_found")
    problem(await banker.post("/v1/keys", {**DORA, "id": "bounds", "replace": True}), 403, "forbidden")
    problem(await banker.post("/v1/keys", {"id": "clerk", "role": "admin"}), 403, "forbidden")
    problem(
        await banker.post("/v1/keys", {**DORA, "id": "bounds", "inboxes": ["bank"], "replace": True}), 409, "key_exists"
    )
    assert (await banker.post("/v1/keys", {**DORA, "id": "clerk", "inboxes": ["bank"]})).status_code == 201


@pytest.mark.parametrize(
    "wrong", [{"id": "Carl Bauer"}, {"id": ""}, {"inboxes": ["nowhere"]}, {"inboxes": []}, {"role": "boss"}]
)
async def test_a_key_that_makes_no_sense_is_refused(admin: Caller, wrong: dict):
    answer = await admin.post("/v1/keys", {**DORA, "id": "wrong", **wrong})

    problem(answer, 422, "invalid_request")


async def test_keys_are_for_admin_keys_alone(ana: Caller, carl: Caller):
    for caller in (ana, carl):
        problem(await caller.get("/v1/keys"), 403, "forbidden")
        problem(await caller.post("/v1/keys", {"id": "eve", "role": "admin"}), 403, "forbidden")
        problem(await caller.ask("DELETE", "/v1/keys/admin"), 403, "forbidden")
