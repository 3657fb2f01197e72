"""The one door: order, repetition, conflicts, cancelled callers, and who may ask for what."""

import asyncio

import pytest
from runtime.troubled import SlowStore, SurprisingStore
from stage import admin, agent, stage

from chatsession.buses.local import LocalBus
from chatsession.core import commands as c
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.refused import RefusedError
from chatsession.stores.memory import MemoryStore


async def opened(on, text="Hello"):
    ana = await on.visitor()
    session = (await on.open(ana, text)).session.id
    await on.clock.settle()
    return ana, session


async def code_of(work) -> str:
    with pytest.raises(RefusedError) as refused:
        await work
    return refused.value.refusal.code


async def test_commands_that_wait_together_are_decided_in_order_and_appended_together():
    async with stage("Hi!", *["ok"] * 20) as on:
        ana, session = await opened(on)

        answers = await asyncio.gather(*(on.say(ana, session, f"line {n}", client_id=f"c{n}") for n in range(10)))

        assert [answer.seq for answer in answers] == sorted(answer.seq for answer in answers)
        said = [line.text for line in on.bot.turns[-1].lines if line.text.startswith("line")]
        assert said == [f"line {n}" for n in range(len(said))]


async def test_a_retried_send_is_answered_as_before():
    async with stage("Hi!", "ok") as on:
        ana, session = await opened(on)

        first = await on.say(ana, session, "Where is my parcel?", client_id="c1")
        again = await on.say(ana, session, "Where is my parcel?", client_id="c1")

        assert (again.seq, again.message_id, again.repeated) == (first.seq, first.message_id, True)


async def test_two_sends_of_one_message_side_by_side_are_one_message():
    async with stage("Hi!", "ok") as on:
        ana, session = await opened(on)

        one, two = await asyncio.gather(*(on.say(ana, session, "Hi", client_id="c1") for _ in range(2)))

        assert one.seq == two.seq
        assert (await on.types(session)).count("message_posted") <= 4


async def test_the_same_client_id_with_another_text_is_refused_and_nothing_is_lost():
    async with stage("Hi!", "ok") as on:
        ana, session = await opened(on)
        await on.say(ana, session, "red", client_id="c1")
        await on.clock.settle()
        before = await on.types(session)

        assert await code_of(on.say(ana, session, "blue", client_id="c1")) == "client_id_reused"
        assert await on.types(session) == before


async def test_a_retry_after_the_closing_still_gets_its_answer():
    async with stage("Hi!", "ok") as on:
        ana, session = await opened(on)
        first = await on.say(ana, session, "Thanks", client_id="c1")
        await on.service.door.submit(ana, session, c.CloseSession(actor=ana.actor))

        again = await on.say(ana, session, "Thanks", client_id="c1")

        assert again.seq == first.seq
        assert await code_of(on.say(ana, session, "More", client_id="c2")) == "session_closed"


async def test_two_nodes_on_one_store_keep_one_order():
    store, bus = MemoryStore(), LocalBus()
    async with stage(*["ok"] * 40, store=store, bus=bus) as one, stage(store=store, bus=bus) as two:
        ana, session = await opened(one)

        await asyncio.gather(
            *(node.say(ana, session, f"{n}", client_id=f"c{n}") for n in range(20) for node in (one, two))
        )

        texts = await one.types(session)
        frames = await store.frames(session, 0, 1_000)
        assert len(frames) == len(texts)
        assert texts.count("session_opened") == 1
        said = [frame for frame in frames if b'"kind":"visitor"' in frame]
        assert len(said) == 21


async def test_a_cancelled_caller_does_not_undo_what_was_asked():
    async with stage("Hi!", "ok") as on:
        ana, session = await opened(on)

        asking = asyncio.create_task(on.say(ana, session, "Hello?", client_id="c1"))
        await asyncio.sleep(0)
        asking.cancel()
        await on.clock.settle()

        assert (await on.say(ana, session, "Hello?", client_id="c1")).repeated


