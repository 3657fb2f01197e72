"""Since when we serve: an absence ends with the first heartbeat that the store takes."""

from datetime import timedelta

import pytest
from cast import HOUR, NOON, SECOND

from chatsession.clocks.manual import ManualClock
from chatsession.runtime.background import Background
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.heartbeat import Heartbeat
from chatsession.store import StoreUnavailableError
from chatsession.stores.memory import MemoryStore


class AwayStore(MemoryStore):
    """A store that takes no heartbeat while it is away."""

    is_away = False

    async def heartbeat(self, now):
        if self.is_away:
            raise StoreUnavailableError("away")
        return await super().heartbeat(now)


class PassingClock(ManualClock):
    """A clock whose time passes by itself: nobody moved it."""

    def moved(self):
        return timedelta(0)


class MovingStore(MemoryStore):
    """A store during whose every heartbeat somebody moves the clock by hand."""

    def __init__(self, clock):
        super().__init__()
        self._clock = clock

    async def heartbeat(self, now):
        await super().heartbeat(now)
        await self._clock.advance(HOUR)


@pytest.fixture
async def serving():
    clock, store, background = PassingClock(NOON), AwayStore(), Background()
    heartbeat = Heartbeat(store=store, clock=clock, background=background, config=RuntimeConfig())
    await heartbeat.start()
    yield clock, store, heartbeat
    await background.cancel()


async def test_a_store_that_takes_no_heartbeat_is_an_absence_of_ours(serving):
    clock, store, heartbeat = serving

    store.is_away = True
    await clock.advance(HOUR)
    served_meanwhile = await heartbeat.serves()
    store.is_away = False
    serves_again = await heartbeat.serves()

    assert (served_meanwhile, serves_again) == (False, True)
    assert heartbeat.served_since == NOON + HOUR


async def test_whoever_looks_first_after_a_frozen_hour_notices_it(serving):
    clock, _, heartbeat = serving

    await clock.advance(HOUR)

    assert await heartbeat.serves()
    assert heartbeat.served_since == NOON + HOUR


async def test_a_short_stall_of_the_store_is_no_absence(serving):
    clock, store, heartbeat = serving

    store.is_away = True
    await clock.advance(8 * SECOND)
    await heartbeat.beat_once()
    store.is_away = False
    await heartbeat.beat_once()

    assert heartbeat.served_since == NOON


async def test_a_clock_moved_by_hand_while_the_store_takes_a_heartbeat_is_no_absence():
    clock, background = ManualClock(NOON), Background()
    heartbeat = Heartbeat(store=MovingStore(clock), clock=clock, background=background, config=RuntimeConfig())
    await heartbeat.start()

    await heartbeat.beat_once()
    await heartbeat.beat_once()

    assert heartbeat.served_since == NOON
    await background.cancel()
