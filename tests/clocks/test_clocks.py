import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from cast import HOUR, MINUTE, NOON, SECOND

from chatsession.clocks.manual import ManualClock
from chatsession.clocks.system import SystemClock
from chatsession.runtime.background import Background
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.heartbeat import Heartbeat
from chatsession.stores.memory import MemoryStore


async def test_a_clock_moved_by_hand_says_how_far():
    clock = ManualClock(NOON)

    await clock.advance("14m")
    await clock.advance(MINUTE)

    assert clock.moved() == 15 * MINUTE
    assert clock.now() == NOON + 15 * MINUTE


def test_skipping_moves_the_systems_clock_and_is_no_step():
    clock = SystemClock()
    before = clock.now()

    clock.skip(HOUR)

    assert clock.now() - before >= HOUR
    assert clock.moved() == HOUR
    assert clock.steps() == 0


def test_a_clock_never_goes_back():
    clock = SystemClock()
    before = clock.now()

    with pytest.raises(ValueError, match="never goes back"):
        clock.skip(-SECOND)

    assert clock.now() >= before


def test_a_clock_that_starts_is_not_behind_what_is_stored():
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    clock = SystemClock(tomorrow)

    assert clock.now() >= tomorrow
    assert clock.moved() == timedelta(0)


async def test_who_sleeps_wakes_when_time_is_skipped():
    clock = SystemClock()
    instant = clock.now() + HOUR
    sleeper = asyncio.create_task(clock.sleep_until(instant))
    await asyncio.sleep(0)

    clock.skip(HOUR)

    async with asyncio.timeout(20):
        await sleeper
    assert clock.now() >= instant


class Jumping(ManualClock):
    """A clock whose time can also pass without being moved: the process was stopped, or the machine slept."""

    slept = timedelta(0)

    def moved(self) -> timedelta:
        return super().moved() - self.slept

    async def sleep_through(self, length: timedelta) -> None:
        self._now += length
        self.slept += length
        await self.advance(timedelta(0))


@pytest.fixture
async def serving():
    clock, background = Jumping(NOON), Background()
    heartbeat = Heartbeat(store=MemoryStore(), clock=clock, background=background, config=RuntimeConfig())
    await heartbeat.start()
    yield clock, heartbeat
    await heartbeat.stop()
    await background.cancel()


async def test_time_moved_by_hand_is_no_gap_in_serving(serving):
    clock, heartbeat = serving

    clock._now += HOUR  # One leap, over many beats: no heartbeat was written on the way.
    await heartbeat.beat_once()

    assert heartbeat.served_since == NOON


async def test_time_slept_through_is_a_gap_in_serving(serving):
    clock, heartbeat = serving

    await clock.sleep_through(HOUR)
    await heartbeat.beat_once()

    assert heartbeat.served_since == NOON + HOUR
