"""Nobody may ask for everything at once: rates, room, names, and whom forwarded addresses are believed from."""

import asyncio

from server.house import house, problem, until

from chatsession.runtime.config import RuntimeConfig
from chatsession.server.options import ServerOptions


def options(**changes) -> ServerOptions:
    return ServerOptions(turn_grace_seconds=0, **changes)


async def test_a_visitor_who_asks_too_fast_is_told_when_to_try_again():
    async with house(options=options(requests_per_second=0.01, requests_burst=5)) as served:
        ana, bea = await served.visitor(), await served.visitor()
        answers = [await ana.get("/v1/visitors/me/sessions") for _ in range(6)]

        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert problem(answers[-1], 429, "rate_limited")["retry_after"] == int(answers[-1].headers["retry-after"]) == 1
        assert (await bea.get("/v1/visitors/me/sessions")).status_code == 200


async def test_messages_have_their_own_rate_and_a_repetition_costs_nothing():
    async with house(config=RuntimeConfig(messages_per_second=1, messages_burst=3)) as served:
        ana = await served.visitor()
        session = await ana.open(None)

        answers = [await ana.say(session, f"{number}", client_id=f"m{number}") for number in range(4)]
        again = await ana.say(session, "0", client_id="m0")

        assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
        problem(answers[-1], 429, "rate_limited")
        assert (again.status_code, again.json()) == (200, answers[0].json())
        await served.clock.advance("2s")
        assert (await ana.say(session, "3", client_id="m3")).status_code == 201


async def test_an_address_that_asks_too_fast_is_told_so_and_others_are_served():
    limited = options(trusted_proxies=("127.0.0.1",), address_requests_per_second=0.01, address_requests_burst=3)
    async with house(options=limited) as served:

        async def come_in(address: str) -> int:
            headers = {"X-Forwarded-For": address}
            return (await served.nobody.post("/v1/inboxes/shop/visitors", headers=headers)).status_code

        assert [await come_in("203.0.113.7") for _ in range(4)] == [201, 201, 201, 429]
        assert await come_in("203.0.113.8") == 201
        assert await come_in("198.51.100.9, 203.0.113.7") == 429
        assert (await served.nobody.get("/healthz", headers={"X-Forwarded-For": "203.0.113.7"})).status_code == 200


async def test_forwarded_addresses_are_believed_from_nobody_by_default():
    async with house(options=options(address_requests_per_second=0.01, address_requests_burst=1)) as served:
        for _ in range(5):
            answer = await served.nobody.post("/v1/inboxes/shop/visitors", headers={"X-Forwarded-For": "203.0.113.7"})
            assert answer.status_code == 201


async def test_the_server_answers_to_its_names_alone():
    async with house(options=options(hosts=("chat.shop.example", "localhost"))) as served:
        for host in ("chat.shop.example", "chat.shop.example:8443", "localhost:1", "CHAT.shop.example"):
            assert (await served.nobody.get("/openapi.json", headers={"Host": host})).status_code == 200
        for host in ("evil.example", "shop.example", "127.0.0.1"):
            problem(await served.nobody.get("/openapi.json", headers={"Host": host}), 403, "forbidden")
        assert (await served.nobody.get("/healthz")).status_code == 200


async def test_there_is_room_for_so_many_requests_and_no_more():
    async with house(options=options(requests_running_max=1)) as served:
        ana = await served.visitor()
        session = await ana.open(None)
        after = (await ana.view(session))["seq"]
        polling = asyncio.create_task(ana.get(f"/v1/sessions/{session}/events", params={"after": after, "wait": 20}))
        await until(lambda: len(served.service.following))

        refused = await served.nobody.post("/v1/inboxes/shop/visitors")

        assert int(refused.headers["retry-after"]) > 0
        problem(refused, 503, "overloaded")
        served.service.following.end_all("draining")
        assert (await polling).status_code == 200
        assert (await served.nobody.post("/v1/inboxes/shop/visitors")).status_code == 201
