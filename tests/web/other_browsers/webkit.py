"""WebKit, the engine of Safari, as GTK's programs have it; over the driver that it brings."""

import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
from commands import DEADLINE_SECONDS, until
from web.other_browsers.display import display, running
from web.other_browsers.webdriver import Browser, Command

DRIVER = "/usr/bin/WebKitWebDriver"
WINDOW = Path(__file__).parent / "webkit_window.py"


class WebKit(Browser):
    """Starts anew with the same profile, and so remembers."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.start()

    def start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        theme = {"GTK_THEME": "Adwaita:dark" if self.is_dark else "Adwaita"}
        options = {"webkitgtk:browserOptions": {"binary": str(WINDOW), "args": [str(self.folder)]}}
        with ExitStack() as ends:
            environment = ends.enter_context(display()) | theme
            self._driver = ends.enter_context(running(DRIVER, f"--port={port}", env=environment))
            http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=DEADLINE_SECONDS, trust_env=False)
            self._http = ends.enter_context(http)
            until(self._is_ready, "WebKit's driver is ready")
            begun = self._send("POST", "/session", {"capabilities": {"alwaysMatch": options}})
            self._session = f"/session/{begun['sessionId']}"
            self._ends = ends.pop_all()

    def quit(self) -> None:
        with self._ends:
            self._send("DELETE", self._session)

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
