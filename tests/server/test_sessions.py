"""Opening, going on, coming back, reading, listing."""

import asyncio

import pytest
from msgspec.structs import replace
from server.house import POLICY, Caller, House, house, problem


async def test_the_first_message_opens_a_session(served: House, ana: Caller):
    answer = await ana.post(
        "/v1/inboxes/shop/sessions", {"client_id": "o1", "message": {"text": "Hello", "client_id": "m1"}}
    )

    session = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/sessions/{session['id']}"
    assert (session["how"], session["phase"], session["period"], session["floor"]) == ("opened", "open", 1, "bot")
    assert session["message"]["seq"] == 2
    assert session["message"]["id"].startswith("msg_")
    assert {"closes_at", "closes_because", "warned_at", "extendable", "closed_at", "close_reason", "resumable_until",
            "previous", "outcome", "context", "metadata", "allowed", "server_time", "waiting_on", "opened_at"} <= set(
        session
    )  # fmt: skip


async def test_a_session_opens_without_a_body_at_all(ana: Caller):
    answer = await ana.post("/v1/inboxes/shop/sessions")

    assert (answer.status_code, answer.json()["message"]) == (201, None)


async def test_an_open_session_goes_on(ana: Caller):
    session = await ana.open("Hello")

    answer = await ana.post("/v1/inboxes/shop/sessions", {"message": {"text": "Me again."}})

    assert (answer.status_code, answer.json()["id"], answer.json()["how"]) == (200, session, "continued")


async def test_a_closed_session_is_resumed_with_its_history(ana: Caller):
    session = await ana.open("Hello")
    await ana.post(f"/v1/sessions/{session}/close")
    before = await ana.events(session)

    answer = await ana.post("/v1/inboxes/shop/sessions", {"message": {"text": "Me again."}})

    assert (answer.status_code, answer.json()["id"], answer.json()["how"]) == (200, session, "resumed")
    assert answer.json()["period"] == 2
    assert (await ana.events(session))[: len(before)] == before


async def test_a_visitor_who_wants_to_starts_anew(ana: Caller):
    first = await ana.open("Hello")
    await ana.post(f"/v1/sessions/{first}/close")

    answer = await ana.post("/v1/inboxes/shop/sessions", {"on_return": "new", "message": {"text": "Something else."}})

    assert (answer.status_code, answer.json()["previous"]) == (201, first)
    problem(await ana.post(f"/v1/sessions/{first}/resume"), 409, "session_archived")


async def test_the_same_opening_again_leads_to_the_same_session(ana: Caller):
    body = {"client_id": "o1", "message": {"text": "Hello", "client_id": "m1"}}

    first = (await ana.post("/v1/inboxes/shop/sessions", body)).json()
    again = (await ana.post("/v1/inboxes/shop/sessions", body)).json()

    assert (again["id"], again["message"]) == (first["id"], first["message"])


async def test_however_many_openings_race_there_is_one_session(served: House, ana: Caller):
    answers = await asyncio.gather(
        *(ana.post("/v1/inboxes/shop/sessions", {"message": {"text": f"Hello {n}"}}) for n in range(16))
    )

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] * 15 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    said = [event["text"] for event in await ana.events(answers[0].json()["id"]) if event["type"] == "message_posted"]
    assert {f"Hello {n}" for n in range(16)} <= set(said)


async def test_two_resumes_at_once_begin_one_period(ana: Caller):
    session = await ana.open()
    await ana.post(f"/v1/sessions/{session}/close")

    answers = await asyncio.gather(*(ana.post(f"/v1/sessions/{session}/resume") for _ in range(8)))

    assert {(answer.status_code, answer.json()["period"]) for answer in answers} == {(200, 2)}
    assert (await ana.types(session)).count("session_resumed") == 1


async def test_a_session_of_another_inbox_cannot_be_opened_with_this_token(ana: Caller):
    problem(await ana.post("/v1/inboxes/bank/sessions", {}), 404, "not_found")


async def test_metadata_is_kept_and_completed_from_what_the_browser_says(ana: Caller):
    said = {"page": "https://shop.example/a", "time_zone": "Europe/Vienna", "campaign": "autumn", "cart": 3}
    headers = {
        "Accept-Language": "de-AT;q=0.8, fr-CH, *;q=0.1",
        "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Mobile/15E148",
    }

    session = (await ana.post("/v1/inboxes/shop/sessions", {"metadata": said}, headers=headers)).json()

    assert session["metadata"] == {**said, "locale": "fr-CH", "device": "phone"}


