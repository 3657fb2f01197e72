import httpx
import pytest

from chatsession.demo.pages import no_skipping
from chatsession.server.app import create_app

BASE_URL = "http://127.0.0.1:8090"


async def test_the_guide_says_what_is_there(browser):
    answer = await browser.get("/demo")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    for said in (BASE_URL, "/openapi.json", "/healthz", "/glass", "support", "3 min", "sales", "4 h", "kill -9 4711"):
        assert said in answer.text
    assert "/srv/&lt;shop&gt;/keys.json" in answer.text
    assert "chatsession demo --port 8090" in answer.text


async def test_time_is_skipped_over_http_with_the_visitors_own_token(browser, desk):
    session = await desk.open()

    answer = await browser.post(
        "/v1/demo/skip", json={"session": session, "to": "closing"}, headers={"Authorization": f"Bearer {desk.token}"}
    )

    assert answer.status_code == 200
    assert answer.json()["phase"] == "closed"
    assert answer.json()["close_reason"] == "timeout"


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({}, {"session": "ses_1", "to": "closing"}, "unauthorized"),
        ({"Authorization": "Bearer key_nobodys"}, {"session": "ses_1", "to": "closing"}, "unauthorized"),
        ({"Authorization": "Bearer TOKEN"}, {"session": "ses_1", "to": "closing"}, "not_found"),
        ({"Authorization": "Bearer TOKEN"}, {"session": "ses_1", "to": "yesterday"}, "invalid_request"),
        ({"Authorization": "Bearer TOKEN"}, {"session": "ses_1", "to": "closing", "by": "1h"}, "invalid_request"),
    ],
)
async def test_a_skip_that_is_wrong_gets_a_problem_and_moves_nothing(browser, desk, headers, body, code):
    headers = {name: value.replace("TOKEN", desk.token) for name, value in headers.items()}

    answer = await browser.post("/v1/demo/skip", json=body, headers=headers)

    assert answer.json()["code"] == code
    assert desk.clock.moved().total_seconds() == 0


async def test_elsewhere_time_is_not_skipped(desk):
    app = create_app(desk.service, pages=(no_skipping,))
    session = await desk.open()

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as client:
        answer = await client.post("/v1/demo/skip", json={"session": session, "to": "closing"})

    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"
    assert "chatsession demo" in answer.json()["detail"]
