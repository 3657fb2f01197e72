"""The log stays bounded while somebody reads on and on, and search keeps up while somebody writes on and on."""

import asyncio
from datetime import UTC, datetime

import pytest
from stores.chats import Chat, all_frames

from chatsession.sqlite.log import PAGES_MAX
from chatsession.store import SessionQuery
from chatsession.stores.sqlite import SqliteStore

PAGE_BYTES = 4_096
SAMPLES, SAMPLED_EVERY_SECONDS = 20, 0.1
APPENDS = "select count(*) from appends"


@pytest.mark.slow
async def test_the_log_stays_bounded_with_a_reader_that_never_leaves(sqlite_store):
    reader = SqliteStore(sqlite_store.path, read_only=True)
    await reader.open()
    chats = [Chat(f"ses_{number}", visitor=f"vis_{number}") for number in range(20)]
    await asyncio.gather(*(sqlite_store.append(chat.opened()) for chat in chats))
    log, largest = sqlite_store.path.with_name("chats.db-wal"), 0

    for _ in range(120):
        await asyncio.gather(*(sqlite_store.append(chat.asks("x" * 16_000)) for chat in chats))
        assert len(await all_frames(reader, chats[0].id)) == chats[0].session.seq
        await reader.find(SessionQuery(limit=1))
        largest = max(largest, log.stat().st_size)
    written = sqlite_store.path.stat().st_size
    await reader.close()

    assert written > 1.5 * PAGES_MAX * PAGE_BYTES
    assert largest < 1.5 * PAGES_MAX * PAGE_BYTES


@pytest.mark.slow
async def test_search_trails_by_two_seconds_at_most_while_many_write(sqlite_store):
    chats = [Chat(f"ses_{number}", visitor=f"vis_{number}") for number in range(50)]
    newest, lags = datetime.now(UTC), []

    async def talk(chat):
        nonlocal newest
        while len(lags) < SAMPLES:
            chat.at = at = datetime.now(UTC)
            await sqlite_store.append(chat.asks("where is my parcel now") if chat.session else chat.opened("parcel"))
            newest = max(newest, at)

    async def watch():
        while len(lags) < SAMPLES:
            acknowledged = newest
            as_of = (await sqlite_store.find(SessionQuery(q="parcel", limit=1))).as_of
            if as_of is not None:
                lags.append((acknowledged - as_of).total_seconds())
            await asyncio.sleep(SAMPLED_EVERY_SECONDS)

    await asyncio.gather(watch(), *(talk(chat) for chat in chats))

    assert await sqlite_store.writer.run(lambda database: database.execute(APPENDS).fetchall()[0][0]) > 500
    assert max(lags) <= 2
