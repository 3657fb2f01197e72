"""Every state of the widget on a page of its own: the real views, drawn by a browser from a state that is given."""

import threading
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect
from web.node import WEB, run

PAGES = WEB / "tests" / "widget" / "gallery"
SCENES = (
    *("launcher", "empty", "consent", "talk", "sources", "thinking", "streaming", "replies", "form", "form-mistakes"),
    *("files", "warning", "closed", "rated", "archived", "offline", "reconnecting", "refused", "unkept", "failed"),
    *("held", "offer", "queue", "queue-offer", "agent", "turn-failed", "files-refused", "error", "menu", "earlier"),
    *("earlier-awaited", "earlier-none", "past", "memory", "elsewhere", "elsewhere-come", "topics", "naming"),
)


def build(folder: Path) -> None:
    """Build the pages into a folder."""
    built = run("vite/bin/vite.js", "build", str(PAGES), "--outDir", str(folder), "--base", "./")
    assert built.returncode == 0, built.stdout + built.stderr


class Gallery:
    """Serves the pages from the folder they were built into, on 127.0.0.1 at a port of its own."""

    def __init__(self, folder: Path):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def address(self, scene: str | None = None, **wishes: str) -> str:
        """Of the page that shows this scene, or that names them all."""
        query = urlencode(({"scene": scene} if scene else {}) | wishes)
        return f"http://127.0.0.1:{self._server.server_port}/?{query}"

    def show(self, page: Page, scene: str, **wishes: str) -> Locator:
        """Show a scene and wait until all of it is there; the widget."""
        page.goto(self.address(scene, **wishes))
        expect(page.locator("body")).to_have_attribute("data-shown", scene)
        return page.locator("chat-session")

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing of it, nor of those who leave before they have them."""

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_: object) -> None:
        pass
