"""A server of its own for each test that asks for one."""

import json

import pytest
from server.house import House, house

from chatsession.server.documenting import document_of
from chatsession.server.routes import ROUTES


@pytest.fixture(scope="session")
def contract():
    """The OpenAPI document."""
    return json.loads(document_of(ROUTES))


@pytest.fixture
async def served():
    """A server whose bot answers three times."""
    async with house("Hi, how can I help?", "It takes two days.", "You are welcome.") as one:
        yield one


@pytest.fixture
async def ana(served: House):
    """A visitor of the shop."""
    return await served.visitor()


@pytest.fixture
async def bea(served: House):
    """Another visitor of the shop."""
    return await served.visitor()


@pytest.fixture
async def carl(served: House):
    """An agent."""
    return await served.key("agent", name="carl")


@pytest.fixture
async def admin(served: House):
    """A program with an admin key."""
    return await served.key("admin")
