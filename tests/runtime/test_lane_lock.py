"""The lock of a session: nobody decides on it beside somebody else, and nobody waits for ever."""

import asyncio

import pytest

from chatsession.runtime.lane_lock import LaneLock


def test_a_lock_that_is_held_is_not_taken():
    lock = LaneLock()

    assert [lock.take(), lock.take()] == [True, False]

    lock.release()

    assert lock.take()


async def test_whoever_waits_longest_has_it_next():
    lock, order = LaneLock(), []

    async def work(name):
        async with lock:
            order.append(name)
            await asyncio.sleep(0)
            assert not lock.take()

    lock.take()
    tasks = [asyncio.create_task(work(name)) for name in "abc"]
    await asyncio.sleep(0)
    lock.release()
    await asyncio.gather(*tasks)

    assert order == ["a", "b", "c"]
    assert not lock.is_held


@pytest.mark.parametrize("is_told", [False, True])
async def test_whoever_leaves_while_waiting_passes_it_on(is_told):
    lock = LaneLock()
    lock.take()
    leaving, staying = asyncio.create_task(lock.__aenter__()), asyncio.create_task(lock.__aenter__())
    await asyncio.sleep(0)

    if is_told:
        lock.release()
        leaving.cancel()
    else:
        leaving.cancel()
        lock.release()
    await asyncio.wait_for(staying, timeout=5)

    assert leaving.cancelled()
    assert lock.is_held
