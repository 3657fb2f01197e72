"""Firefox, over Marionette: what it listens to by itself, and what geckodriver, which Debian lacks, would speak."""

import json
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from commands import DEADLINE_SECONDS, until
from web.other_browsers.display import display, running
from web.other_browsers.webdriver import PHONE, Browser, Command

FIREFOX = "/usr/bin/firefox-esr"
PORT_FILE = "MarionetteActivePort"
PREFERENCES = 'user_pref("marionette.port", 0);\nuser_pref("layout.css.prefers-color-scheme.content-override", {});\n'
DARK, LIGHT = 0, 1


class Firefox(Browser):
    """Starts anew with the same profile, and so remembers."""

    def __init__(self, folder: Path):
        self.profile = folder / "profile"
        self.profile.mkdir(parents=True)
        self.start()

    def start(self) -> None:
        preferences = PREFERENCES.format(DARK if self.is_dark else LIGHT)
        (self.profile / "user.js").write_text(preferences)
        (self.profile / PORT_FILE).unlink(missing_ok=True)
        with ExitStack() as ends:
            environment = ends.enter_context(display())
            log = ends.enter_context((self.profile.parent / "log").open("wb"))
            command = (FIREFOX, "--marionette", "--profile", self.profile)
            self._process = ends.enter_context(running(*command, env=environment, stdout=log, stderr=log))
            port = until(self._port, "Firefox listens")
            self._connection = ends.enter_context(socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS))
            self._stream = ends.enter_context(self._connection.makefile("rb"))
            self._receive()  # It says who it is before it is asked.
            self._send("WebDriver:NewSession")
            self._ends = ends.pop_all()

    def quit(self) -> None:
        with self._ends:
            self._send("Marionette:Quit", flags=["eAttemptQuit"])
            self._process.wait(DEADLINE_SECONDS)

    def open_phone(self) -> str:
        """In a window that a page opens: no other of Firefox's is smaller than 500 pixels."""
        self.open_tab()
        before = self.tabs()
        self.run("open('about:blank', '', 'popup')")
        (handle,) = set(self.tabs()) - set(before)
        self.show(handle)
        self.resize(*PHONE)
        return handle

    def ask(self, command: Command, **given: Any) -> Any:
        if command.name == "ExecuteScript":
            given["sandbox"] = None  # As the page's own scripts do: see what they see.
        return self._send(f"WebDriver:{command.name}", **given)

    def _send(self, name: str, **given: Any) -> Any:
        message = json.dumps([0, 0, name, given]).encode()
        self._connection.sendall(b"%d:%s" % (len(message), message))
        *_, error, result = self._receive()
        assert error is None, error
        return result["value"] if isinstance(result, dict) and "value" in result else result

    def _receive(self) -> Any:
        length = b""
        while (byte := self._stream.read(1)) != b":":
            assert byte, "Firefox hung up."
            length += byte
        return json.loads(self._stream.read(int(length)))

    def _port(self) -> int:
        assert self._process.poll() is None, "Firefox ended while it started."
        found = self.profile / PORT_FILE
        return int(found.read_text() or 0) if found.exists() else 0
