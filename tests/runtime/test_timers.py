"""Deadlines as they are lived through: warned, closed, archived, erased, and fair after our own downtime."""

from datetime import timedelta

from runtime.troubled import SpoiltStore
from stage import admin, agent, stage

from chatsession.clocks.manual import ManualClock
from chatsession.core import commands as c
from chatsession.core.due import due_at
from chatsession.core.policy import Policy
from chatsession.core.session import Session
from chatsession.stores.memory import MemoryStore

SHORT = Policy(
    idle_timeout=timedelta(minutes=10),
    warn_before=timedelta(minutes=2),
    resume_window=timedelta(hours=1),
    queue_wait=timedelta(minutes=5),
    agent_silence=timedelta(minutes=5),
)


async def talked(on, text="Hello"):
    ana = await on.visitor()
    session = (await on.open(ana, text)).session.id
    await on.clock.settle()
    return ana, session


async def test_silence_is_warned_then_closed_then_archived():
    async with stage("Hi!", policy=SHORT) as on:
        ana, session = await talked(on)

        await on.clock.advance("8m1s")
        warned = await on.view(ana, session)
        await on.clock.advance("2m")
        closed = await on.view(ana, session)
        await on.clock.advance("1h1s")
        archived = await on.view(ana, session)

        assert warned.warned_at is not None
        assert (closed.phase, closed.close_reason, closed.allowed) == ("closed", "timeout", ["resume", "new"])
        assert (archived.phase, archived.outcome, archived.outcome_settled) == ("archived", "assumed", True)


async def test_a_session_that_cannot_be_read_takes_no_other_sessions_deadlines_along(caplog):
    store = SpoiltStore()
    async with stage("Hi!", "Hi!", policy=SHORT, store=store) as on:
        _, spoilt = await talked(on)
        bea, session = await talked(on)
        on.service.lanes.forget(spoilt)
        store.spoilt = spoilt

        await on.clock.advance("8m1s")
        warned = await on.view(bea, session)
        await on.clock.advance("3m")

        assert warned.warned_at is not None
        assert (await on.view(bea, session)).close_reason == "timeout"
        assert spoilt in {getattr(record, "session", None) for record in caplog.records}


async def test_a_message_just_before_the_end_keeps_the_session_open():
    async with stage("Hi!", "Sure.", policy=SHORT) as on:
        ana, session = await talked(on)

        await on.clock.advance("9m59s")
        await on.say(ana, session, "One more thing")
        await on.clock.advance("7m")

        view = await on.view(ana, session)
        assert (view.phase, view.warned_at) == ("open", None)


async def test_a_deadline_never_fires_early_however_often_the_clock_is_looked_at():
    async with stage("Hi!", policy=SHORT) as on:
        _, session = await talked(on)

        for _ in range(479):
            await on.clock.advance("1s")
            assert "session_warned" not in await on.types(session)
        await on.clock.advance("2s")

        assert (await on.types(session)).count("session_warned") == 1


async def test_the_queue_tells_the_truth_and_gives_up_in_the_end():
    async with stage("Hi!", policy=SHORT) as on:
        ana, session = await talked(on)
        await on.service.door.submit(ana, session, c.RequestHandoff(actor=ana.actor))

        await on.clock.advance("20m10s")

        types = await on.types(session)
        assert types.count("queue_choice_offered") == 3
        assert (await on.view(ana, session)).floor == "bot"


async def test_a_silent_agent_is_nudged_and_then_the_visitor_goes_back_to_the_queue():
    async with stage("Hi!", policy=SHORT) as on:
        ana, session = await talked(on)
        await on.service.door.submit(ana, session, c.RequestHandoff(actor=ana.actor))
        await on.service.door.submit(agent(), session, c.ClaimSession(actor=c.BOT))

        await on.clock.advance("5m1s")
        nudged = await on.types(session)
        await on.clock.advance("5m1s")

        assert nudged[-1] == "agent_nudged"
        assert (await on.view(admin(), session)).floor == "queue"


async def test_a_session_whose_retention_is_over_is_erased():
    policy = Policy(resume_window=timedelta(0), retention=timedelta(days=3))
    async with stage("Hi!", policy=policy) as on:
        ana, session = await talked(on)
        await on.service.door.submit(ana, session, c.CloseSession(actor=ana.actor))

        await on.clock.advance("3d1s")

        assert await on.service.store.load(session) is None


