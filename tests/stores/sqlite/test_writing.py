"""The writer: one transaction for all that waits, in order, bounded, and nobody suffers from another's mistake."""

import asyncio
import threading
from contextlib import asynccontextmanager

import pytest
from cast import DAY, NOON, SECOND
from stores.chats import Chat, all_frames, whole_feed

from chatsession.core.session import Receipt
from chatsession.store import (
    ConflictError,
    DuplicateError,
    NewReceipt,
    SessionQuery,
    StoreBusyError,
    StoreError,
    StoreUnavailableError,
)
from chatsession.stores.sqlite import SqliteStore, writer

UNWRITABLE = NewReceipt("visitor", "a lone surrogate \ud800", Receipt(seq=2, digest=b"", message_id="msg_1_2"))


@asynccontextmanager
async def held(store):
    """The writer is at work on something else: what is asked of it meanwhile becomes one batch."""
    loop, gate, begun = asyncio.get_running_loop(), threading.Event(), asyncio.Event()

    def hold(_):
        loop.call_soon_threadsafe(begun.set)
        gate.wait()

    holding = asyncio.create_task(store.writer.run(hold))
    await begun.wait()
    try:
        yield
    finally:
        gate.set()
        await holding


async def told(tasks):
    return await asyncio.gather(*tasks, return_exceptions=True)


async def asked(store, appends):
    """The appends as tasks that have been handed to the writer."""
    tasks = [asyncio.ensure_future(store.append(each)) for each in appends]
    await asyncio.sleep(0)
    return tasks


async def test_what_waits_is_written_in_one_transaction(sqlite_store):
    before = sqlite_store.writer.batches
    appends = [Chat(f"ses_{number}", visitor=f"vis_{number}").opened() for number in range(50)]
    async with held(sqlite_store):
        tasks = await asked(sqlite_store, appends)

    outcomes = await told(tasks)

    assert outcomes == [None] * 50
    assert sqlite_store.writer.batches == before + 2


async def test_one_that_cannot_be_written_never_fails_its_batch(sqlite_store):
    good = [Chat(f"ses_{number}", visitor=f"vis_{number}") for number in range(20)]
    bad = Chat("ses_bad", visitor="vis_bad")
    appends = [chat.opened() for chat in good]
    appends.insert(10, bad.opened(receipts=[UNWRITABLE]))
    before = sqlite_store.writer.batches
    async with held(sqlite_store):
        tasks = await asked(sqlite_store, appends)

    outcomes = await told(tasks)

    refused = outcomes.pop(10)
    assert outcomes == [None] * 20
    assert isinstance(refused, StoreError)
    assert "could not be written" in str(refused)
    assert sqlite_store.writer.batches == before + 2
    assert await sqlite_store.load(bad.id) is None
    for chat in good:
        await sqlite_store.append(chat.answered())
        assert len(await all_frames(sqlite_store, chat.id)) == chat.session.seq


async def test_a_session_whose_batch_was_written_twice_goes_on_from_where_it_is(sqlite_store):
    """What the writer remembered of the first attempt must not outlive it."""
    chat, bad = Chat(), Chat("ses_bad", visitor="vis_bad")
    await sqlite_store.append(chat.opened())
    async with held(sqlite_store):
        tasks = await asked(sqlite_store, [chat.asks("one"), chat.asks("two"), bad.opened(receipts=[UNWRITABLE])])
    await told(tasks)

    await sqlite_store.append(chat.asks("three"))

    assert len(await all_frames(sqlite_store, chat.id)) == chat.session.seq


async def test_a_joint_append_that_cannot_be_written_leaves_nothing_of_its_parts(sqlite_store):
    one, two = Chat("ses_1", visitor="vis_1"), Chat("ses_2", visitor="vis_2")

    with pytest.raises(StoreError):
        await sqlite_store.append(one.opened(), two.opened(receipts=[UNWRITABLE]))

    assert await sqlite_store.load("ses_1") is None
    assert await sqlite_store.load("ses_2") is None


async def test_a_refusal_within_a_batch_is_told_to_the_one_it_is_about(sqlite_store):
    chat, other = Chat(), Chat("ses_2", visitor="vis_2")
    await sqlite_store.append(chat.opened())
    async with held(sqlite_store):
        tasks = await asked(sqlite_store, [Chat().opened(), other.opened(), chat.asks()])

    first, second, third = await told(tasks)

    assert isinstance(first, ConflictError)
    assert (second, third) == (None, None)


