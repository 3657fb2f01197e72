"""The whole walk over the network: open, chat, be warned, be closed, come back."""

from datetime import timedelta

from server.house import House, instant, problem


async def test_a_chat_opens_is_answered_warned_closed_and_resumed(served: House):
    ana = await served.visitor()

    opened = await ana.post("/v1/inboxes/shop/sessions", {"message": {"text": "Where is my parcel?"}})
    session = opened.json()["id"]
    await served.clock.settle()
    chatting = await ana.view(session)
    await served.clock.advance("8m")
    warned = await ana.view(session)
    await served.clock.advance("2m")
    closed = await ana.view(session)
    late = await ana.say(session, "Are you still there?")
    resumed = await ana.post(f"/v1/sessions/{session}/resume", {"message": {"text": "I am back."}})
    await served.clock.settle()

    assert opened.status_code == 201
    assert (chatting["phase"], chatting["floor"], chatting["waiting_on"]) == ("open", "bot", "visitor")
    assert (warned["warned_at"] is not None, warned["closes_because"], warned["extendable"]) == (True, "timeout", True)
    assert instant(warned["closes_at"]) == instant(warned["warned_at"]) + timedelta(minutes=2)
    assert (closed["phase"], closed["close_reason"], closed["allowed"]) == ("closed", "timeout", ["resume", "new"])
    assert problem(late, 409, "session_closed")["allowed"] == ["resume", "new"]
    assert (resumed.status_code, resumed.json()["id"], resumed.json()["period"]) == (200, session, 2)
    assert await ana.types(session) == [
        "session_opened", "message_posted", "turn_opened", "message_posted", "turn_answered", "session_warned",
        "session_closed", "hidden", "session_resumed", "hidden", "message_posted", "outcome_settled", "turn_opened",
        "message_posted", "turn_answered",
    ]  # fmt: skip
