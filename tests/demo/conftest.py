import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from chatsession.assemble import clock_for, make_service, store_at
from chatsession.bots.echo import EchoBot
from chatsession.demo.inboxes import inboxes
from chatsession.demo.pages import demo_pages
from chatsession.demo.place import Place
from chatsession.demo.skipping import Skipping, SkipRequest
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.opening import MessageIn, OpenRequest
from chatsession.server.app import create_app

HERE = Path(__file__).parent
DEADLINE_SECONDS = 30
BASE_URL = "http://127.0.0.1:8090"
PLACE = Place(
    base_url=BASE_URL,
    data="/srv/<shop>",
    keys="/srv/<shop>/keys.json",
    pid=4711,
    version="1.2.3",
    durability="D2",
    restart="chatsession demo --port 8090",
    command="chatsession",
    started_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    agent_key="key_of_the_agent",
)
QUICK = RuntimeConfig(heartbeat_every=timedelta(milliseconds=50))


class Desk:
    """The demo's service with its skipping, and one visitor."""

    def __init__(self, service, clock, visitor, token):
        self.service, self.clock, self.visitor, self.token = service, clock, visitor, token
        self.skipping = Skipping(service, clock)

    async def open(self) -> str:
        opened = await self.service.opening.open(
            self.visitor, "support", OpenRequest(message=MessageIn(text="Do you have socks?"))
        )
        session = opened.session.id
        async with asyncio.timeout(DEADLINE_SECONDS):
            while (view := await self.service.reading.view(self.visitor, session)).waiting_on != "visitor":
                await self.service.reading.events(self.visitor, session, view.seq, 500, 5)
        return session

    async def skip(self, session: str, to, principal=None):
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await self.skipping.skip(principal or self.visitor, SkipRequest(session, to))

    async def types(self, session: str) -> list[str]:
        frames = await self.service.store.frames(session, 0, 500)
        return [frame.split(b'"type":"')[1].split(b'"')[0].decode() for frame in frames]


@asynccontextmanager
async def opened():
    """A desk that nobody sat at."""
    store = store_at(None)
    await store.open()
    clock = await clock_for(store)
    bot = EchoBot()
    service = make_service(
        store=store, bots={"support": bot, "sales": bot}, inboxes=inboxes(), clock=clock, config=QUICK
    )
    await service.start()
    grant = await service.identity.new_visitor("support")
    yield Desk(service, clock, await service.identity.of_token(grant.token), grant.token)
    await service.drain()
    await store.close()


def browsing(desk: Desk, pages) -> httpx.AsyncClient:
    """Whoever asks for these pages of the desk's."""
    app = create_app(desk.service, pages=pages)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL, verify=False)  # noqa: S501  no TLS here


@pytest.fixture
async def desk():
    async with opened() as one:
        yield one


@pytest.fixture
async def browser(desk):
    async with browsing(desk, demo_pages(desk.service, desk.clock, PLACE)) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop():
    """The demo's pages, for tests that only read them."""
    async with opened() as desk, browsing(desk, demo_pages(desk.service, desk.clock, PLACE)) as client:
        yield client


def pytest_collection_modifyitems(items) -> None:
    """Run the tests that only read pages in one loop, the one that their pages come from."""
    for item in items:
        if item.path.parent == HERE and "shop" in item.fixturenames:
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)
