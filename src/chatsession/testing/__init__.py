"""A kit for your own tests: sessions in memory, a clock you move by hand, a bot that plays its part.

    from chatsession.testing import ManualClock, ScriptedBot

    async def test_a_silent_visitor_is_warned():
        clock = ManualClock()
        async with ChatSessions(bot=ScriptedBot("Hello!"), clock=clock) as chats:
            session = await chats.open(visitor="ana", text="Hi")
            await session.answer()

            await clock.advance("28m")

            assert (await session.state()).warned_at is not None

With pytest, `pytest_plugins = ["chatsession.testing.plugin"]` in your `conftest.py` brings the fixtures.
"""

from chatsession.clocks.manual import ManualClock
from chatsession.testing.scripted import Hang, Held, ScriptedBot
from chatsession.testing.server import ChatServer

__all__ = ["ChatServer", "Hang", "Held", "ManualClock", "ScriptedBot"]