async def test_a_session_with_too_much_waiting_refuses_more_before_it_is_accepted():
    config = RuntimeConfig(pending_per_session_max=3, messages_burst=100)
    async with stage("Hi!", *["ok"] * 10, config=config) as on:
        ana, session = await opened(on)

        outcomes = await asyncio.gather(*(on.say(ana, session, f"{n}") for n in range(10)), return_exceptions=True)

        refused = [each.refusal.code for each in outcomes if isinstance(each, RefusedError)]
        assert set(refused) == {"overloaded"}
        assert len(outcomes) - len(refused) == 3


async def test_messages_faster_than_the_rate_are_refused_with_a_time_to_wait():
    config = RuntimeConfig(messages_per_second=1, messages_burst=2)
    async with stage("Hi!", *["ok"] * 4, config=config) as on:
        ana, session = await opened(on)
        for text in ("1", "2"):
            await on.say(ana, session, text)

        with pytest.raises(RefusedError) as refused:
            await on.say(ana, session, "3")
        await on.clock.advance("2s")
        await on.say(ana, session, "3")

        assert refused.value.refusal.status == 429
        assert refused.value.refusal.extra["retry_after"] >= 1


async def test_somebody_elses_session_is_answered_like_one_that_does_not_exist():
    async with stage("Hi!") as on:
        _, session = await opened(on)
        bea = await on.visitor()
        stranger = await on.visitor("bank")
        for principal in (bea, stranger, agent(inboxes=("bank",)), admin(inboxes=("bank",))):
            theirs = await _refusal(on.service.door.state(principal, session))
            nobodys = await _refusal(on.service.door.state(principal, "ses_00000000000000000000000000"))

            assert theirs == nobodys


async def _refusal(work):
    with pytest.raises(RefusedError) as refused:
        await work
    return refused.value.refusal


async def test_who_waits_behind_a_command_that_breaks_is_answered_all_the_same(caplog):
    store = SurprisingStore()
    async with stage("Hi!", *["ok"] * 9, store=store, config=RuntimeConfig(batch_max=1)) as on:
        ana, session = await opened(on)
        store.surprises = 1

        said = (on.say(ana, session, text) for text in ("one", "two", "three"))
        async with asyncio.timeout(10):
            first, *others = await asyncio.gather(*said, return_exceptions=True)

        assert first.refusal.code == "internal_error"
        assert others[0].seq < others[1].seq
        assert "nobody thought of this" in caplog.text


async def test_a_caller_who_leaves_takes_nobody_along_who_waits_for_the_same_session():
    store = SlowStore()
    async with stage("Hi!", store=store) as on:
        ana, session = await opened(on)
        on.service.lanes.forget(session)
        store.gate.clear()
        leaves, stays = (asyncio.create_task(on.view(ana, session)) for _ in range(2))
        await on.clock.settle()

        leaves.cancel()
        await asyncio.wait([leaves])
        store.gate.set()

        async with asyncio.timeout(10):
            assert (await stays).id == session


async def test_of_agents_who_claim_at_once_one_wins():
    async with stage("Hi!") as on:
        ana, session = await opened(on)
        await on.service.door.submit(ana, session, c.RequestHandoff(actor=ana.actor))
        term = (await on.view(ana, session)).term

        claims = [
            on.service.door.submit(agent(name), session, c.ClaimSession(actor=c.BOT, term=term))
            for name in ("carl", "dora", "emil", "fine")
        ]
        outcomes = await asyncio.gather(*claims, return_exceptions=True)

        assert sum(not isinstance(each, Exception) for each in outcomes) == 1
        assert {each.refusal.code for each in outcomes if isinstance(each, RefusedError)} == {"floor_taken"}


async def test_the_actor_of_a_command_is_who_asked_whatever_the_command_says():
    async with stage("Hi!", "ok") as on:
        ana, session = await opened(on)

        disguised = c.PostMessage(actor=c.Actor(kind="agent", id="carl"), text="I am Carl")
        await on.service.door.submit(ana, session, disguised)

        messages = [frame for frame in await on.service.store.frames(session, 0, 100) if b"I am Carl" in frame]
        assert b'"kind":"visitor"' in messages[0]
