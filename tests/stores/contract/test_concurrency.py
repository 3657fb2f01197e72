"""Many at once: every list stays gap-free, and of those who race one wins."""

import asyncio

from cast import NOON
from stores.chats import Chat, all_frames, whole_feed

from chatsession.core import events as e
from chatsession.core.apply import fold
from chatsession.store import AlreadyOpenError, ConflictError, DuplicateError


async def test_many_sessions_at_once_each_keep_their_own_order(store):
    chats = [Chat(f"ses_{number}", visitor=f"vis_{number}") for number in range(40)]

    async def talk(chat):
        await store.append(chat.opened())
        for turn in range(5):
            await store.append(chat.answered(f"answer {turn}"))
            await store.append(chat.asks(f"question {turn}", client_id=f"c{turn}"))

    await asyncio.gather(*(talk(chat) for chat in chats))

    for chat in chats:
        frames = await all_frames(store, chat.id)
        assert [e.header(frame).seq for frame in frames] == list(range(1, chat.session.seq + 1))
        assert fold(frames) == chat.session
    feed = await whole_feed(store, 333)
    assert len(feed) == sum(chat.session.seq for chat in chats)
    for chat in chats:
        assert [frame for session, frame in feed if session == chat.id] == await all_frames(store, chat.id)


async def test_writers_of_one_session_who_decide_again_after_a_conflict_all_get_in(store):
    first = Chat()
    await store.append(first.opened())
    answer = first.answered()
    await store.append(answer)

    async def say(number):
        while True:
            mine = Chat()
            mine.session = fold(await all_frames(store, mine.id))
            mine.at = mine.session.at
            try:
                await store.append(mine.asks(f"from {number}", client_id=f"c{number}"))
            except ConflictError:
                continue
            return

    await asyncio.gather(*(say(number) for number in range(20)))

    frames = await all_frames(store, first.id)
    texts = [event.text for event in map(e.decode, frames) if isinstance(event, e.MessagePosted)]
    assert [e.header(frame).seq for frame in frames] == list(range(1, len(frames) + 1))
    assert sorted(text for text in texts if text.startswith("from")) == sorted(f"from {n}" for n in range(20))


async def test_of_many_retries_of_one_message_one_is_written(store):
    chat = Chat()
    await store.append(chat.opened())
    state, at = chat.session, chat.at
    retries = []
    for _ in range(20):
        chat.session, chat.at = state, at
        retries.append(chat.asks("Just once", client_id="c1"))

    outcomes = await asyncio.gather(*(store.append(each) for each in retries), return_exceptions=True)

    lost = [each for each in outcomes if each is not None]
    assert len(lost) == 19
    assert all(isinstance(each, ConflictError | DuplicateError) for each in lost)
    frames = await all_frames(store, chat.id)
    assert sum(b"Just once" in frame for frame in frames) == 1


async def test_of_many_openings_one_wins(store):
    openings = [Chat(f"ses_{number}").opened() for number in range(16)]

    outcomes = await asyncio.gather(*(store.append(each) for each in openings), return_exceptions=True)

    lost = [each for each in outcomes if each is not None]
    assert len(lost) == 15
    assert {type(each) for each in lost} == {AlreadyOpenError}
    [row] = await store.sessions_of("shop", "vis_ana", 99)
    assert {each.session for each in lost} == {row.id}


async def test_of_many_who_use_a_ticket_or_a_mark_one_gets_in(store):
    marks = await asyncio.gather(*(store.use_once(b"m", NOON.replace(year=2027), NOON) for _ in range(20)))

    settings = await asyncio.gather(*(store.setting("epoch", str(number)) for number in range(20)))

    assert sorted(marks) == [False] * 19 + [True]
    assert len(set(settings)) == 1


async def test_a_cancelled_append_is_written_whole_or_not_at_all(store):
    chats = [Chat(f"ses_{number}", visitor=f"vis_{number}") for number in range(30)]
    appends = [chat.opened() for chat in chats]
    tasks = [asyncio.ensure_future(store.append(each)) for each in appends]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    for chat, append in zip(chats, appends, strict=True):
        frames = await all_frames(store, chat.id)
        assert frames in ([], list(append.frames))
    written = [frame for chat in chats[1::2] for frame in await all_frames(store, chat.id)]
    assert len(written) == sum(len(append.frames) for append in appends[1::2])
