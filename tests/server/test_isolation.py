"""Nobody reads, changes or learns of what is somebody else's: every route × everybody who must be kept out."""

from dataclasses import dataclass, field

import httpx
import pytest
import pytest_asyncio
from server.house import Caller, House, house, problem

from chatsession.server.routes import ROUTES, Access
from chatsession.stores.disk import DiskFiles
from chatsession.widget import FilesAllowed, Widget

MESSAGE = {"text": "Let me in"}
UNKNOWN = {"session": "ses_nobody", "thread": "thr_nobody_1", "visitor": "vis_nobody", "inbox": "nowhere"}
UNKNOWN |= {"file": "fil_nobody_1", "seq": "2", "key": "nobody"}

BODIES: dict[str, dict | None] = {
    "POST /v1/sessions/{session}/messages": MESSAGE,
    "POST /v1/sessions/{session}/typing": None,
    "POST /v1/sessions/{session}/read": {"seq": 1},
    "POST /v1/sessions/{session}/keep-open": None,
    "POST /v1/sessions/{session}/close": None,
    "POST /v1/sessions/{session}/resume": {"message": MESSAGE},
    "POST /v1/sessions/{session}/handoff": {"note": "urgent"},
    "POST /v1/sessions/{session}/queue-choice": {"choice": "wait"},
    "POST /v1/sessions/{session}/stop": None,
    "POST /v1/sessions/{session}/retry": None,
    "POST /v1/sessions/{session}/files": None,
    "POST /v1/sessions/{session}/resume-link": None,
    "GET /v1/sessions/{session}/transcript": None,
    "GET /v1/files/{file}": None,
    "POST /v1/sessions/{session}/feedback": {"score": 1},
    "POST /v1/sessions/{session}/resolve": {"outcome": "confirmed"},
    "POST /v1/sessions/{session}/claim": None,
    "POST /v1/sessions/{session}/return": None,
    "POST /v1/sessions/{session}/snooze": {"until": "2026-01-06T12:00:00Z"},
    "POST /v1/sessions/{session}/end-snooze": None,
    "POST /v1/sessions/{session}/notes": {"text": "note"},
    "POST /v1/sessions/{session}/threads": {"topic": "delivery"},
    "PATCH /v1/sessions/{session}/context": {"set": {"order": "1"}},
    "PUT /v1/sessions/{session}/policy": {},
    "DELETE /v1/sessions/{session}/messages/{seq}": None,
    "PATCH /v1/threads/{thread}": {"title": "Mine"},
    "GET /v1/sessions/{session}": None,
    "GET /v1/sessions/{session}/events": None,
    "GET /v1/sessions/{session}/traces": None,
    "GET /v1/sessions/{session}/stream": None,
    "GET /v1/visitors/{visitor}/threads": None,
    "DELETE /v1/visitors/{visitor}": None,
    "GET /v1/inboxes/{inbox}/policy": None,
    "PUT /v1/inboxes/{inbox}/policy": {},
    "DELETE /v1/keys/{key}": None,
    "POST /v1/tickets": {"session": "{session}"},
}
"""Routes that name something: whoever may not see it gets what they would get if it were not there."""
OWN = {
    "GET /v1/visitors/me/sessions": None,
    "GET /v1/visitors/me/threads": None,
    "POST /v1/visitors/me/logout": None,
    "GET /v1/sessions": None,
    "GET /v1/keys": None,
    "POST /v1/keys": {"id": "mallory", "role": "admin", "inboxes": ["shop"]},
    "POST /v1/inboxes/{inbox}/sessions": {"message": MESSAGE},
}
"""Routes that answer each caller with their own: never with another's."""
OPEN = {
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "POST /v1/inboxes/{inbox}/visitors",
    "GET /v1/inboxes/{inbox}/widget",
    "GET /widget.js",
    "GET /widget/{name:path}",
    "GET /chat/{inbox}",
    "OPTIONS /v1/inboxes/{inbox}/policy",
    "OPTIONS /v1/keys",
}
"""Routes that need no credential: they name nobody."""

FOR_STAFF = ("traces", "resolve", "claim", "return", "snooze", "notes", "policy", "DELETE")
STRANGERS = (
    "another visitor",
    "a visitor of another inbox",
    "an agent without the inbox",
    "a key without the inbox",
    "a bot without the inbox",
)
UNKNOWNS = ("nobody", "a token that was revoked", "a token that never was", "a key that never was")


def routes_of(*kinds: Access) -> set[str]:
    found = set()
    for access, handlers in ROUTES.items():
        if not kinds or access in kinds:
            for handler in handlers:
                for path in handler.paths:
                    plain = path.replace(":str", "").replace(":int", "")
                    found |= {f"{method} {plain}" for method in handler.http_methods}
    return found