async def test_a_client_id_used_before_is_told_within_a_batch_too(sqlite_store):
    chat, other = Chat(), Chat("ses_2", visitor="vis_2")
    await sqlite_store.append(chat.opened())
    first = chat.asks("once", client_id="c1")
    await sqlite_store.append(first)
    async with held(sqlite_store):
        tasks = await asked(sqlite_store, [other.opened(), chat.asks("once", client_id="c1")])

    written, again = await told(tasks)

    assert written is None
    assert isinstance(again, DuplicateError)
    assert again.receipt == first.receipts[0].receipt
    assert len(await all_frames(sqlite_store, chat.id)) == first.session.seq


async def test_within_one_batch_everything_happens_in_the_order_in_which_it_was_asked(sqlite_store):
    gone, redacted, again = Chat("ses_1"), Chat("ses_2", visitor="vis_2"), Chat("ses_1")
    async with held(sqlite_store):
        tasks = await asked(sqlite_store, [gone.opened("gone"), redacted.opened("oops")])
        tasks.append(asyncio.create_task(sqlite_store.erase_session(gone.id, NOON)))
        tasks.append(asyncio.create_task(sqlite_store.redact(redacted.id, 2)))
        tasks.append(asyncio.create_task(sqlite_store.refile(redacted.id, None, seen=redacted.session.seq)))
        await asyncio.sleep(0)
        tasks += await asked(sqlite_store, [gone.asks("too late"), again.opened("again")])

    *_, erased, tombstone, _, late, anew = await told(tasks)

    assert (erased.sessions, erased.events, tombstone, anew) == (1, 3, True, None)
    assert isinstance(late, ConflictError)
    assert await sqlite_store.due(NOON + 9 * DAY, 9) == [("ses_1", again.at + 29 * SECOND)]
    assert not any(b"oops" in frame or b"gone" in frame for _, frame in await whole_feed(sqlite_store))


async def test_more_than_one_batch_can_hold_stays_in_order(sqlite_store):
    chat = Chat()
    await sqlite_store.append(chat.opened())
    appends = [chat.asks(f"message {number}") for number in range(2 * writer.BATCH_MAX + 10)]
    async with held(sqlite_store):
        tasks = await asked(sqlite_store, appends)

    outcomes = await told(tasks)

    assert [each for each in outcomes if each is not None] == []
    assert len(await all_frames(sqlite_store, chat.id)) == chat.session.seq


async def test_the_queue_is_bounded_and_says_so(sqlite_store):
    chat = Chat()
    async with held(sqlite_store):
        waiting = [asyncio.create_task(sqlite_store.heartbeat(chat.at)) for _ in range(writer.QUEUE_MAX - 1)]
        await asyncio.sleep(0)
        append = chat.opened()
        with pytest.raises(StoreBusyError, match=str(writer.QUEUE_MAX)):
            await sqlite_store.append(append)

    await asyncio.gather(*waiting)
    await sqlite_store.append(append)

    assert await all_frames(sqlite_store, chat.id) == list(append.frames)


async def test_a_caller_who_leaves_does_not_stop_the_write(sqlite_store):
    chat = Chat()
    append = chat.opened()
    async with held(sqlite_store):
        [task] = await asked(sqlite_store, [append])
        task.cancel()
        await told([task])

    await sqlite_store.append(chat.asks())

    assert (await all_frames(sqlite_store, chat.id))[: len(append.frames)] == list(append.frames)


async def test_closing_finishes_what_waits_and_refuses_what_comes_later(tmp_path):
    store = SqliteStore(tmp_path / "chats.db")
    await store.open()
    chats = [Chat(f"ses_{number}", visitor=f"vis_{number}") for number in range(20)]
    tasks = await asked(store, [chat.opened() for chat in chats])

    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    with pytest.raises(StoreUnavailableError, match="closed"):
        await store.append(chats[0].asks())
    await closing

    assert await told(tasks) == [None] * 20
    await store.open()
    assert all([await store.load(chat.id) for chat in chats])
    await store.close()


async def test_a_store_can_be_opened_again_after_somebody_else_wrote(tmp_path):
    first, second = SqliteStore(tmp_path / "chats.db"), SqliteStore(tmp_path / "chats.db")
    chat = Chat()
    await first.open()
    await first.append(chat.opened())
    await first.close()
    await second.open()
    await second.append(chat.answered())
    await second.close()

    await first.open()
    await first.append(chat.asks())
    await first.close()

    assert chat.session.seq == 7


@pytest.mark.parametrize("ask", ["load", "find", "append", "health"])
async def test_a_closed_store_says_that_it_is_closed(tmp_path, ask):
    store = SqliteStore(tmp_path / "chats.db")
    await store.open()
    await store.close()
    await store.close()
    arguments = {"load": ("ses_1",), "find": (SessionQuery(),), "append": (Chat().opened(),), "health": ()}[ask]

    with pytest.raises(StoreUnavailableError, match="closed"):
        await getattr(store, ask)(*arguments)
