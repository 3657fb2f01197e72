"""Several topics in one session, one topic over several sessions."""

from msgspec.structs import replace
from server.house import POLICY, Caller, house, problem


async def test_a_thread_begins_is_renamed_and_resolved(ana: Caller):
    session = await ana.open()

    begun = await ana.post(f"/v1/sessions/{session}/threads", {"topic": "delivery", "title": "My parcel"})
    thread = begun.json()["id"]
    changed = await ana.patch(f"/v1/threads/{thread}", {"title": "Both parcels", "status": "resolved"})

    assert (begun.status_code, begun.json()["topic"], begun.json()["current"]) == (201, "delivery", True)
    assert thread.startswith("thr_")
    assert (changed.json()["title"], changed.json()["status"]) == ("Both parcels", "resolved")


async def test_a_message_names_its_thread(ana: Caller):
    session = await ana.open()
    thread = (await ana.post(f"/v1/sessions/{session}/threads", {"topic": "delivery"})).json()["id"]

    await ana.say(session, "About the parcel", thread=thread)

    said = [event for event in await ana.events(session) if event["type"] == "message_posted"]
    assert said[-1]["thread"] == thread
    problem(await ana.say(session, "About what?", thread="thr_nothing_1"), 422, "invalid_request")


async def test_a_visitors_threads_are_listed_for_them_and_for_keys(ana: Caller, bea: Caller, admin: Caller):
    session = await ana.open()
    thread = (await ana.post(f"/v1/sessions/{session}/threads", {"topic": "delivery"})).json()["id"]

    for caller, visitor in ((ana, "me"), (ana, ana.id), (admin, ana.id)):
        listed = (await caller.get(f"/v1/visitors/{visitor}/threads")).json()["threads"]
        assert [one["id"] for one in listed] == [thread]
    problem(await bea.get(f"/v1/visitors/{ana.id}/threads"), 404, "not_found")


async def test_a_thread_of_somebody_else_cannot_be_changed_even_if_its_name_was_said(ana: Caller, bea: Caller):
    thread = (await ana.post(f"/v1/sessions/{await ana.open()}/threads", {"topic": "delivery"})).json()["id"]
    await bea.open(f"What about {thread}?")

    problem(await bea.patch(f"/v1/threads/{thread}", {"title": "Mine now"}), 404, "not_found")


async def test_threads_can_be_off():
    async with house(policy=replace(POLICY, threads="off")) as served:
        ana = await served.visitor()

        problem(await ana.post(f"/v1/sessions/{await ana.open()}/threads", {"topic": "x"}), 409, "wrong_state")
