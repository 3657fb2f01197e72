"""Forms over the network: the bot asks, the visitor answers once, and the bot reads what they said."""

import asyncio

import pytest
import pytest_asyncio
from server.house import Caller, House, house, problem, until

from chatsession.bot import Finished
from chatsession.stores.memory import MemoryStore
from chatsession.stores.sqlite import SqliteStore

FORM = {
    "kind": "form",
    "id": "order",
    "title": "Your order",
    "fields": [
        {"name": "number", "label": "Order number", "required": True, "pattern": "[A-Z]{2}-\\d{4}"},
        {"name": "why", "label": "Reason", "type": "select", "options": ["damaged", "too late"]},
    ],
}
GOOD = {"number": "AB-1234", "why": "damaged"}
ASKING = Finished(text="Which order is it?", parts=[FORM])


def answer(form: str, values=None) -> dict:
    return {"parts": [{"kind": "form_answer", "form": form, "values": GOOD if values is None else values}]}


async def asked(house: House, visitor: Caller) -> tuple[str, str]:
    """A session in which the bot has asked with a form: its id, and the message's."""
    house.service.bots["shop"].add(ASKING)
    session = await visitor.open()
    await until(lambda: house.service.door.at_hand(session).session.turn is None)
    events = await visitor.events(session)
    return session, next(event["message_id"] for event in events if event.get("parts"))


@pytest_asyncio.fixture(params=["memory", "sqlite"], loop_scope="module")
async def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "chats.db")
    await made.open()
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="module")
async def one(store):
    async with house(store=store) as made:
        yield made


@pytest.mark.parametrize("by", ["message", "form"])
async def test_a_form_is_asked_answered_and_read_by_the_bot(one: House, by: str):
    ana = await one.visitor()
    session, message = await asked(one, ana)
    bot = one.service.bots["shop"]
    bot.add("Thank you")

    said = await ana.post(f"/v1/sessions/{session}/messages", answer(message if by == "message" else "order"))
    await until(lambda: len(bot.turns) == 2)

    posted = (await ana.events(session))[said.json()["seq"] - 1]
    assert said.status_code == 201
    assert posted["parts"][0]["message"] == message
    assert posted["text"] == "Order number: AB-1234\nReason: damaged"
    assert bot.turns[1].text == posted["text"]
    assert bot.turns[1].parts == posted["parts"]


@pytest.mark.parametrize(
    ("values", "field"),
    [({}, "values.number"), ({"number": "1"}, "values.number"), ({**GOOD, "why": "no"}, "values.why")],
)
async def test_a_wrong_answer_is_refused_and_the_field_named(one: House, values: dict, field: str):
    ana = await one.visitor()
    session, message = await asked(one, ana)
    before = await ana.events(session)

    refused = problem(
        await ana.post(f"/v1/sessions/{session}/messages", answer(message, values)), 422, "invalid_request"
    )

    assert refused["field"] == field
    assert await ana.events(session) == before


async def test_a_form_is_answered_once_however_many_send_at_once(one: House):
    ana = await one.visitor()
    session, message = await asked(one, ana)
    one.service.bots["shop"].add(*["Thank you"] * 9)
    path = f"/v1/sessions/{session}/messages"

    answers = await asyncio.gather(*(ana.post(path, answer(form)) for form in [message, "order"] * 3))
    late = await ana.post(path, answer(message))

    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409, 409, 409]
    problem(late, 409, "wrong_state")
    assert sum(bool(event.get("parts")) for event in await ana.events(session)) == 2


async def test_the_same_answer_sent_again_is_answered_as_before(one: House):
    ana = await one.visitor()
    session, message = await asked(one, ana)
    path, body = f"/v1/sessions/{session}/messages", {**answer(message), "client_id": "f1"}

    first, again = await ana.post(path, body), await ana.post(path, body)
    other = await ana.post(path, {**body, "parts": [{**body["parts"][0], "values": {"number": "XX-0000"}}]})

    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    problem(other, 409, "client_id_reused")


