"""The server of serving.py in a process of its own, which can be killed and started again where it was."""

import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
from commands import DEADLINE_SECONDS, until

TESTS = Path(__file__).parents[1]


class Served:
    """A shop and a bank, over a folder of data that outlives the process."""

    def __init__(self, folder: Path, *, is_for_all: bool = False):
        self.folder, self.is_for_all = folder, is_for_all
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def keys(self) -> dict:
        return json.loads((self.folder / "keys.json").read_bytes())

    def start(self) -> None:
        """Start, again over the same data, and return once it answers."""
        self.process = subprocess.Popen([sys.executable, "-m", "web.serving", str(self.port), self.folder], cwd=TESTS)
        with self._http() as http:
            until(lambda: self._is_ready(http), "the server is ready")

    def kill(self) -> None:
        """End it as the system would: without a word."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(DEADLINE_SECONDS)

    def stop(self) -> None:
        """End it as people do, if it still runs."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(DEADLINE_SECONDS)

    def client(self, role: str = "admin") -> httpx.Client:
        """A program with the key of that role: `admin` or `agent`."""
        headers = {"Authorization": f"Bearer {self.keys[role]}"}
        return self._http(headers=headers)

    def sessions(self) -> list[dict]:
        """All sessions there are, as an admin sees them."""
        with self.client() as admin:
            return admin.get("/v1/sessions").json()["sessions"]

    def events(self, session: str) -> list[dict]:
        """All that happened in it."""
        with self.client() as admin:
            return admin.get(f"/v1/sessions/{session}/events").json()["events"]

    def traces(self, session: str) -> list[dict]:
        """What the bot did in it, one for each attempt."""
        with self.client() as admin:
            return admin.get(f"/v1/sessions/{session}/traces").json()["traces"]

    def streams(self) -> int:
        """How many streams are open now, of whomever."""
        with self.client() as admin:
            metrics = admin.get("/metrics").text
        return int(float(re.search(r'^chatsession_open\{kind="streams"\} (.+)$', metrics, re.MULTILINE).group(1)))

    def skip(self, session: str, to: str) -> None:
        """Move the clock of the server to what the session is waiting for: `warning`, `closing` or `window`."""
        assert not self.is_for_all, "Other tests are served by this clock as well: what is signed there would expire."
        with self.client() as admin:
            admin.post("/v1/demo/skip", json={"session": session, "to": to}).raise_for_status()

    def adopt(self, session: str, **knobs: object) -> None:
        """Let a policy apply to this session alone."""
        with self.client() as admin:
            admin.put(f"/v1/sessions/{session}/policy", json=knobs).raise_for_status()

    def _http(self, **more) -> httpx.Client:
        settings = {"base_url": self.base_url, "timeout": DEADLINE_SECONDS, "trust_env": False, **more}
        return httpx.Client(**settings, verify=False)  # noqa: S501  no TLS here

    def _is_ready(self, http: httpx.Client) -> bool:
        assert self.process.poll() is None, "The server ended while it started."
        try:
            return http.get("/readyz").is_success
        except httpx.TransportError:
            return False
