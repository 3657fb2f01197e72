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
