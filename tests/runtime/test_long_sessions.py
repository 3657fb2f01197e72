"""However long a session is, everybody else is served while it is read."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from stage import admin, stage
from stores.chats import Chat, trace_of

from chatsession.core import events as e
from chatsession.core.apply import apply
from chatsession.runtime.folding import FRAMES_EACH
from chatsession.runtime.following import no_wait
from chatsession.runtime.refused import RefusedError
from chatsession.store import Append
from chatsession.stores.sqlite import SqliteStore
from chatsession.stores.sqlite.store import FRAMES_AT_ONCE_MAX, ROWS_AT_ONCE_MAX, TRACES_AT_ONCE_MAX

EVENTS = 50_000
APPENDED_AT_ONCE = 10_000


class Heart:
    """Beats whenever the event loop is free."""

    beats = 0

    async def beat(self) -> None:
        while True:
            self.beats += 1
            await asyncio.sleep(0)


@asynccontextmanager
async def beating():
    """A heart that beats beside what happens here; beats before it do not count."""
    heart = Heart()
    task = asyncio.create_task(heart.beat())
    await asyncio.sleep(0)
    heart.beats = 0
    yield heart
    task.cancel()


def more_of(chat: Chat, count: int) -> Append:
    """A long stretch of a session in which somebody only typed."""
    session, events, before = chat.session, [], chat.session.seq
    for seq in range(before + 1, before + count + 1):
        chat.at += timedelta(seconds=1)
        events.append(e.ActivitySeen(seq=seq, at=chat.at, by="visitor", covers_until=chat.at))
        session = apply(session, events[-1])
    chat.session = session
    frames = tuple(map(e.encode, events))
    return Append(session=session, events=tuple(events), frames=frames, expected_seq=before, wake_at=None)


@pytest.fixture
async def long(tmp_path):
    """A store with one long session, of which no snapshot can be used."""
    store, chat = SqliteStore(tmp_path / "chats.db"), Chat()
    await store.open()
    await store.append(chat.opened("Hello"))
    while chat.session.seq < EVENTS:
        await store.append(more_of(chat, APPENDED_AT_ONCE))
    yield store, chat
    await store.close()


async def test_everybody_is_served_while_a_long_session_is_fetched_and_followed(long):
    store, chat = long
    async with stage(store=store) as on:
        async with beating() as heart:
            view = await on.view(admin(), chat.id)
        fetching = heart.beats
        heard = []
        async with beating() as heart:
            await on.service.following.follow(admin(), chat.id, 0, heard.append, no_wait)

    assert view.seq == chat.session.seq
    assert fetching > EVENTS / FRAMES_EACH
    assert len(heard) >= chat.session.seq  # The deadline that had passed may have caused one more.
    assert heart.beats >= EVENTS / FRAMES_EACH


async def test_a_session_that_is_erased_while_it_is_fetched_does_not_come_back(long):
    store, chat = long
    async with stage(store=store) as on:
        fetching = asyncio.create_task(on.view(admin(), chat.id))
        await asyncio.sleep(0)

        await on.service.erasing.erase_session(chat.id)

        for asked in (fetching, on.view(admin(), chat.id)):
            with pytest.raises(RefusedError, match="no such thing"):
                await asked


async def test_everybody_is_served_while_all_frames_or_traces_of_a_session_are_read(long):
    store, chat = long
    for turn in range(TRACES_AT_ONCE_MAX + 1):
        await store.put_trace(trace_of(chat, turn=turn))

    async with beating() as heart:
        frames, after_frames = await store.frames(chat.id, 0, 10**9), heart.beats
        traces = await store.traces(chat.id)

    assert len(frames) == chat.session.seq
    assert len(traces) == TRACES_AT_ONCE_MAX + 1
    assert 0 < after_frames < heart.beats


async def test_everybody_is_served_while_a_long_list_of_sessions_is_read(tmp_path):
    store = SqliteStore(tmp_path / "chats.db")
    await store.open()
    chats = [Chat(f"ses_{number}") for number in range(3)]
    for chat in chats:
        await store.append(chat.opened())
        await store.append(chat.closed())

    async with beating() as heart:
        listed = await store.sessions_of("shop", chats[0].visitor, ROWS_AT_ONCE_MAX + 1)
    await store.close()

    assert [row.id for row in listed] == ["ses_2", "ses_1", "ses_0"]
    assert heart.beats > 0


async def test_what_is_short_is_read_at_once(tmp_path):
    store, chat = SqliteStore(tmp_path / "chats.db"), Chat()
    await store.open()
    await store.append(chat.opened())

    async with beating() as heart:
        await store.load(chat.id)
        await store.frames(chat.id, 0, FRAMES_AT_ONCE_MAX * 2)
        await store.traces(chat.id)
        await store.sessions_of("shop", chat.visitor, ROWS_AT_ONCE_MAX)
    await store.close()

    assert heart.beats == 0