def test_every_route_is_in_the_matrix():
    assert routes_of() == BODIES.keys() | OWN.keys() | OPEN
    assert routes_of(Access.OPEN, Access.PAGE) == OPEN


@dataclass
class Cast:
    """Ana with everything that is hers, and everybody who must be kept out of it."""

    house: House
    ana: Caller
    hers: dict[str, str]
    callers: dict[str, Caller] = field(default_factory=dict)

    async def ask(self, caller: Caller, route: str, names: dict[str, str], body) -> httpx.Response:
        method, path = route.split()
        filled = {
            key: value.format(**names) if isinstance(value, str) else value for key, value in (body or {}).items()
        }
        return await caller.ask(method, path.format(**names), **({} if body is None else {"json": filled}))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cast(tmp_path_factory):
    files = DiskFiles(tmp_path_factory.mktemp("files"))
    async with house(files=files, widget=Widget(files=FilesAllowed(types=("text/plain",)))) as one:
        ana = await one.visitor()
        session = await ana.open("My address is Main Street 4.")
        thread = (await ana.post(f"/v1/sessions/{session}/threads", {"topic": "delivery"})).json()["id"]
        path, text = f"/v1/sessions/{session}/files?name=address.txt", {"Content-Type": "text/plain"}
        file = (await ana.ask("POST", path, content=b"Main Street 4", headers=text)).json()["id"]
        hers = {"session": session, "thread": thread, "visitor": ana.id, "inbox": "shop", "file": file, "seq": "2"}
        await one.key("agent", name="shop-agent", inboxes=("shop",))
        hers["key"] = "shop-agent"
        revoked = await one.visitor()
        await revoked.post("/v1/visitors/me/logout")
        yield Cast(
            one,
            ana,
            hers,
            {
                "another visitor": await one.visitor(),
                "a visitor of another inbox": await one.visitor("bank"),
                "an agent without the inbox": await one.key("agent", name="eve", inboxes=("bank",)),
                "a key without the inbox": await one.key("admin", name="other", inboxes=("bank",)),
                "a bot without the inbox": await one.key("bot", name="bot", inboxes=("bank",)),
                "nobody": one.nobody,
                "a token that was revoked": revoked,
                "a token that never was": Caller(one.http, "x" * 43),
                "a key that never was": Caller(one.http, "key_" + "x" * 43),
            },
        )


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("route", BODIES)
async def test_what_is_somebody_elses_is_answered_like_what_is_not_there(cast: Cast, route: str, stranger: str):
    caller = cast.callers[stranger]
    before = await cast.ana.events(cast.hers["session"])

    real = await cast.ask(caller, route, cast.hers, BODIES[route])
    unreal = await cast.ask(caller, route, UNKNOWN, BODIES[route])

    if "{inbox}" in route and stranger == "another visitor":
        assert real.status_code == 403
    elif "visitor" in stranger and not any(word in route for word in FOR_STAFF):
        problem(real, 404, "not_found")
    assert real.status_code in (403, 404)
    assert (real.status_code, real.content) == (unreal.status_code, unreal.content)
    assert {**real.headers, "date": ""} == {**unreal.headers, "date": ""}
    assert await cast.ana.events(cast.hers["session"]) == before


@pytest.mark.parametrize("unknown", UNKNOWNS)
@pytest.mark.parametrize("route", [*BODIES, *OWN])
async def test_without_a_credential_every_route_answers_the_same(cast: Cast, route: str, unknown: str):
    body = {**BODIES, **OWN}[route]

    real = await cast.ask(cast.callers[unknown], route, cast.hers, body)
    unreal = await cast.ask(cast.callers[unknown], route, UNKNOWN, body)

    problem(real, 401, "unauthorized")
    assert real.content == unreal.content


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("route", [route for route in OWN if "logout" not in route])
async def test_lists_hold_nothing_of_others(cast: Cast, route: str, stranger: str):
    answer = await cast.ask(cast.callers[stranger], route, cast.hers, OWN[route])

    assert not any(cast.hers[name] in answer.text for name in ("session", "thread", "visitor", "key"))
    assert "Main Street" not in answer.text


@pytest.mark.parametrize("filters", [{"visitor": "{visitor}"}, {"q": "Main Street"}, {"inbox": "shop"}])
async def test_no_filter_reaches_into_another_inbox(cast: Cast, filters):
    named = {key: value.format(**cast.hers) for key, value in filters.items()}

    answer = await cast.callers["an agent without the inbox"].get("/v1/sessions", params=named)

    assert cast.hers["session"] not in answer.text


async def test_a_visitors_token_of_the_same_person_in_another_inbox_is_another_visitor(cast: Cast):
    signed = cast.house.signed("customer-7", inbox="bank")

    problem(await cast.house.nobody.post("/v1/inboxes/bank/visitors", {"jwt": signed}), 401, "unauthorized")
