"""The stores under test."""

import pytest
from stores.chats import eventually

from chatsession.stores.memory import MemoryStore
from chatsession.stores.sqlite import SqliteStore


@pytest.fixture
async def sqlite_store(tmp_path):
    store = SqliteStore(tmp_path / "chats.db")
    await store.open()
    yield store
    await store.close()


@pytest.fixture(params=["memory", "sqlite"])
async def store(request, tmp_path):
    """Each store in turn: whatever the contract promises, both keep."""
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "chats.db")
    await made.open()
    yield made
    await made.close()


@pytest.fixture(name="eventually")
def eventually_fixture():
    """Ask again until it is so."""
    return eventually
