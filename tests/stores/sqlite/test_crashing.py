"""`kill -9` at any instant: whatever was acknowledged is there, byte for byte, and nothing is there twice."""

import asyncio
import collections
import contextlib
import random

import pytest
from stores.chats import Chat, all_frames, whole_feed
from stores.children import digest_of, erase_and_be_read, talk_on
from stores.processes import Child

from chatsession import sqlite
from chatsession.core import events as e
from chatsession.core.apply import fold
from chatsession.store import DuplicateError
from chatsession.stores.sqlite import SqliteStore

ROUNDS = 50
SESSIONS = 12
ACKS_MAX = 250


@pytest.mark.slow
@pytest.mark.long
async def test_nothing_acknowledged_is_lost_and_nothing_is_doubled_over_fifty_kills(tmp_path):
    path, dice = tmp_path / "chats.db", random.Random(7)
    acknowledged = 0

    for number in range(ROUNDS):
        acks = killed_while_talking(path, f"r{number}", after=dice.randrange(1, ACKS_MAX))
        acknowledged += len(acks)
        store = SqliteStore(path)
        await store.open()
        said = last_of_each(acks).items()
        await asyncio.gather(*(everything_said_is_there_once(store, session, last) for session, last in said))
        for session, _, after, length, digest in acks:
            assert digest_of(await store.frames(session, after, length)) == digest
        await store.close()

    assert acknowledged > ROUNDS
    assert sqlite.check(path) is None
    await the_feed_is_every_list_once(path)


def killed_while_talking(path, name, *, after):
    """The acknowledgements heard until the kill, and those that were on their way."""
    with Child(talk_on, path, name, SESSIONS) as child:
        acks = []
        for line in child.lines():
            session, count, after_seq, length, digest = line.split(" ")
            acks.append((session, int(count), int(after_seq), int(length), digest))
            if len(acks) == after:
                child.kill()
    return acks


def last_of_each(acks):
    last = collections.Counter()
    for session, count, *_ in acks:
        last[session] = max(last[session], count)
    return last


async def everything_said_is_there_once(store, session, last):
    """Also when the client, who knows nothing of the kill, says its next messages again."""
    frames = await all_frames(store, session)
    state = fold(frames)
    chat = Chat(session, visitor=state.visitor)
    for count in (last, last + 1):
        chat.session, chat.at = fold(await all_frames(store, session)), state.at
        with contextlib.suppress(DuplicateError):
            await store.append(chat.asks(str(count), client_id=str(count)))
    events = [e.decode(frame) for frame in await all_frames(store, session)]
    said = [event.text for event in events if isinstance(event, e.MessagePosted)]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert said == [str(count) for count in range(last + 2)]


async def the_feed_is_every_list_once(path):
    store = SqliteStore(path)
    await store.open()
    lists = collections.defaultdict(list)
    for session, frame in await whole_feed(store, 1_000):
        lists[session].append(frame)
    for session, frames in lists.items():
        assert frames == await all_frames(store, session)
    await store.close()


async def test_an_erasure_whose_process_was_killed_before_the_log_was_emptied_is_finished_at_the_next_start(tmp_path):
    path, needle = tmp_path / "chats.db", "zqneedlexv"
    with Child(erase_and_be_read, path, needle) as child:
        child.hear("erased")
        child.kill()
    left = sum(needle.encode() in each.read_bytes() for each in tmp_path.iterdir())

    store = SqliteStore(path)
    await store.open()

    assert left > 0
    assert not any(needle.encode() in each.read_bytes() for each in tmp_path.iterdir())
    await store.close()
