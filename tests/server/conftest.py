"""A server for each file of tests; each test has visitors and sessions of its own, and may move the clock."""

import json
from pathlib import Path

import pytest
import pytest_asyncio
from server.house import House, house

from chatsession.server.documenting import document_of
from chatsession.server.routes import ROUTES

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def contract():
    """The OpenAPI document."""
    return json.loads(document_of(ROUTES))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served():
    """A server whose bot always says the same."""
    async with house(*["Hi, how can I help?"] * 1_000) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def ana(served: House):
    """A visitor of the shop."""
    return await served.visitor()


@pytest_asyncio.fixture(loop_scope="module")
async def bea(served: House):
    """Another visitor of the shop."""
    return await served.visitor()


@pytest_asyncio.fixture(loop_scope="module")
async def carl(served: House):
    """An agent."""
    return await served.key("agent", name="carl")


@pytest_asyncio.fixture(loop_scope="module")
async def admin(served: House):
    """A program with an admin key."""
    return await served.key("admin")


@pytest_asyncio.fixture(loop_scope="module")
async def fresh():
    """A server in which nothing has happened yet."""
    async with house(*["Hi, how can I help?"] * 10) as one:
        yield one


def pytest_collection_modifyitems(items) -> None:
    """Run the tests of one file in one loop, the one its server is in."""
    for item in items:
        if item.path.parent == HERE and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)
