"""Sessions inside a program: what the README shows, and what a program relies on."""

import asyncio
from datetime import timedelta

import pytest

from chatsession import ChatSessions, Finished, Policy, RefusedError
from chatsession.embedded import NoReplyError
from chatsession.runtime.config import RuntimeConfig
from chatsession.store import LockedError
from chatsession.testing import Hang, Held, ManualClock, ScriptedBot


async def test_a_bot_in_ten_lines_answers(tmp_path):
    async def bot(turn):
        if "order" in turn.context:
            return f"Your order {turn.context['order']} is on its way."
        return f"You said: {turn.text}"

    async with ChatSessions(tmp_path / "chats.db", bot=bot) as chats:
        session = await chats.open(visitor="ana", text="Hello")
        first = await session.answer()
        await session.know({"order": "A-17"})
        await session.say("Where is it?")
        second = await session.answer()

    assert (str(first), str(second)) == ("You said: Hello", "Your order A-17 is on its way.")


async def test_everything_is_there_again_in_the_next_run(tmp_path):
    async with ChatSessions(tmp_path / "chats.db", bot=ScriptedBot("Hi!")) as chats:
        session = await chats.open(visitor="ana", text="Hello")
        await session.answer()
        await session.know({"order": 7})

    async with ChatSessions(tmp_path / "chats.db", bot=ScriptedBot("Still here.")) as chats:
        again = await chats.open(visitor="ana", text="Are you there?")
        await again.answer()

        assert again.id == session.id
        assert [message.text for message in await again.messages()] == ["Hello", "Hi!", "Are you there?", "Still here."]
        assert (await again.state()).context == {"order": 7}


async def test_a_bot_that_cannot_be_closed_does_not_keep_the_file(tmp_path):
    class Stuck(ScriptedBot):
        async def close(self) -> None:
            raise OSError("the model's process does not answer")

    with pytest.raises(OSError, match="does not answer"):
        async with ChatSessions(tmp_path / "chats.db", bot=Stuck("Hi!")):
            pass

    async with ChatSessions(tmp_path / "chats.db", bot=ScriptedBot("Hi!")) as chats:
        assert await chats.find() == []


async def test_a_program_says_how_long_it_waits_for_running_answers_at_its_end():
    chats = ChatSessions(bot=ScriptedBot(Hang()), config=RuntimeConfig(drain_grace=timedelta(0)))

    async with asyncio.timeout(10), chats:
        await chats.open(visitor="ana", text="Hello")


async def test_an_answer_streams_piece_by_piece():
    async def bot(turn):
        for word in ("Your ", "parcel ", "is here."):
            yield word

    async with ChatSessions(bot=bot) as chats:
        session = await chats.open(visitor="ana", text="Where is my parcel?")

        pieces = [piece async for piece in session.stream()]

        assert "".join(pieces) == "Your parcel is here."


async def test_a_program_answers_itself_where_no_bot_does():
    async with ChatSessions() as chats:
        session = await chats.open(visitor="ana", text="Hello")

        await session.reply("Hello, I am your program.")

        assert str(await session.answer()) == "Hello, I am your program."
        assert (await session.state()).waiting_on == "visitor"


async def test_a_timeout_is_warned_of_and_the_return_goes_on():
    clock = ManualClock()
    bot = ScriptedBot("Hi!", "Welcome back!")
    policy = Policy(idle_timeout=timedelta(minutes=15))
    async with ChatSessions(bot=bot, clock=clock, policy=policy) as chats:
        session = await chats.open(visitor="ana", text="Hello")
        await session.answer()

        await clock.advance("14m")
        warned = await session.state()
        await clock.advance("2m")
        closed = await session.state()
        back = await chats.open(visitor="ana", text="Sorry, I was away")

        assert warned.warned_at is not None
        assert (closed.phase, closed.close_reason) == ("closed", "timeout")
        assert str(await back.answer()) == "Welcome back!"
        assert (back.id, (await back.state()).period) == (session.id, 2)


async def test_a_human_takes_over_and_hands_back():
    async with ChatSessions(bot=ScriptedBot("Hi!", "I am back.")) as chats:
        session = await chats.open(visitor="ana", text="Hello")
        await session.answer()
        await session.hand_off("My parcel is broken")
        carl = session.as_agent("carl", "Carl")
        await carl.claim()
        await carl.say("Hello, this is Carl.")
        await carl.hand_back()
        await session.say("Thanks!")

        assert str(await session.answer()) == "I am back."
        kinds = [message.author.kind for message in await session.messages()]
        assert kinds == ["visitor", "bot", "agent", "visitor", "bot"]


async def test_a_stopped_turn_has_no_answer():
    held = Held("Once upon a time ")
    async with ChatSessions(bot=ScriptedBot(held)) as chats:
        session = await chats.open(visitor="ana", text="Tell me everything")
        await held.is_reached.wait()

        await session.stop()

        with pytest.raises(NoReplyError):
            await session.answer()


async def test_a_bot_that_does_not_know_says_so():
    async with ChatSessions(bot=ScriptedBot(["I do not know.", Finished(known=False)])) as chats:
        session = await chats.open(visitor="ana", text="What is the meaning of life?")

        assert not (await session.answer()).known


async def test_a_silent_bot_ends_in_an_apology():
    clock = ManualClock()
    async with ChatSessions(bot=ScriptedBot(Hang(), Hang()), clock=clock) as chats:
        session = await chats.open(visitor="ana", text="Hello?")
        await clock.advance("61s")

        reply = await session.answer()

        assert reply.failed
        assert reply.text == Policy().texts.apology


async def test_a_refusal_has_a_stable_code_and_changes_nothing():
    async with ChatSessions(bot=ScriptedBot("Hi!")) as chats:
        session = await chats.open(visitor="ana", text="Hello")
        await session.answer()
        await session.close()

        with pytest.raises(RefusedError) as refused:
            await session.say("One more thing")

        assert refused.value.refusal.code == "session_closed"
        assert len(await session.messages()) == 2


async def test_feedback_search_traces_and_erasure():
    async with ChatSessions(bot=ScriptedBot("In two days.")) as chats:
        session = await chats.open(visitor="ana", text="How long does delivery take?")
        await session.answer()
        await session.rate(5, solved=True, comment="quick")
        await session.resolve()

        found = await chats.find(q="delivery")
        trace = (await session.traces())[0]
        receipt = await chats.erase(visitor="ana")

        assert [view.id for view in found] == [session.id]
        assert (trace.text, trace.shown.text) == ("In two days.", "How long does delivery take?")
        assert receipt is not None
        assert receipt.sessions == 1
        assert await chats.find() == []
        assert await chats.erase(visitor="nobody") is None


async def test_a_second_program_on_the_same_file_is_refused_in_plain_words(tmp_path):
    async with ChatSessions(tmp_path / "chats.db"):
        with pytest.raises(LockedError, match=r"chats\.db is in use"):
            async with ChatSessions(tmp_path / "chats.db"):
                pass


async def test_a_service_outside_its_block_says_how_it_is_used():
    with pytest.raises(RuntimeError, match="async with ChatSessions"):
        await ChatSessions().open(visitor="ana")
