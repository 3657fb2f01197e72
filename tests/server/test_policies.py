"""The policy of an inbox over HTTP: read, replaced, and refused by name."""

from server.house import Caller, House, problem


async def test_a_policy_is_read_with_durations_as_text(admin: Caller):
    answer = await admin.get("/v1/inboxes/shop/policy")

    assert answer.json()["idle_timeout"] == "10m"
    assert answer.headers["etag"].strip('"').startswith("pol_")


async def test_what_was_read_can_be_written_back(admin: Caller):
    before = await admin.get("/v1/inboxes/shop/policy")

    after = await admin.put("/v1/inboxes/shop/policy", before.json())

    assert after.status_code == 200
    assert (after.json(), after.headers["etag"]) == (before.json(), before.headers["etag"])


async def test_a_replaced_policy_holds_for_new_sessions(served: House, ana: Caller, admin: Caller):
    await admin.put("/v1/inboxes/shop/policy", {"idle_timeout": "30s", "warn_before": "10s"})

    session = await ana.open()
    await served.clock.advance("21s")
    warned = await ana.view(session)
    await served.clock.advance("10s")

    assert warned["warned_at"] is not None
    assert (await ana.view(session))["close_reason"] == "timeout"


async def test_a_policy_of_one_session_alone_outlasts_a_change_of_the_inboxs(served: House, ana: Caller, admin: Caller):
    await admin.put("/v1/inboxes/shop/policy", {"idle_timeout": "10m", "on_policy_change": "at_next_turn"})
    session = await ana.open()
    await served.clock.settle()

    given = await admin.put(f"/v1/sessions/{session}/policy", {"idle_timeout": "1h"})
    await admin.put("/v1/inboxes/shop/policy", {"idle_timeout": "5m", "on_policy_change": "at_next_turn"})
    await ana.say(session, "And then?")
    await served.clock.settle()
    await served.clock.advance("30m")

    adopted = [event for event in await admin.events(session) if event["type"] == "policy_adopted"]
    assert given.status_code == 200
    assert [(event["policy"], event["rule"]) for event in adopted] == [(given.json()["policy"], "by_hand")]
    assert (await ana.view(session))["warned_at"] is None


async def test_a_session_that_is_resumed_has_the_inboxs_policy_again(ana: Caller, admin: Caller):
    session = await ana.open()
    before = (await ana.view(session))["policy"]
    await admin.put(f"/v1/sessions/{session}/policy", {"idle_timeout": "1h"})

    await ana.post(f"/v1/sessions/{session}/close")
    await ana.post(f"/v1/sessions/{session}/resume")

    assert (await ana.view(session))["policy"] == before


async def test_a_session_is_given_a_policy_by_admins_alone_and_only_while_it_is_open(ana: Caller, carl, admin: Caller):
    session = await ana.open()
    path = f"/v1/sessions/{session}/policy"

    problem(await ana.put(path, {}), 403, "forbidden")
    problem(await carl.put(path, {}), 403, "forbidden")
    wrong = problem(await admin.put(path, {"idle_timout": "5m"}), 422, "invalid_request")
    await ana.post(f"/v1/sessions/{session}/close")

    assert wrong["nearest"] == "idle_timeout"
    problem(await admin.put(path, {}), 409, "session_closed")


async def test_a_wrong_knob_is_named_with_the_nearest_right_one(admin: Caller):
    answer = problem(await admin.put("/v1/inboxes/shop/policy", {"idle_timout": "5m"}), 422, "invalid_request")

    assert (answer["field"], answer["nearest"]) == ("idle_timout", "idle_timeout")


async def test_a_value_a_knob_cannot_have_is_refused(admin: Caller):
    for knobs in (
        {"idle_timeout": 5},
        {"idle_timeout": "soon"},
        {"warn_before": "off"},
        {"limits": 7},
        {"threads": "on"},
    ):
        problem(await admin.put("/v1/inboxes/shop/policy", knobs), 422, "invalid_request")


async def test_agents_read_policies_and_admins_alone_change_them(served: House, ana: Caller, carl: Caller):
    assert (await carl.get("/v1/inboxes/shop/policy")).status_code == 200
    problem(await carl.put("/v1/inboxes/shop/policy", {}), 403, "forbidden")
    problem(await ana.get("/v1/inboxes/shop/policy"), 403, "forbidden")
    elsewhere = await served.key("admin", name="bank", inboxes=("bank",))
    problem(await elsewhere.get("/v1/inboxes/shop/policy"), 404, "not_found")
    problem(await elsewhere.put("/v1/inboxes/shop/policy", {}), 404, "not_found")