async def test_what_the_caller_says_of_itself_counts_more_than_its_headers(ana: Caller):
    headers = {"Accept-Language": "de", "User-Agent": "Mozilla/5.0 (X11; Linux)"}

    body = {"metadata": {"locale": "en-GB", "device": "kiosk"}}
    session = (await ana.post("/v1/inboxes/shop/sessions", body, headers=headers)).json()

    assert session["metadata"] == {"locale": "en-GB", "device": "kiosk"}


async def test_what_we_add_never_makes_full_metadata_too_large(ana: Caller):
    full = {f"key{number}": "x" for number in range(32)}
    headers = {"Accept-Language": "de", "User-Agent": "Mozilla/5.0 (X11; Linux)"}

    answer = await ana.post("/v1/inboxes/shop/sessions", {"metadata": full}, headers=headers)

    assert (answer.status_code, answer.json()["metadata"]) == (201, full)


async def test_no_address_is_kept_whoever_names_it(served: House, ana: Caller):
    session = await ana.open(metadata={"ip": "203.0.113.7", "address": "203.0.113.7"})

    assert (await ana.view(session))["metadata"] == {}
    assert "127.0.0.1" not in str(await ana.events(session))


async def test_a_policy_that_keeps_addresses_keeps_the_connections_own():
    async with house(policy=replace(POLICY, keep_address=True)) as keeping:
        ana = await keeping.visitor()

        session = await ana.open(metadata={"address": "203.0.113.7"})

        assert (await ana.view(session))["metadata"] == {"address": "127.0.0.1"}


async def test_keys_list_sessions_by_every_filter(fresh: House):
    ana, bea, admin = await fresh.visitor(), await fresh.visitor(), await fresh.key()
    first = await ana.open("A parcel, please")
    await ana.post(f"/v1/sessions/{first}/close")
    second = await bea.open("A refund, please")

    async def listed(**filters) -> list[str]:
        answer = await admin.get("/v1/sessions", params=filters)
        assert answer.status_code == 200, answer.text
        return [session["id"] for session in answer.json()["sessions"]]

    assert await listed() == [second, first]
    assert await listed(inbox="shop") == [second, first]
    assert await listed(inbox="bank") == []
    assert await listed(phase="open") == [second]
    assert await listed(phase="any", outcome="any") == [second, first]
    assert await listed(phase="closed") == [first]
    assert await listed(visitor=ana.id) == [first]
    assert await listed(outcome=(await ana.view(first))["outcome"]) == [first]
    assert await listed(topic="refund") == []
    assert await listed(q="parcel") == [first]


async def test_a_long_list_comes_in_pages(fresh: House):
    admin = await fresh.key()
    opened = [await (await fresh.visitor()).open(None) for _ in range(5)]

    found, cursor = [], None
    while True:
        page = (await admin.get("/v1/sessions", params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
        found += [session["id"] for session in page["sessions"]]
        cursor = page["cursor"]
        if cursor is None:
            break

    assert found == opened[::-1]


async def test_a_misspelt_filter_does_not_list_everything(admin: Caller):
    answer = problem(await admin.get("/v1/sessions", params={"phse": "open"}), 422, "invalid_request")

    assert answer["field"] == "phse"
    assert "phase" in answer["detail"]


@pytest.mark.parametrize(
    "filters", [{"phase": "null"}, {"phase": "Open"}, {"outcome": "null"}, {"outcome": "good"}, {"limit": "null"}]
)
async def test_a_filter_with_an_impossible_value_does_not_list_everything(admin: Caller, filters):
    answer = problem(await admin.get("/v1/sessions", params=filters), 422, "invalid_request")

    assert answer["field"] in filters


async def test_a_cursor_that_is_none_of_ours_is_refused(admin: Caller):
    problem(await admin.get("/v1/sessions", params={"cursor": "nonsense"}), 422, "invalid_request")


async def test_visitors_list_no_sessions(ana: Caller):
    problem(await ana.get("/v1/sessions"), 403, "forbidden")


async def test_keys_read_what_each_turn_saw_and_did(served: House, ana: Caller, admin: Caller):
    session = await ana.open("Where is my parcel?")
    await served.clock.settle()

    traces = (await admin.get(f"/v1/sessions/{session}/traces")).json()["traces"]

    assert [(trace["turn"], trace["attempt"], trace["text"]) for trace in traces] == [(1, 1, "Hi, how can I help?")]
    assert traces[0]["shown"]["text"] == "Where is my parcel?"
    problem(await ana.get(f"/v1/sessions/{session}/traces"), 403, "forbidden")
