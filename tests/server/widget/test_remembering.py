"""What we remember of a visitor: they see it, and have it forgotten."""

import pytest
from server.house import Caller, House, house, problem

from chatsession.core.policy import KeyRule, Policy
from chatsession.widget import Widget

POLICY = Policy(context_keys={"tier": KeyRule(visitor_may_set=False)}, threads="manual")


@pytest.mark.parametrize("scope", ["session", "visitor", "thread"])
async def test_a_visitor_sees_what_is_remembered_and_has_it_forgotten(ana: Caller, admin: Caller, scope: str):
    session = await ana.open()
    path = f"/v1/sessions/{session}/context"
    await ana.post(f"/v1/sessions/{session}/threads", {"topic": "delivery"})
    await admin.patch(path, {"set": {"order": "4711"}, "scope": scope})
    seen = await ana.view(session)

    forgotten = await ana.patch(path, {"unset": ["order"], "scope": scope})

    assert seen["context"]["order"] == "4711"
    assert "order" not in forgotten.json()["context"]
    assert "order" not in (await admin.view(session))["context"]


async def test_the_bot_does_not_see_what_was_forgotten(served: House, ana: Caller, admin: Caller):
    session = await ana.open()
    path, bot = f"/v1/sessions/{session}/context", served.service.bots["shop"]
    await admin.patch(path, {"set": {"order": "4711", "name": "Ana"}})

    await ana.patch(path, {"unset": ["order"]})
    await ana.say(session, "And now?")
    await served.clock.settle()

    assert bot.turns[-1].context == {"name": "Ana"}


async def test_what_was_forgotten_is_not_carried_into_the_next_chat():
    policy = Policy(carry_over={"default": "keep_all"}, preferences=("order",))
    async with house("Hi", "Hi", policy=policy, widget=Widget(remember={"order": {"en": "Your order"}})) as one:
        ana, admin = await one.visitor(), await one.key("admin")
        session = await ana.open()
        for scope in ("session", "visitor"):
            await admin.patch(f"/v1/sessions/{session}/context", {"set": {"order": 1, "kept": 2}, "scope": scope})

        for scope in ("session", "visitor"):
            await ana.patch(f"/v1/sessions/{session}/context", {"unset": ["order"], "scope": scope})
        await ana.post(f"/v1/sessions/{session}/close")
        second = await ana.open(on_return="new")

        assert (await admin.view(second))["context"] == {"kept": 2}


async def test_a_visitor_forgets_every_key_that_may_be_remembered_and_no_other():
    async with house("Hi", policy=POLICY, widget=Widget(remember={"order": {"en": "Your order"}})) as one:
        ana, admin = await one.visitor(), await one.key("admin")
        session = await ana.open()
        await admin.patch(f"/v1/sessions/{session}/context", {"set": {"order": 1, "tier": "gold"}})
        remembered = (await one.nobody.get("/v1/inboxes/shop/widget")).json()["remember"]

        for key in remembered:
            assert (await ana.patch(f"/v1/sessions/{session}/context", {"unset": [key]})).status_code == 200

        problem(await ana.patch(f"/v1/sessions/{session}/context", {"unset": ["tier"]}), 403, "forbidden")
        assert (await admin.view(session))["context"] == {"tier": "gold"}


async def test_a_visitor_sees_what_they_said_themselves_and_what_is_shown_as_remembered():
    async with house("Hi", policy=POLICY, widget=Widget(remember={"order": {"en": "Your order"}})) as one:
        ana, admin = await one.visitor(), await one.key("admin")
        session = await ana.open()
        thread = (await ana.post(f"/v1/sessions/{session}/threads", {"title": "Sizes"})).json()["id"]

        await ana.patch(f"/v1/sessions/{session}/context", {"set": {"size": "M"}})
        for scope, wanted in (("session", {"order": 1, "risk": "high"}), ("thread", {"risk": "higher"})):
            change = {"set": wanted, "scope": scope, "thread": thread if scope == "thread" else None}
            assert (await admin.patch(f"/v1/sessions/{session}/context", change)).status_code == 200

        assert (await ana.view(session))["context"] == {"size": "M", "order": 1}
        assert (await ana.view(session))["threads"][0]["context"] == {}
        assert (await admin.view(session))["context"] == {"size": "M", "order": 1, "risk": "higher"}


async def test_nobody_forgets_for_somebody_else(ana: Caller, bea: Caller):
    session = await ana.open()

    problem(await bea.patch(f"/v1/sessions/{session}/context", {"unset": ["order"]}), 404, "not_found")
