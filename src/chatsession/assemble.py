"""The only place that chooses implementations: which store, which bus, which clock, which bot."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from chatsession.bot import Bot
from chatsession.buses.local import LocalBus
from chatsession.clock import Clock
from chatsession.clocks.system import SystemClock
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.ids import RandomBytes
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.service import Service
from chatsession.store import Store
from chatsession.stores.memory import MemoryStore
from chatsession.stores.sqlite import SqliteStore


def store_at(path: Path | str | None) -> Store:
    """The store in this file; without a path, one in memory that ends with the process."""
    return MemoryStore() if path is None else SqliteStore(path)


async def clock_for(store: Store) -> SystemClock:
    """The system's clock, never behind what the open store already holds."""
    return SystemClock(not_before=await store.last_instant())


def make_service(  # noqa: PLR0913  what is chosen from outside
    *,
    store: Store,
    bots: Mapping[str, Bot],
    inboxes: Mapping[str, Inbox],
    clock: Clock,
    config: RuntimeConfig | None = None,
    random: RandomBytes = secrets.token_bytes,
) -> Service:
    """The service over these parts, its news carried within this process."""
    return Service(store=store, bus=LocalBus(), bots=bots, clock=clock, inboxes=inboxes, config=config, random=random)
