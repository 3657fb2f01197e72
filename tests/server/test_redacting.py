"""Redaction over HTTP: the words go, the place stays, and nobody but an admin may."""

import pytest
import pytest_asyncio
from server.house import Caller, House, problem

CARD = "My card is 4111 1111"


@pytest_asyncio.fixture(loop_scope="module")
async def session(served: House, ana: Caller) -> str:
    """Ana has said something that must not stay, and the bot has answered."""
    session = await ana.open(CARD)
    await served.clock.settle()
    return session


async def test_a_redacted_message_leaves_its_place_and_nothing_else(ana: Caller, admin: Caller, session):
    before = await admin.view(session)

    answer = await admin.ask("DELETE", f"/v1/sessions/{session}/messages/2")

    assert answer.status_code == 204
    events = await ana.events(session)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (events[1]["type"], events[1]["was"], events[1]["author"]) == ("redacted", "message_posted", "visitor")
    assert (await admin.get(f"/v1/sessions/{session}/traces")).json() == {"traces": []}
    for path in (f"/v1/sessions/{session}/events", f"/v1/sessions/{session}"):
        assert "4111" not in (await admin.get(path)).text
    assert {**await admin.view(session), "server_time": ""} == {**before, "server_time": ""}


async def test_a_bot_is_not_shown_what_was_redacted(served: House, ana: Caller, admin: Caller, session):
    await admin.ask("DELETE", f"/v1/sessions/{session}/messages/2")

    await ana.say(session, "Did you get that?")
    await served.clock.settle()

    traces = await admin.get(f"/v1/sessions/{session}/traces")
    assert "Did you get that?" in traces.text
    assert "4111" not in traces.text


async def test_a_session_whose_message_was_redacted_is_folded_anew_as_it_was(
    served: House, ana: Caller, admin: Caller, session
):
    before = (await served.service.lanes.get(session)).session
    await admin.ask("DELETE", f"/v1/sessions/{session}/messages/2")

    served.service.lanes.forget(session)

    assert (await served.service.lanes.get(session)).session == before
    assert (await ana.say(session, "Go on")).status_code == 201


async def test_redacting_again_changes_nothing(ana: Caller, admin: Caller, session):
    await admin.ask("DELETE", f"/v1/sessions/{session}/messages/2")
    once = await ana.events(session)

    assert (await admin.ask("DELETE", f"/v1/sessions/{session}/messages/2")).status_code == 204
    assert await ana.events(session) == once


@pytest.mark.parametrize("seq", [1, 3, 99, 2**53 - 1])
async def test_what_is_no_message_is_not_found_and_stays(ana: Caller, admin: Caller, session, seq):
    before = await ana.events(session)

    problem(await admin.ask("DELETE", f"/v1/sessions/{session}/messages/{seq}"), 404, "not_found")

    assert await ana.events(session) == before


async def test_a_place_that_no_event_can_have_is_refused(admin: Caller, session):
    for seq in (0, -1, 2**64):
        problem(await admin.ask("DELETE", f"/v1/sessions/{session}/messages/{seq}"), 422, "invalid_request")


async def test_visitors_agents_and_bots_do_not_redact(served: House, ana: Caller, carl: Caller, session):
    bot = await served.key("bot", name="robo")

    for caller in (ana, carl, bot):
        problem(await caller.ask("DELETE", f"/v1/sessions/{session}/messages/2"), 403, "forbidden")
