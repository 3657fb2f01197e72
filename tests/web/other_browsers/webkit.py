"""WebKit, the engine of Safari, as GTK's programs have it; over the driver that it brings."""

import os
import socket
import subprocess
from pathlib import Path
from typing import Any

import httpx
from commands import DEADLINE_SECONDS, until
from web.other_browsers.webdriver import Browser, Command

DRIVER = "/usr/bin/WebKitWebDriver"
WINDOW = Path(__file__).parent / "webkit_window.py"


class WebKit(Browser):
    """Starts anew with the same profile, and so remembers; needs a display, and has one of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.start()

    def start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._display = Display()
        theme = "Adwaita:dark" if self.is_dark else "Adwaita"
        environment = os.environ | {"DISPLAY": self._display.name, "GDK_BACKEND": "x11", "GTK_THEME": theme}
        self._driver = subprocess.Popen([DRIVER, f"--port={port}"], env=environment)
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=DEADLINE_SECONDS, trust_env=False)
        until(self._is_ready, "WebKit's driver is ready")
        options = {"webkitgtk:browserOptions": {"binary": str(WINDOW), "args": [str(self.folder)]}}
        begun = self._send("POST", "/session", {"capabilities": {"alwaysMatch": options}})
        self._session = f"/session/{begun['sessionId']}"

    def quit(self) -> None:
        self._send("DELETE", self._session)
        self._http.close()
        self._driver.terminate()
        self._driver.wait(DEADLINE_SECONDS)
        self._display.end()

    def ask(self, command: Command, **given: Any) -> Any:
        path = command.path.format(id=given.pop("id", None))
        return self._send(command.method, f"{self._session}/{path}", given)

    def _send(self, method: str, path: str, given: dict[str, Any] | None = None) -> Any:
        body = given or {} if method == "POST" else None
        answer = self._http.request(method, path, json=body).json()["value"]
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer

    def _is_ready(self) -> bool:
        assert self._driver.poll() is None, "WebKit's driver ended while it started."
        try:
            return self._send("GET", "/status")["ready"]
        except httpx.TransportError:
            return False


class Display:
    """A screen that nobody sees."""

    def __init__(self):
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
        self._process = subprocess.Popen(command, pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as number:
            self.name = f":{number.readline().strip()}"

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(DEADLINE_SECONDS)
