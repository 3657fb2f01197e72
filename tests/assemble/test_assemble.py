from datetime import timedelta

from chatsession.assemble import clock_for, make_service, store_at
from chatsession.clocks.system import SystemClock
from chatsession.runtime.inboxes import Inbox
from chatsession.stores.memory import MemoryStore
from chatsession.stores.sqlite import SqliteStore


def test_without_a_path_the_store_is_in_memory(tmp_path):
    assert isinstance(store_at(None), MemoryStore)
    assert isinstance(store_at(tmp_path / "chats.db"), SqliteStore)


async def test_time_does_not_go_back_when_a_store_is_opened_again(tmp_path):
    store = store_at(tmp_path / "chats.db")
    await store.open()
    ahead = SystemClock().now() + timedelta(days=3)
    await store.heartbeat(ahead)
    await store.close()
    await store.open()

    clock = await clock_for(store)

    assert clock.now() >= ahead
    await store.close()


async def test_the_assembled_service_serves():
    store = store_at(None)
    await store.open()
    clock = await clock_for(store)
    service = make_service(store=store, bots={}, inboxes={"shop": Inbox(name="shop")}, clock=clock)

    await service.start()
    grant = await service.identity.new_visitor("shop")

    assert grant.visitor.inbox == "shop"
    await service.drain(timedelta(0))
    await store.close()
