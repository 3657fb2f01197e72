"""Pages of other origins: each inbox's own list, exactly."""

import pytest
import pytest_asyncio
from server.house import house, problem

from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.refused import RefusedError
from chatsession.server.origins import check_origin

SHOP = "https://shop.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def listed():
    """A shop that names its page, and a bank that does not."""
    async with house(origins=(SHOP, "http://shop.example:8080")) as one:
        yield one


@pytest.mark.parametrize(
    ("origins", "origin", "host"),
    [
        ((SHOP,), SHOP, "chat.example"),
        ((SHOP,), None, "chat.example"),
        ((), None, "chat.example"),
        ((), "http://localhost:5173", "127.0.0.1:8080"),
        ((), "http://127.0.0.1:5173", "chat.example"),
        ((), "http://[::1]:5173", "chat.example"),
        ((), "http://demo.localhost", "chat.example"),
        ((), "https://chat.example", "chat.example"),
        ((), "https://chat.example", "chat.example:443"),
        ((), "http://chat.example:8080", "chat.example:8080"),
        ((), "https://Chat.Example", "chat.example"),
    ],
)
def test_these_pages_may_come_in(origins, origin, host):
    check_origin(Inbox(name="shop", origins=origins), origin, host)


@pytest.mark.parametrize(
    ("origins", "origin", "host"),
    [
        ((SHOP,), "http://shop.example", "chat.example"),
        ((SHOP,), "https://shop.example:8443", "chat.example"),
        ((SHOP,), "https://www.shop.example", "chat.example"),
        ((SHOP,), "https://shop.example.evil.example", "chat.example"),
        ((SHOP,), "https://shop.example/", "chat.example"),
        ((SHOP,), "null", "chat.example"),
        ((SHOP,), "", "chat.example"),
        ((SHOP,), "http://localhost", "chat.example"),
        ((SHOP,), "https://chat.example", "chat.example"),
        ((), "https://evil.example", "chat.example"),
        ((), "null", "chat.example"),
        ((), "http://localhost.evil.example", "chat.example"),
        ((), "http://127.0.0.1.evil.example", "chat.example"),
        ((), "https://chat.example:8443", "chat.example"),
        ((), "http://chat.example", "chat.example:443"),
        ((), "file://", "chat.example"),
        ((), "https://[broken", "chat.example"),
        ((), "https://chat.example:port", "chat.example"),
    ],
)
def test_these_pages_may_not(origins, origin, host):
    with pytest.raises(RefusedError) as refused:
        check_origin(Inbox(name="shop", origins=origins), origin, host)

    assert refused.value.refusal.code == "forbidden"


@pytest.mark.parametrize("path", ["/v1/inboxes/shop/visitors", "/v1/sessions/ses_x/messages", "/v1/visitors/me/logout"])
async def test_a_preflight_of_a_listed_page_is_answered(listed, path):
    answer = await listed.nobody.ask("OPTIONS", path, headers={"Origin": SHOP, **PREFLIGHT})

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert {"POST", "PATCH", "DELETE"} <= set(answer.headers["access-control-allow-methods"].split(", "))
    assert "authorization" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["vary"] == "origin"


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("/v1/inboxes/shop/visitors", "https://evil.example"),
        ("/v1/inboxes/bank/visitors", SHOP),
        ("/v1/inboxes/nowhere/visitors", SHOP),
        ("/v1/sessions/ses_x/messages", "https://evil.example"),
    ],
)
async def test_a_preflight_of_any_other_page_is_not(listed, path, origin):
    answer = await listed.nobody.ask("OPTIONS", path, headers={"Origin": origin, **PREFLIGHT})

    problem(answer, 403, "forbidden")
    assert "access-control-allow-origin" not in answer.headers


async def test_a_listed_page_reads_answers_refusals_among_them(listed):
    for path in ("/v1/inboxes/shop/visitors", "/v1/sessions/ses_x/messages", "/v1/nothing"):
        answer = await listed.nobody.post(path, headers={"Origin": SHOP})
        assert answer.headers["access-control-allow-origin"] == SHOP
        assert "retry-after" in answer.headers["access-control-expose-headers"]


async def test_another_page_gets_nothing_done(listed):
    answer = await listed.nobody.post("/v1/inboxes/shop/visitors", headers={"Origin": "https://evil.example"})

    problem(answer, 403, "forbidden")
    assert "access-control-allow-origin" not in answer.headers


async def test_a_token_works_from_the_pages_of_its_own_inbox_alone(listed):
    ana, bob = await listed.visitor("shop"), await listed.visitor("bank")

    assert (await ana.get("/v1/visitors/me/sessions", headers={"Origin": SHOP})).status_code == 200
    problem(await bob.get("/v1/visitors/me/sessions", headers={"Origin": SHOP}), 403, "forbidden")
    local = {"Origin": "http://localhost:3000"}
    problem(await ana.get("/v1/visitors/me/sessions", headers=local), 403, "forbidden")
    assert (await bob.get("/v1/visitors/me/sessions", headers=local)).status_code == 200


async def test_programs_send_no_origin_and_are_not_meant(listed):
    answer = await listed.nobody.post("/v1/inboxes/shop/visitors")

    assert answer.status_code == 201
    assert "access-control-allow-origin" not in answer.headers
