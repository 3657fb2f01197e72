"""The human part over HTTP: asked for, claimed, noted, snoozed, handed back, resolved."""

from datetime import timedelta

from server.house import Caller, House, problem


async def test_a_visitor_asks_for_a_human_and_an_agent_takes_over(served: House, ana: Caller, carl: Caller):
    session = await ana.open()
    await served.clock.settle()

    queued = await ana.post(f"/v1/sessions/{session}/handoff", {"note": "It is urgent."})
    claimed = await carl.post(f"/v1/sessions/{session}/claim", {"term": queued.json()["term"]})
    said = await carl.say(session, "Hello, I am Carl.")

    assert (queued.json()["floor"], claimed.json()["floor"], claimed.json()["agent"]) == ("queue", "agent", "carl")
    assert said.status_code == 201
    assert (await ana.events(session))[-1]["author"] == {"kind": "agent", "id": "carl", "name": "Carl"}


async def test_of_two_agents_who_claim_the_second_is_refused(served: House, ana: Caller, carl: Caller):
    dora = await served.key("agent", name="dora")
    session = await ana.open()
    await carl.post(f"/v1/sessions/{session}/claim")

    problem(await dora.post(f"/v1/sessions/{session}/claim"), 409, "floor_taken")


async def test_a_waiting_visitor_chooses(served: House, ana: Caller):
    session = await ana.open()
    await ana.post(f"/v1/sessions/{session}/handoff")
    await served.clock.advance("6m")

    answer = await ana.post(f"/v1/sessions/{session}/queue-choice", {"choice": "bot"})

    assert answer.json()["floor"] == "bot"
    assert {"queue_choice_offered", "queue_choice_made"} <= set(await ana.types(session))


async def test_an_agent_snoozes_and_takes_up_again(served: House, ana: Caller, carl: Caller):
    session = await ana.open()
    await carl.post(f"/v1/sessions/{session}/claim")
    until = (served.clock.now() + timedelta(hours=3)).isoformat()

    snoozed = await carl.post(f"/v1/sessions/{session}/snooze", {"until": until})
    ended = await carl.post(f"/v1/sessions/{session}/end-snooze")

    assert snoozed.json()["snoozed_until"] is not None
    assert ended.json()["snoozed_until"] is None
    for wrong in ("yesterday", "2026-01-05T13:00:00", 7):
        problem(await carl.post(f"/v1/sessions/{session}/snooze", {"until": wrong}), 422, "invalid_request")


async def test_an_agent_hands_back_with_a_note_the_visitor_never_sees(ana: Caller, carl: Caller):
    session = await ana.open()
    await carl.post(f"/v1/sessions/{session}/claim")
    note = await carl.post(f"/v1/sessions/{session}/notes", {"text": "Called the carrier."})

    back = await carl.post(f"/v1/sessions/{session}/return", {"to": "bot", "note": "All is said."})

    assert note.status_code == 201
    assert note.json()["seq"] == (await carl.events(session))[note.json()["seq"] - 1]["seq"]
    assert back.json()["floor"] == "bot"
    assert "carrier" not in str(await ana.events(session))
    problem(await carl.post(f"/v1/sessions/{session}/return", {"to": "moon"}), 422, "invalid_request")


async def test_an_agent_resolves(ana: Caller, carl: Caller):
    session = await ana.open()

    answer = await carl.post(f"/v1/sessions/{session}/resolve", {"outcome": "confirmed"})

    assert (answer.json()["phase"], answer.json()["close_reason"], answer.json()["outcome"]) == (
        "closed", "resolved", "confirmed",
    )  # fmt: skip


async def test_visitors_do_nothing_that_is_for_agents(ana: Caller):
    session = await ana.open()

    for path, body in (
        ("claim", None),
        ("return", None),
        ("resolve", {"outcome": "confirmed"}),
        ("notes", {"text": "x"}),
        ("end-snooze", None),
    ):
        problem(await ana.post(f"/v1/sessions/{session}/{path}", body), 403, "forbidden")
