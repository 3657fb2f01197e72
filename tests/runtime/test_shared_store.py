"""Two processes over one store: what one of them has at hand is no older than what the other has told."""

from contextlib import AsyncExitStack

import pytest
from cast import SECOND
from stage import admin, agent, stage

from chatsession.buses.local import LocalBus
from chatsession.core import commands as c
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.following import no_wait
from chatsession.runtime.refused import RefusedError
from chatsession.stores.memory import MemoryStore

SHARED = RuntimeConfig(alone=False)


@pytest.fixture
async def two():
    """The second one hears nothing of the first: no news travel between them."""
    store = MemoryStore()
    async with AsyncExitStack() as both:
        one = await both.enter_async_context(stage("Hi!", "Sure.", store=store, config=SHARED, bus=LocalBus()))
        other = await both.enter_async_context(stage("Hi!", "Sure.", store=store, config=SHARED, bus=LocalBus()))
        yield one, other


async def opened(one):
    ana = await one.visitor()
    session = (await one.open(ana, "Hello")).session.id
    await one.clock.settle()
    return ana, session


async def test_an_agent_is_not_told_to_hold_a_floor_that_was_given_back_elsewhere(two):
    one, other = two
    _, session = await opened(one)
    carl, dora = agent("carl"), agent("dora")
    await other.service.door.submit(carl, session, c.ClaimSession(actor=carl.actor))
    await one.service.door.submit(admin(), session, c.ReturnFloor(actor=admin().actor, to="bot"))
    await one.service.door.submit(dora, session, c.ClaimSession(actor=dora.actor))

    with pytest.raises(RefusedError, match="floor"):
        await other.service.door.submit(carl, session, c.ClaimSession(actor=carl.actor))


async def test_a_reader_sees_everywhere_what_was_written_anywhere(two):
    one, other = two
    ana, session = await opened(one)
    await other.view(ana, session)

    answer = await one.say(ana, session, "And to Austria?")

    assert (await other.view(ana, session)).seq >= answer.seq
    assert len((await other.service.reading.events(ana, session, answer.seq - 1, 10)).frames) > 0


async def test_a_screen_goes_on_at_another_process_where_it_was(two):
    one, other = two
    ana, session = await opened(one)
    await other.view(ana, session)
    answer = await one.say(ana, session, "And to Austria?")
    got = []

    await other.service.following.follow(ana, session, answer.seq, got.append, no_wait)

    assert [delivery.seq for delivery in got][:1] in ([], [answer.seq + 1])


async def test_what_was_erased_elsewhere_is_not_found(two):
    one, other = two
    ana, session = await opened(one)
    await other.view(ana, session)
    await one.clock.advance(SECOND)

    await one.service.erasing.erase_session(session)

    with pytest.raises(RefusedError) as refused:
        await other.say(ana, session, "Still there?")
    assert refused.value.refusal.code == "not_found"
