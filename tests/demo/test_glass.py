import re
from datetime import datetime

import pytest

HERE = {"Sec-Fetch-Dest": "document"}


def key_in(page: str) -> str:
    return re.search(r'<meta name="glass-key" content="([^"]*)">', page).group(1)


async def test_whoever_opens_the_glass_box_on_this_machine_gets_its_key(browser):
    answer = await browser.get("/glass", headers=HERE)

    assert key_in(answer.text) == "key_of_the_agent"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Dest": "iframe"},
        HERE | {"Host": "shop.example"},
        HERE | {"X-Forwarded-For": "203.0.113.9"},
    ],
    ids=["unknown", "a script", "a frame", "another name", "through a proxy"],
)
async def test_nobody_else_gets_the_key(browser, headers):
    answer = await browser.get("/glass", headers=headers)

    assert answer.status_code == 200
    assert key_in(answer.text) == ""
    assert "key_of" not in answer.text


async def test_no_page_can_frame_the_glass_box_or_keep_a_hand_on_it(browser):
    answer = await browser.get("/glass", headers=HERE)

    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/help/delivery", "/products/grat-crew", "/cart", "/demo"])
async def test_no_other_page_holds_a_key(browser, path):
    answer = await browser.get(path, headers=HERE)

    assert "key_of" not in answer.text


async def test_the_service_is_told_which_process_serves(browser, desk):
    key = await desk.service.identity.new_key("glass", "agent", "glass")

    answer = await browser.get("/v1/demo/place", headers={"Authorization": f"Bearer {key}"})

    told = answer.json()
    assert datetime.fromisoformat(told.pop("server_time")) <= desk.clock.now()
    assert told.pop("ahead_seconds") < 1
    assert told == {
        "pid": 4711,
        "started_at": "2026-03-02T09:00:00Z",
        "restart": "chatsession demo --port 8090",
    }


async def test_a_clock_that_was_moved_says_how_far(browser, desk):
    key = await desk.service.identity.new_key("glass", "agent", "glass")
    await desk.skip(await desk.open(), "closing")

    answer = await browser.get("/v1/demo/place", headers={"Authorization": f"Bearer {key}"})

    assert answer.json()["ahead_seconds"] == pytest.approx(desk.clock.moved().total_seconds(), abs=5)
    assert answer.json()["ahead_seconds"] > 60


async def test_others_are_not_told(browser, desk):
    for secret in (desk.token, "key_nobodys"):
        answer = await browser.get("/v1/demo/place", headers={"Authorization": f"Bearer {secret}"})

        assert answer.json()["code"] == "unauthorized"
    assert (await browser.get("/v1/demo/place")).json()["code"] == "unauthorized"
