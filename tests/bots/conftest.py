"""The server that bots talk to: one process for all tests, apart from them; and bots that ask it."""

import subprocess
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path

import httpx
import pytest
from bots.made_bots import openai_bot, webhook_bot

PROGRAM = Path(__file__).parent / "upstream.py"


class Upstream:
    """Where the server is, and what it has seen of one test."""

    def __init__(self, port: int, tls_port: int, tag: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.tls_port = tls_port
        self._tag = tag

    def model(self, scenario: str) -> str:
        """The address of an endpoint that behaves like this."""
        return f"{self.url}/models/{scenario}/{self._tag}"

    def hook(self, scenario: str, at: str | None = None) -> str:
        """The address of a webhook that behaves like this, on this machine or under a name that leads there."""
        return f"{at or self.url}/hooks/{scenario}/{self._tag}"

    async def seen(self) -> list[dict]:
        """The requests of this test."""
        return await self._asked("seen")

    async def asked(self) -> None:
        """Return once there was such a request."""
        await self._asked("asked")

    async def closed(self) -> None:
        """Return once the client has closed the connection of such a request."""
        await self._asked("closed")

    async def _asked(self, what: str) -> list[dict]:
        async with httpx.AsyncClient(timeout=30, trust_env=False, verify=False) as client:  # noqa: S501  no TLS here
            return (await client.get(f"{self.url}/{what}/{self._tag}")).json()


@pytest.fixture(scope="session")
def upstream_ports():
    with subprocess.Popen(
        [sys.executable, PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield tuple(map(int, process.stdout.readline().split()))
        process.terminate()


_tags = count(1)


@pytest.fixture
def upstream(upstream_ports) -> Upstream:
    return Upstream(*upstream_ports, f"test{next(_tags)}")


@pytest.fixture
async def model_at(upstream):
    """Makes bots that ask a model: `model_at("good", a_tool, temperature=0.2)`."""
    async with _closed_with_the_test(partial(openai_bot, upstream)) as made:
        yield made


@pytest.fixture
async def webhook_at(upstream):
    """Makes bots that ask a webhook: `webhook_at("checks", secrets=(OTHER,))`."""
    async with _closed_with_the_test(partial(webhook_bot, upstream)) as made:
        yield made


@asynccontextmanager
async def _closed_with_the_test(make):
    async with AsyncExitStack() as bots:

        def made(*arguments, **options):
            bot = make(*arguments, **options)
            bots.push_async_callback(bot.close)
            return bot

        yield made
