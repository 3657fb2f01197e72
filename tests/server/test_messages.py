"""Saying something: once, however often it is sent; and what is asked of a session besides."""

import asyncio

from server.house import Caller, House, house, problem

from chatsession.testing.scripted import Held


async def said(caller: Caller, session: str) -> list[str]:
    """What the visitor said."""
    events = await caller.events(session)
    return [event["text"] for event in events if event.get("author") == {"kind": "visitor"}]


async def test_a_message_is_accepted_with_its_place(ana: Caller):
    session = await ana.open(None)

    answer = await ana.say(session, "Hello", client_id="m1")

    assert answer.status_code == 201
    event = (await ana.events(session))[answer.json()["seq"] - 1]
    assert (event["message_id"], event["text"], event["client_id"]) == (answer.json()["id"], "Hello", "m1")


async def test_the_same_message_again_is_answered_as_before(ana: Caller):
    session = await ana.open(None)
    first = await ana.say(session, "Hello", client_id="m1")

    again = await ana.say(session, "Hello", client_id="m1")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert await said(ana, session) == ["Hello"]


async def test_sent_many_times_at_once_a_message_appears_once(ana: Caller):
    session = await ana.open(None)

    answers = await asyncio.gather(*(ana.say(session, "Hello", client_id="m1") for _ in range(12)))

    assert sorted(answer.status_code for answer in answers) == [200] * 11 + [201]
    assert len({answer.text for answer in answers}) == 1


async def test_even_after_the_closing_a_repetition_gets_its_answer(ana: Caller):
    session = await ana.open(None)
    first = await ana.say(session, "Hello", client_id="m1")
    await ana.post(f"/v1/sessions/{session}/close")

    again = await ana.say(session, "Hello", client_id="m1")

    assert (again.status_code, again.json()) == (200, first.json())


async def test_the_same_client_id_with_another_text_is_refused(ana: Caller):
    session = await ana.open(None)
    await ana.say(session, "Hello", client_id="m1")

    problem(await ana.say(session, "Something else", client_id="m1"), 409, "client_id_reused")
    assert await said(ana, session) == ["Hello"]


async def test_no_message_enters_a_closed_session(ana: Caller):
    session = await ana.open()
    await ana.post(f"/v1/sessions/{session}/close")
    before = await ana.events(session)

    refused = problem(await ana.say(session, "Hello?"), 409, "session_closed")

    assert refused["allowed"] == ["resume", "new"]
    assert await ana.events(session) == before


async def test_what_people_cannot_see_is_taken_out(ana: Caller):
    session = await ana.open(None)

    await ana.say(session, "Hel\u200blo\U000e0041")

    assert (await ana.events(session))[1]["text"] == "Hello"


async def test_closing_again_answers_with_the_first_reason(ana: Caller, admin: Caller):
    session = await ana.open()
    first = await ana.post(f"/v1/sessions/{session}/close")

    again = await admin.post(f"/v1/sessions/{session}/close")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["close_reason"] == "visitor"
    assert (await ana.types(session)).count("session_closed") == 1


async def test_keeping_open_moves_the_closing(served: House, ana: Caller):
    session = await ana.open()
    await served.clock.advance("9m")
    warned = await ana.view(session)

    answer = await ana.post(f"/v1/sessions/{session}/keep-open")

    assert answer.status_code == 200
    assert answer.json()["warned_at"] is None
    assert answer.json()["closes_at"] > warned["closes_at"]


async def test_a_message_lifts_the_warning(served: House, ana: Caller):
    session = await ana.open()
    await served.clock.advance("9m")

    await ana.say(session, "Still here.")

    assert (await ana.view(session))["warned_at"] is None
    assert "warning_lifted" in await ana.types(session)


async def test_typing_is_told_and_stored_nowhere(ana: Caller):
    session = await ana.open(None)
    before = await ana.types(session)

    answer = await ana.post(f"/v1/sessions/{session}/typing")

    assert answer.status_code == 204
    assert "message_posted" not in (await ana.types(session))[len(before) :]


async def test_a_running_answer_can_be_stopped():
    held = Held("One moment")
    async with house(held) as served:
        ana = await served.visitor()
        session = await ana.open()
        await held.is_reached.wait()

        answer = await ana.post(f"/v1/sessions/{session}/stop")

        assert (answer.status_code, answer.json()["turn"]) == (200, None)
        assert (await ana.types(session))[-1] == "turn_superseded"


async def test_feedback_is_taken_and_the_last_word_counts(ana: Caller):
    session = await ana.open()
    await ana.post(f"/v1/sessions/{session}/close")

    first = await ana.post(f"/v1/sessions/{session}/feedback", {"score": 2})
    second = await ana.post(f"/v1/sessions/{session}/feedback", {"score": 5, "comment": "Thanks!", "part": "bot"})

    assert (first.status_code, second.status_code) == (200, 200)
    given = [event for event in await ana.events(session) if event["type"] == "feedback_given"]
    assert [event["score"] for event in given] == [2, 5]
    problem(await ana.post(f"/v1/sessions/{session}/feedback", {"score": 6}), 422, "invalid_request")
    problem(await ana.post(f"/v1/sessions/{session}/feedback", {}), 422, "invalid_request")


async def test_context_is_set_and_unset(ana: Caller, admin: Caller):
    session = await ana.open()

    await ana.patch(f"/v1/sessions/{session}/context", {"set": {"order": "4711", "size": 38}})
    answer = await admin.patch(f"/v1/sessions/{session}/context", {"unset": ["size"], "set": {"vip": True}})

    assert answer.json()["context"] == {"order": "4711", "vip": True}
    changed = [event for event in await admin.events(session) if event["type"] == "context_changed"]
    assert (changed[0]["set"]["order"].get("verified", False), changed[1]["set"]["vip"]["verified"]) == (False, True)
