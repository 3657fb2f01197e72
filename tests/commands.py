"""Commands as people run them: real processes, real files, real addresses."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

MAIN = "from chatsession.cli import main; main()"
DEADLINE_SECONDS = 60
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


class Shell:
    """Runs commands in a folder of their own, with a user's state of their own."""

    def __init__(self, folder: Path):
        self.folder = folder
        hidden = ("CHATSESSION_", "XDG_", "COLUMNS", "FORCE_COLOR", "NO_COLOR")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        self.environment |= {"XDG_STATE_HOME": str(folder / "state"), "TERM": "dumb"}
        self._begun: list[subprocess.Popen] = []

    def run(self, *arguments, text: str = "", **environment) -> subprocess.CompletedProcess:
        """One command to its end."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment | environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )

    def begin(self, *arguments, **more) -> subprocess.Popen:
        """A command that runs on; it is ended with the test."""
        process = subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            **({"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | more),
        )
        self._begun.append(process)
        return process

    @staticmethod
    def command(*arguments) -> list[str]:
        return [sys.executable, "-c", MAIN, *map(str, arguments)]

    def end(self) -> None:
        for process in self._begun:
            if process.poll() is None:
                process.kill()
            process.communicate()


class Server:
    """A server in its own process, which can be killed and started again where it was."""

    def __init__(self, shell: Shell, *arguments):
        self.shell = shell
        self.arguments = arguments
        self.base_url = ""
        self.said: list[str] = []
        self.start(port=0)

    @property
    def data(self) -> Path:
        return self.shell.folder / "data"

    @property
    def keys(self) -> dict:
        return json.loads((self.data / "keys.json").read_bytes())

    def start(self, port: int) -> None:
        """Start, and return once it says where it is."""
        arguments = (*self.arguments, "--port", port, "--data", self.data)
        self.process = self.shell.begin(*arguments, stderr=subprocess.STDOUT)
        self.said = []
        is_up = threading.Event()

        def read() -> None:
            for line in self.process.stdout:
                self.said.append(line)
                if "Ctrl-C" in line:
                    is_up.set()
            is_up.set()

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()
        assert is_up.wait(DEADLINE_SECONDS), self.said
        assert self.process.poll() is None, self.said
        self.base_url = ADDRESS.search("".join(self.said)).group()

    @property
    def port(self) -> int:
        return int(self.base_url.rsplit(":", 1)[1])

    def kill(self) -> None:
        """End it as the system would: without a word."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(DEADLINE_SECONDS)

    def stop(self) -> int:
        """End it as people do; its exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(DEADLINE_SECONDS)
        self.reader.join(DEADLINE_SECONDS)
        return code

    def client(self, secret: str | None = None) -> httpx.Client:
        headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
        settings = {"base_url": self.base_url, "headers": headers, "timeout": DEADLINE_SECONDS, "trust_env": False}
        return httpx.Client(**settings, verify=False)  # noqa: S501  no TLS here

    def admin(self) -> httpx.Client:
        return self.client(self.keys["admin"])


def until(condition, what: str):
    """Wait for a condition; what it came to."""
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"never happened: {what}")
