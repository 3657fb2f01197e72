"""The list: in order, in pages, and waiting for what comes."""

import asyncio

import pytest
from server.house import Caller, House, house, problem, until

from chatsession.core import events as e
from chatsession.server.options import ServerOptions


async def test_events_come_in_order_without_gaps(served: House, ana: Caller):
    session = await ana.open()
    await served.clock.settle()

    events = await ana.events(session)

    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["type"] == "session_opened"
    message = events[1]
    assert (message["type"], message["author"], message["text"]) == ("message_posted", {"kind": "visitor"}, "Hello")
    assert (message["thread"], message["client_id"]) == (None, None)


async def test_the_frames_are_the_stored_bytes(served: House, ana: Caller, admin: Caller):
    session = await ana.open()

    answer = await admin.get(f"/v1/sessions/{session}/events")

    frames = await served.service.store.frames(session, 0, 500)
    assert answer.content == b'{"events":[' + b",".join(frames) + b'],"next":null}'


async def test_a_visitor_gets_the_place_of_what_is_for_the_service_alone(served: House, ana: Caller, admin: Caller):
    session = await ana.open()
    await admin.post(f"/v1/sessions/{session}/notes", {"text": "Careful with this one."})

    theirs, ours = await ana.events(session), await admin.events(session)

    assert [event["seq"] for event in theirs] == [event["seq"] for event in ours]
    assert {"seq", "at", "type"} == set(theirs[-1])
    assert (theirs[-1]["type"], ours[-1]["text"]) == ("hidden", "Careful with this one.")
    assert "Careful" not in str(theirs)


async def test_a_long_list_comes_in_pages_that_fit_together(ana: Caller):
    session = await ana.open()
    for number in range(10):
        await ana.say(session, f"{number}")
    whole = await ana.events(session)

    found, after = [], 0
    while after is not None:
        page = (await ana.get(f"/v1/sessions/{session}/events", params={"after": after, "limit": 3})).json()
        assert len(page["events"]) <= 3
        found += page["events"]
        after = page["next"]

    assert found[: len(whole)] == whole


async def test_at_the_head_the_page_is_empty(ana: Caller):
    session = await ana.open(None)
    head = (await ana.view(session))["seq"]

    page = (await ana.get(f"/v1/sessions/{session}/events", params={"after": head})).json()

    assert page == {"events": [], "next": None}


async def test_a_position_ahead_of_the_head_has_to_be_read_anew(ana: Caller):
    session = await ana.open()

    problem(await ana.get(f"/v1/sessions/{session}/events", params={"after": 9_999}), 410, "resync")
    problem(await ana.get(f"/v1/sessions/{session}/stream", params={"after": 9_999}), 410, "resync")


async def test_a_position_from_another_life_of_the_data_has_to_be_read_anew(served: House, ana: Caller):
    session = await ana.open()

    problem(await ana.get(f"/v1/sessions/{session}/events", params={"epoch": "0123"}), 410, "resync")
    same = await ana.get(f"/v1/sessions/{session}/events", params={"epoch": served.service.epoch})
    assert same.status_code == 200


async def waiting(served: House, count: int = 1) -> None:
    """Until so many long polls wait."""
    await until(lambda: len(served.service.following) >= count)


async def poll(caller: Caller, session: str, wait: float = 25) -> "asyncio.Task":
    after = (await caller.view(session))["seq"]
    return asyncio.create_task(caller.get(f"/v1/sessions/{session}/events", params={"after": after, "wait": wait}))


async def test_a_poll_that_waits_is_answered_by_the_next_event(served: House, ana: Caller, carl: Caller):
    session = await ana.open(None)
    polling = await poll(ana, session)
    await waiting(served)

    await carl.post(f"/v1/sessions/{session}/claim")

    answer = (await polling).json()
    assert [event["type"] for event in answer["events"]] == ["floor_changed"]


async def test_a_poll_that_waits_in_vain_is_answered_with_nothing(ana: Caller):
    session = await ana.open(None)

    answer = await (await poll(ana, session, wait=0.05))

    assert answer.json() == {"events": [], "next": None}


async def test_logging_out_ends_a_poll_that_waits(served: House, ana: Caller):
    session = await ana.open(None)
    polling = await poll(ana, session)
    await waiting(served)

    await ana.post("/v1/visitors/me/logout")

    problem(await asyncio.wait_for(polling, 5), 401, "unauthorized")


async def test_an_erasure_ends_a_poll_that_waits(served: House, ana: Caller, admin: Caller):
    session = await ana.open(None)
    polling = await poll(ana, session)
    await waiting(served)

    await admin.ask("DELETE", f"/v1/visitors/{ana.id}")

    answer = await asyncio.wait_for(polling, 5)
    assert answer.status_code in (401, 404)


async def test_so_many_polls_wait_for_one_visitor_and_no_more():
    async with house(options=ServerOptions(waits_per_visitor_max=2, turn_grace_seconds=0)) as narrow:
        ana, bea = await narrow.visitor(), await narrow.visitor()
        session = await ana.open(None)
        polls = [await poll(ana, session) for _ in range(2)]
        await waiting(narrow, 2)

        refused = await (await poll(ana, session))
        of_another = await (await poll(bea, await bea.open(None), wait=0.05))

        assert problem(refused, 429, "rate_limited")["retry_after"] == int(refused.headers["retry-after"])
        assert of_another.status_code == 200
        await ana.post(f"/v1/sessions/{session}/close")
        assert {(await each).status_code for each in polls} == {200}


@pytest.mark.parametrize("kind", sorted(e.EVENT_TYPES))
def test_every_event_type_is_in_the_contract(kind: str, contract):
    names = {schema["properties"]["type"]["enum"][0] for schema in contract["components"]["schemas"].values()
             if schema.get("properties", {}).get("type", {}).get("enum")}  # fmt: skip

    assert kind in names


async def test_asking_for_the_head_of_a_long_poll_waits_for_nothing():
    async with house(options=ServerOptions(waits_max=0)) as served:
        ana = await served.visitor()
        session = await ana.open(None)
        asked = {"after": (await ana.view(session))["seq"], "wait": 30}

        waiting = await ana.get(f"/v1/sessions/{session}/events", params=asked)
        head = await ana.ask("HEAD", f"/v1/sessions/{session}/events", params=asked)

    assert (waiting.status_code, head.status_code) == (503, 200)
