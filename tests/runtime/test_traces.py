"""The trace of an attempt: what came in, what was done, what came out, what it cost."""

from datetime import timedelta

from runtime.screens import asked, traces
from stage import agent, stage

from chatsession.bot import ContextSet, Finished, Span
from chatsession.core import commands as c
from chatsession.core.events import Source, Usage
from chatsession.core.policy import KeyRule, Policy
from chatsession.testing.scripted import ScriptedBot

USAGE = Usage(tokens_in=60, tokens_out=40, cost_microusd=2_000, model_calls=1)


async def test_a_trace_says_what_was_shown_done_and_answered():
    hit = Span(kind="retrieval", name="docs", input="parcel", output=[{"title": "Delivery", "score": 2.5}], ms=1.5)
    call = Span(kind="model", name="m", usage=USAGE, ms=80.0)
    source = Source(title="Delivery")
    async with stage("Hi.", [hit, call, "Two ", "days.", Finished(known=True, sources=[source])]) as scene:
        visitor, session, screen = await asked(scene, "Hello")
        await screen.shows("turn_answered")
        change = c.ChangeContext(actor=visitor.actor, set={"order": 17})
        await scene.service.door.submit(visitor, session, change)
        await scene.say(visitor, session, "How long?")

        _, trace = await traces(scene, session, 2)

        assert (trace.session, trace.turn, trace.attempt, trace.bot, trace.release) == (
            session,
            2,
            1,
            "scripted",
            "scripted",
        )
        assert trace.policy == (await scene.service.door.state(visitor, session)).session.policy
        assert trace.started_at == scene.clock.now()
        assert (trace.shown.text, trace.shown.context) == ("How long?", {"order": 17})
        assert [(line.role, line.text) for line in trace.shown.lines] == [
            ("visitor", "Hello"),
            ("bot", "Hi."),
            ("visitor", "How long?"),
        ]
        assert trace.shown == scene.bot.turns[1]
        assert trace.spans == [hit, call]
        assert (trace.text, trace.end, trace.known, trace.sources) == ("Two days.", "answered", True, [source])
        assert trace.usage == USAGE
        assert 0 < trace.first_delta_ms <= trace.ms
        assert trace.error is None


async def test_the_bot_is_told_how_long_the_service_waits_for_it():
    async with stage("Hi.", policy=Policy(bot_silence=timedelta(seconds=12))) as scene:
        await asked(scene)
        await scene.clock.settle()

        assert scene.bot.turns[0].patience_seconds == 12.0


async def test_the_bot_hears_of_the_agents_part():
    async with stage("Hi.", "Again me.") as scene:
        visitor, session, screen = await asked(scene)
        await screen.shows("turn_answered")
        carl = agent()
        await scene.service.door.submit(carl, session, c.ClaimSession(actor=carl.actor))
        await scene.service.door.submit(carl, session, c.PostMessage(actor=carl.actor, text="Carl here."))
        await scene.service.door.submit(carl, session, c.ReturnFloor(actor=carl.actor, to="bot"))
        await scene.say(visitor, session, "Bot?")
        await screen.shows("turn_answered", 2)

        shown = scene.bot.turns[1]

        assert [(line.role, line.name) for line in shown.lines][2] == ("agent", "Carl")
        assert "(1 message in" in shown.human_part


async def test_personal_data_is_shown_to_the_bot_and_redacted_in_the_trace():
    policy = Policy(context_keys={"email": KeyRule(pii=True)})
    call = Span(
        kind="tool",
        name="orders",
        input={"email": "ana@example.org", "order": 17},
        output=[{"email": "ana@example.org"}],
    )
    async with stage("Hi.", [call, "Found it.", ContextSet({"email": "ana@example.net"})], policy=policy) as scene:
        visitor, session, screen = await asked(scene)
        await screen.shows("turn_answered")
        change = c.ChangeContext(actor=visitor.actor, set={"email": "ana@example.org", "order": 17})
        await scene.service.door.submit(visitor, session, change)
        await scene.say(visitor, session, "Where is it?")
        _, trace = await traces(scene, session, 2)

        assert scene.bot.turns[1].context == {"email": "ana@example.org", "order": 17}
        assert trace.shown.context == {"email": "[redacted]", "order": 17}
        assert trace.spans[0].input == {"email": "[redacted]", "order": 17}
        assert trace.spans[0].output == [{"email": "[redacted]"}]


async def test_the_release_is_the_one_the_attempt_began_with_and_is_asked_once():
    class Learning(ScriptedBot):
        asked = 0

        def release(self):
            self.asked += 1
            return f"version {self.asked}"

    learning = Learning("One.", "Two.")
    async with stage(bot=learning) as scene:
        visitor, session, screen = await asked(scene)
        await screen.shows("turn_answered")
        await scene.say(visitor, session, "And?")
        await screen.shows("turn_answered", 2)

        assert [each["release"] for each in screen.of("turn_answered")] == ["version 1", "version 2"]
        assert [trace.release for trace in await traces(scene, session, 2)] == ["version 1", "version 2"]
