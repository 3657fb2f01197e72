"""Fixtures for pytest: `pytest_plugins = ["chatsession.testing.plugin"]` in your `conftest.py`.

They are asynchronous generators, so they need pytest-asyncio (mode `auto`) or anyio's plugin.
"""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from chatsession.clocks.manual import ManualClock
from chatsession.core.policy import Policy
from chatsession.embedded import ChatSessions
from chatsession.testing.scripted import ScriptedBot
from chatsession.testing.server import ChatServer


@pytest.fixture
def chat_policy() -> Policy:
    """The policy of `chats` and `chat_server`: override it with yours."""
    return Policy(idle_timeout=timedelta(minutes=15))


@pytest.fixture
def chat_clock() -> ManualClock:
    """The clock of `chats` and `chat_server`: `await chat_clock.advance("14m")`."""
    return ManualClock()


@pytest.fixture
def chat_bot() -> ScriptedBot:
    """The bot of `chats` and `chat_server`: `chat_bot.add("Hello!")`, or override it with yours."""
    return ScriptedBot()


@pytest.fixture
async def chats(chat_bot: ScriptedBot, chat_clock: ManualClock, chat_policy: Policy) -> AsyncIterator[ChatSessions]:
    """Sessions in memory, without a server."""
    async with ChatSessions(bot=chat_bot, clock=chat_clock, policy=chat_policy) as running:
        yield running


@pytest.fixture
async def chat_server(chat_bot: ScriptedBot, chat_clock: ManualClock, chat_policy: Policy) -> AsyncIterator[ChatServer]:
    """A server in process: `chat_server.url`, `await chat_server.visitor()`."""
    async with ChatServer(bot=chat_bot, clock=chat_clock, policy=chat_policy) as server:
        yield server