async def test_an_outage_over_both_deadlines_ends_with_a_fresh_warning_and_the_full_grace():
    store, clock = MemoryStore(), ManualClock()
    async with stage("Hi!", policy=SHORT, store=store, clock=clock) as on:
        ana, session = await talked(on)

    later = ManualClock(clock.now() + timedelta(hours=3))
    async with stage(policy=SHORT, store=store, clock=later) as on:
        await later.advance("1s")
        warned = await on.view(ana, session)
        await later.advance("1m58s")
        still = await on.view(ana, session)
        await later.advance("5s")

        assert (warned.phase, warned.warned_at is not None) == ("open", True)
        assert still.phase == "open"
        assert (await on.view(ana, session)).close_reason == "timeout"


async def test_a_warning_from_before_an_outage_is_given_again_before_the_session_closes():
    store, clock = MemoryStore(), ManualClock()
    async with stage("Hi!", policy=SHORT, store=store, clock=clock) as on:
        ana, session = await talked(on)
        await clock.advance("8m30s")

    later = ManualClock(clock.now() + timedelta(minutes=30))
    async with stage(policy=SHORT, store=store, clock=later) as on:
        await later.advance("1m59s")

        assert (await on.types(session)).count("session_warned") == 2
        assert (await on.view(ana, session)).phase == "open"


async def test_nothing_is_archived_before_the_visitor_had_a_chance_to_come_back_after_an_outage():
    store, clock = MemoryStore(), ManualClock()
    async with stage("Hi!", policy=SHORT, store=store, clock=clock) as on:
        ana, session = await talked(on)
        await on.service.door.submit(ana, session, c.CloseSession(actor=ana.actor))

    later = ManualClock(clock.now() + timedelta(days=1))
    async with stage(policy=SHORT, store=store, clock=later) as on:
        await later.advance("1m50s")
        before = await on.view(ana, session)
        await later.advance("15s")

        assert before.phase == "closed"
        assert (await on.view(ana, session)).phase == "archived"


async def test_all_overdue_sessions_are_looked_at_at_once():
    store, clock = MemoryStore(), ManualClock()
    async with stage(*["Hi!"] * 300, policy=SHORT, store=store, clock=clock) as on:
        sessions = [await talked(on) for _ in range(300)]

    later = ManualClock(clock.now() + timedelta(minutes=9))
    async with stage(policy=SHORT, store=store, clock=later) as on:
        await later.advance("1s")

        warned = [session for _, session in sessions if "session_warned" in await on.types(session)]
        assert len(warned) == len(sessions)


async def test_the_longest_duration_ends_a_session_that_is_talked_in():
    policy = Policy(max_duration=timedelta(minutes=5), warn_before=timedelta(minutes=1))
    async with stage(*["ok"] * 20, policy=policy) as on:
        ana, session = await talked(on)
        for _ in range(4):
            await on.clock.advance("1m")
            await on.say(ana, session, "and?")
        await on.clock.advance("1m5s")

        state: Session = (await on.service.door.state(admin(), session)).session
        assert (state.phase, state.close_reason) == ("closed", "limit")


class CrossedStore(MemoryStore):
    """Something is said between the look at a session and the note of where its clocks are."""

    async def refile(self, session, wake_at, *, seen=None):
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        await super().refile(session, wake_at, seen=seen)


async def test_what_is_said_while_a_session_is_looked_at_keeps_its_own_deadline():
    store = CrossedStore()
    store.meanwhile = None
    async with stage("Hi!", policy=SHORT, store=store) as on:
        ana, session = await talked(on)
        await on.clock.advance("7m")
        await on.say(ana, session, "One more thing")
        store.meanwhile = lambda: on.service.door.submit(ana, session, c.RequestHandoff(actor=ana.actor))
        await on.clock.advance("1m1s")

        lane = on.service.door._lanes.at_hand(session)
        [(_, wake_at)] = await store.due(on.clock.now() + timedelta(days=1), 10)

        assert store.meanwhile is None
        assert wake_at <= due_at(lane.session, lane.policy)
