"""A real server process that can be killed and started again on the same data and port."""

import asyncio
import contextlib
import json
import signal
import socket
import sys
from pathlib import Path

import httpx

READY_SECONDS = 60

BOT = '''
import asyncio
from pathlib import Path


async def bot(turn):
    """Answers word by word; with a file named `hold` beside it, it waits before the last word."""
    words = f"This is the answer number {turn.turn} of attempt {turn.attempt} to: {turn.text} €ü🧶".split(" ")
    for word in words[:-1]:
        yield word + " "
        await asyncio.sleep(0.002)
    while Path("hold").exists():
        await asyncio.sleep(0.02)
    yield words[-1]
'''

SETTINGS = """
[inboxes.support]
{policy}

[inboxes.support.bot]
kind = "function"
target = "bot.py:bot"
"""


class Process:
    """`chatsession serve` in a folder of its own."""

    def __init__(self, folder: Path, policy: str = "") -> None:
        self.folder = folder
        (folder / "bot.py").write_text(BOT)
        (folder / "chatsession.toml").write_text(SETTINGS.format(policy=policy))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and return once it is ready."""
        log = (self.folder / "log.txt").open("ab")
        arguments = ["serve", "--port", str(self.port), "--data", "data", "--log", "warning"]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "chatsession", *arguments, cwd=self.folder, stdout=log, stderr=log
        )
        log.close()
        async with self._http() as client, asyncio.timeout(READY_SECONDS):
            while True:
                assert self._process.returncode is None, (self.folder / "log.txt").read_text()
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get("/readyz")).is_success:
                        return
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """As the machine's worst minute would: without a word."""
        await self.stop(signal.SIGKILL)

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it; the exit code."""
        if self._process is None:
            return 0
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        code, self._process = await self._process.wait(), None
        return code

    @property
    def admin_key(self) -> str:
        """The key that the data folder keeps."""
        return json.loads((self.folder / "data" / "keys.json").read_text())["admin"]

    async def visitor(self) -> httpx.AsyncClient:
        """A client in the hands of somebody new."""
        async with self._http() as anybody:
            token = (await anybody.post("/v1/inboxes/support/visitors", json={})).json()["token"]
        return self.client(token)

    def client(self, secret: str) -> httpx.AsyncClient:
        """A client with a credential."""
        headers = {"Authorization": f"Bearer {secret}"}
        return self._http(headers=headers, timeout=20)

    def _http(self, **more) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, trust_env=False, verify=False, **more)  # noqa: S501  no TLS here