async def test_of_two_forms_of_one_name_the_newest_is_meant_and_each_is_answered_once(one: House):
    ana = await one.visitor()
    session, first = await asked(one, ana)
    bot, path = one.service.bots["shop"], f"/v1/sessions/{session}/messages"
    bot.add(ASKING, "Thanks", "Thanks")
    await ana.say(session, "Ask me again")
    await until(lambda: one.service.door.at_hand(session).session.turn is None)

    newest, older = await ana.post(path, answer("order")), await ana.post(path, answer(first))

    assert (newest.status_code, older.status_code) == (201, 201)
    problem(await ana.post(path, answer("order")), 409, "wrong_state")


@pytest.mark.parametrize(
    "form", ["msg_nowhere_1", "unknown", "", "{session}_999999", "{session}_1", "{session}_2", "{session}_x", "9" * 40]
)
async def test_what_is_no_form_of_this_chat_cannot_be_answered(one: House, form: str):
    ana = await one.visitor()
    session, _ = await asked(one, ana)
    named = form.format(session="msg_" + session.removeprefix("ses_"))

    refused = problem(await ana.post(f"/v1/sessions/{session}/messages", answer(named)), 422, "invalid_request")

    assert refused["field"] == "form"


async def test_a_form_of_another_chat_cannot_be_answered(one: House):
    ana, bea = await one.visitor(), await one.visitor()
    _, message = await asked(one, ana)
    session, _ = await asked(one, bea)

    problem(await bea.post(f"/v1/sessions/{session}/messages", answer(message)), 422, "invalid_request")


async def test_a_form_is_not_answered_by_the_first_message_of_a_chat(one: House):
    ana = await one.visitor()

    opened = await ana.post("/v1/inboxes/shop/sessions", {"message": answer("order")})

    problem(opened, 422, "invalid_request")
    assert (await ana.get("/v1/visitors/me/sessions")).json()["sessions"] == []


async def test_a_form_can_be_answered_with_the_return(one: House):
    ana = await one.visitor()
    session, message = await asked(one, ana)
    one.service.bots["shop"].add("Thank you")
    await ana.post(f"/v1/sessions/{session}/close")

    back = await ana.post(f"/v1/sessions/{session}/resume", {"message": answer(message)})

    assert back.status_code == 200
    assert (await ana.events(session))[-1]["seq"] >= back.json()["seq"]
    problem(await ana.post(f"/v1/sessions/{session}/messages", answer(message)), 409, "wrong_state")


async def test_a_bots_form_that_is_none_is_in_its_trace_and_not_on_the_screen(one: House):
    wrong = {**FORM, "fields": [{"name": "a", "label": "A", "pattern": "(a+)+"}]}
    one.service.bots["shop"].add(*[Finished(text="Which?", parts=[wrong])] * 2)
    ana, admin = await one.visitor(), await one.key("admin")
    session = await ana.open()
    await until(lambda: one.service.door.at_hand(session).session.turn is None)

    (first, second) = (await admin.get(f"/v1/sessions/{session}/traces")).json()["traces"]

    assert first["end"] == second["end"] == "garbage"
    assert "parts[0].fields[0].pattern" in first["error"]
    assert all(not event.get("parts") for event in await ana.events(session))
    assert (await ana.view(session))["can_retry"] is True


async def test_a_program_asks_too_and_is_told_what_is_wrong(one: House):
    one.service.bots["shop"].add("Hi", "Thanks")
    ana, admin = await one.visitor(), await one.key("admin")
    session = await ana.open()
    await until(lambda: one.service.door.at_hand(session).session.turn is None)

    wrong = await admin.say(session, "Which?", parts=[{**FORM, "fields": []}])
    right = await admin.say(session, "Which?", parts=[FORM])

    assert problem(wrong, 422, "invalid_request")["field"] == "parts[0].fields"
    assert (await ana.post(f"/v1/sessions/{session}/messages", answer(right.json()["id"]))).status_code == 201


async def test_a_visitor_asks_nothing_in_our_name(one: House):
    one.service.bots["shop"].add("Hi")
    ana = await one.visitor()
    session = await ana.open()

    problem(await ana.say(session, "Password?", parts=[FORM]), 403, "forbidden")
