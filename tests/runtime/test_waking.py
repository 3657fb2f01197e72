"""When the store is to be asked for a session again, so that no turn is forgotten with the process that ran it."""

import pytest
from cast import DAY, HOUR, NOON, answered, open_session
from msgspec.structs import replace
from stage import stage

from chatsession.core.policy import Policy
from chatsession.runtime.waking import HORIZON, wakes_at
from chatsession.stores.memory import MemoryStore
from chatsession.testing.scripted import Hang

ENDLESS = Policy(idle_timeout=None, bot_silence=None)


@pytest.mark.parametrize("bot_silence", [None, DAY])
def test_an_open_turn_is_looked_at_within_the_horizon(bot_silence):
    policy = replace(ENDLESS, bot_silence=bot_silence)

    session = open_session(policy=policy)

    assert wakes_at(session, policy, NOON + HOUR) == NOON + HOUR + HORIZON


def test_a_session_without_a_turn_wakes_at_its_deadline_alone():
    session = answered(open_session(policy=ENDLESS), policy=ENDLESS)

    assert wakes_at(session, ENDLESS, NOON) is None


async def test_a_turn_without_a_deadline_is_taken_up_after_its_process_died():
    store = MemoryStore()
    async with stage(Hang(), policy=ENDLESS, store=store) as before:
        ana = await before.visitor()
        session = (await before.open(ana, "Hello")).session.id
        await before.service.abandon()
        await before.clock.advance("1m")

    async with stage("Hi!", policy=ENDLESS, store=store, clock=before.clock) as after:
        await after.clock.advance("1s")

        assert (await after.types(session))[-3:] == ["turn_retried", "message_posted", "turn_answered"]
