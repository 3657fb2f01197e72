"""The house: the real server on a free port, in front of the real service, and short words for whoever calls it."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import jwt

from chatsession.buses.local import LocalBus
from chatsession.clocks.manual import ManualClock
from chatsession.core.policy import Policy
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.service import Service
from chatsession.server.options import ServerOptions
from chatsession.server.serving import running
from chatsession.stores.memory import MemoryStore
from chatsession.testing.scripted import ScriptedBot

SECRET = "a-secret-of-the-shop-that-is-long-enough-for-every-algorithm-that-signs"
PATIENCE = 20
"""Seconds after which a test that still waits has failed; nothing here is measured."""
POLICY = Policy(
    idle_timeout=timedelta(minutes=10),
    warn_before=timedelta(minutes=2),
    resume_window=timedelta(hours=1),
    threads="manual",
)


class Caller:
    """Somebody with a credential, and HTTP in short words; `id` is a visitor's own."""

    def __init__(self, http: httpx.AsyncClient, secret: str | None = None, visitor: str | None = None) -> None:
        self.http = http
        self.secret = secret
        self.id = visitor or ""
        self.headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}

    async def get(self, path: str, **more) -> httpx.Response:
        return await self.ask("GET", path, **more)

    async def post(self, path: str, body=None, **more) -> httpx.Response:
        return await self.ask("POST", path, **({} if body is None else {"json": body}), **more)

    async def patch(self, path: str, body, **more) -> httpx.Response:
        return await self.ask("PATCH", path, json=body, **more)

    async def put(self, path: str, body, **more) -> httpx.Response:
        return await self.ask("PUT", path, json=body, **more)

    async def ask(self, method: str, path: str, *, headers=None, **more) -> httpx.Response:
        return await self.http.request(method, path, headers={**self.headers, **(headers or {})}, **more)

    async def open(self, text: str | None = "Hello", *, inbox: str = "shop", **more) -> str:
        """Come into an inbox; the session's id."""
        body = {**({} if text is None else {"message": {"text": text}}), **more}
        answer = await self.post(f"/v1/inboxes/{inbox}/sessions", body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()["id"]

    async def say(self, session: str, text: str, **more) -> httpx.Response:
        return await self.post(f"/v1/sessions/{session}/messages", {"text": text, **more})

    async def view(self, session: str) -> dict:
        return (await self.get(f"/v1/sessions/{session}")).json()

    async def events(self, session: str, after: int = 0, limit: int = 500) -> list[dict]:
        answer = await self.get(f"/v1/sessions/{session}/events", params={"after": after, "limit": limit})
        assert answer.status_code == 200, answer.text
        return answer.json()["events"]

    async def types(self, session: str) -> list[str]:
        return [event["type"] for event in await self.events(session)]


class House:
    """The server, what is behind it, and who comes to it."""

    def __init__(self, url: str, service: Service, clock: ManualClock, http: httpx.AsyncClient, leave):
        self.url = url
        self.service = service
        self.clock = clock
        self.http = http
        self.nobody = Caller(http)
        self.leave = leave
        """Stop serving, as at the end."""

    @property
    def host(self) -> str:
        """What the `Host` header says."""
        return self.url.removeprefix("http://")

    async def raw(self, sent: bytes) -> bytes:
        """Send bytes as they are; everything that comes back until the server hangs up."""
        host, port = self.host.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent)
        try:
            async with asyncio.timeout(PATIENCE):
                return await reader.read()
        finally:
            writer.close()
            await writer.wait_closed()

    async def visitor(self, inbox: str = "shop", **body) -> Caller:
        """Somebody new in an inbox."""
        answer = await self.nobody.post(f"/v1/inboxes/{inbox}/visitors", body)
        assert answer.status_code == 201, answer.text
        return Caller(self.http, answer.json()["token"], answer.json()["id"])

    async def key(
        self, role: str = "admin", *, name: str | None = None, inboxes: tuple[str, ...] | None = None
    ) -> Caller:
        """A program or agent with a key."""
        secret = await self.service.identity.new_key(name or role, role, (name or role).title(), inboxes)
        return Caller(self.http, secret)

    def signed(self, subject: str, inbox: str = "shop", **claims) -> str:
        """An identity as the shop's website signs it."""
        until = self.clock.now() + timedelta(minutes=5)
        claims = {"sub": subject, "aud": inbox, "exp": until.timestamp(), "jti": secrets.token_hex(8), **claims}
        return jwt.encode(claims, SECRET, algorithm="HS256")


@asynccontextmanager
async def house(
    *steps,
    policy: Policy = POLICY,
    options: ServerOptions | None = None,
    store=None,
    files=None,
    pages=(),
    config=None,
    **inbox,
):
    """A server with the inboxes `shop` (a bot that plays the steps) and `bank`."""
    clock, bot = ManualClock(), ScriptedBot(*steps)
    shop = Inbox(name="shop", policy=policy, identity_secrets=(SECRET,), **inbox)
    service = Service(
        store=store or MemoryStore(),
        bus=LocalBus(),
        bots={"shop": bot},
        clock=clock,
        inboxes={"shop": shop, "bank": Inbox(name="bank", policy=policy)},
        files=files,
        config=config or RuntimeConfig(messages_burst=10_000),
    )
    options = options or ServerOptions(turn_grace_seconds=0)
    async with AsyncExitStack() as server:
        url = await server.enter_async_context(running(service, options, pages=pages))
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, verify=False) as http:  # noqa: S501  no TLS here
            yield House(url, service, clock, http, server.aclose)


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


def instant(text: str) -> datetime:
    """A time as it is written over HTTP."""
    return datetime.fromisoformat(text).astimezone(UTC)


def problem(answer: httpx.Response, status: int, code: str) -> dict:
    """The problem document of an answer that must be one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    document = answer.json()
    assert (answer.status_code, document["status"], document["code"]) == (status, status, code), document
    assert all(document[field] for field in ("type", "title", "detail")), document
    assert "Traceback" not in answer.text
    return document
