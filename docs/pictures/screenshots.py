"""Take the README's pictures of the glass box: start the demo, walk its six steps, and keep what was seen.

Run it from the repository: `PYTHONPATH=tests python docs/pictures/screenshots.py [folder]`. It needs Chromium
(Debian's package) and writes `glassbox.webp`, which moves, beside itself. Into the folder, if one is named, go stills:
every step, and every state of the widget, on phones, tablets and desks, light, dark, and from right to left.
"""

import io
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from commands import Server, Shell
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright
from walking import CHROMIUM, STEPS, Walk
from web.gallery import SCENES, Gallery, build

HERE = Path(__file__).parent
SIZE = {"width": 1280, "height": 800}
SHOWN = (1120, 700)
BYTES_MAX = 2_000_000
QUALITIES = (80, 70, 60, 50, 40)
FRAME_MS = 160
HOLD_MS_MAX = 1_400
"""Nothing that happens is left out, but no still is shown for longer than it takes to read."""
LAST_MS = 3_500
DEVICES = {
    "phone": {"width": 360, "height": 740},
    "tablet": {"width": 768, "height": 1024},
    "desktop": {"width": 1280, "height": 800},
}


class Demo(Server):
    """The demo with its usual folder, so that the pictures say what its users read."""

    @property
    def data(self) -> Path:
        """Where `chatsession demo` keeps its data unless told otherwise."""
        return self.shell.folder / "demo-data"


class Frame(NamedTuple):
    """What was seen, and when."""

    at: float
    png: bytes


class Film:
    """Frames of a page, taken while something happens on it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.frames: list[Frame] = []

    def watch(self, ms: int) -> None:
        """Look on for so long."""
        end = time.monotonic() + ms / 1000
        while time.monotonic() < end:
            began = time.monotonic()
            self.frames.append(Frame(began, self._page.screenshot()))
            self._page.wait_for_timeout(max(1, FRAME_MS - (time.monotonic() - began) * 1000))

    def save(self, path: Path) -> int:
        """Write a picture that moves, as well as it fits; its size."""
        stills = self._stills()
        for quality in QUALITIES:
            first, *rest = [image for image, _ in stills]
            durations = [ms for _, ms in stills]
            first.save(path, save_all=True, append_images=rest, duration=durations, loop=0, quality=quality, method=4)
            if path.stat().st_size <= BYTES_MAX:
                return path.stat().st_size
        raise SystemExit(f"{path.name} has {path.stat().st_size} bytes; at most {BYTES_MAX} fit the README.")

    def _stills(self) -> list[tuple[Image.Image, int]]:
        """Each picture once, for as long as it was seen."""
        end = Frame(self.frames[-1].at + LAST_MS / 1000, b"")
        found: list[tuple[Image.Image, int]] = []
        before = b""
        for frame, following in pairwise([*self.frames, end]):
            ms = round((following.at - frame.at) * 1000)
            if frame.png == before:
                image, known = found[-1]
                found[-1] = (image, known + ms)
            else:
                found.append((Image.open(io.BytesIO(frame.png)).convert("RGB").resize(SHOWN, Image.LANCZOS), ms))
            before = frame.png
        return [*((image, min(ms, HOLD_MS_MAX)) for image, ms in found[:-1]), (found[-1][0], LAST_MS)]


class Story:
    """The six steps, played slowly enough to be followed."""

    def __init__(self, walk: Walk, film: Film, stills: Path | None) -> None:
        self._walk, self._film, self._stills = walk, film, stills

    def play(self) -> None:
        """Take each step, and a still of what it came to."""
        for name in STEPS:
            getattr(self, f"_{name}")()
            self._walk.wait_for(name)
            self._film.watch(1_200)
            if self._stills:
                self._walk.page.screenshot(path=self._stills / f"glassbox-{STEPS.index(name) + 1}-{name}.png")

    def _say(self, text: str) -> None:
        for start in range(0, len(text), 6):
            self._walk.composer.press_sequentially(text[start : start + 6])
            self._film.watch(1)
        self._walk.composer.press("Enter")
        self._film.watch(1_500)

    def _ask(self) -> None:
        self._film.watch(700)
        self._walk.open_chat()
        self._film.watch(700)
        self._say("How long does delivery to Austria take?")

    def _page(self) -> None:
        self._walk.go("A jumper")
        self._film.watch(1_000)
        self._walk.open_chat()
        self._say("And to Norway?")

    def _tab(self) -> None:
        self._walk.press("Close the tab")
        self._film.watch(900)
        self._walk.press("Open the shop again")
        self._walk.open_chat()
        self._film.watch(900)
        self._say("Can I return socks?")

    def _keep(self) -> None:
        self._walk.press("Skip to the warning")
        self._film.watch(1_800)
        self._walk.answer_chat("Keep chatting")

    def _resume(self) -> None:
        self._walk.press("Skip to the closing")
        self._film.watch(1_800)
        self._walk.answer_chat("Continue this chat")

    def _kill(self) -> None:
        self._walk.write("How do I wash a Grat jumper?")
        expect(self._walk.page.locator(".live")).to_be_visible()
        self._film.watch(1)
        self._walk.demo.kill()
        self._film.watch(2_400)
        self._walk.demo.start(self._walk.demo.port)
        self._film.watch(1_500)
        expect(self._walk.chat).to_contain_text("wool cycle or by hand; Temperature: 30 °C")
        self._film.watch(1_500)


def take(stills: Path | None, browser: Browser, demo: Demo) -> None:
    """The film, and the stills where they are wanted."""
    context = browser.new_context(viewport=SIZE, color_scheme="light")
    page = context.new_page()
    walk, film = Walk(page, demo), Film(page)
    Story(walk, film, stills).play()
    print(f"{film.save(HERE / 'glassbox.webp'):,} bytes in glassbox.webp")
    if stills:
        show_devices(page, stills)
    context.close()


def show_devices(page: Page, folder: Path) -> None:
    """The page as phones, tablets and desks have it."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for device, size in DEVICES.items():
            page.set_viewport_size(size)
            page.wait_for_timeout(600)
            page.screenshot(path=folder / f"glassbox-{device}-{scheme}.png")


def show_states(browser: Browser, gallery: Gallery, folder: Path) -> None:
    """Every state of the widget as phones, tablets and desks have it."""
    for device, size in DEVICES.items():
        for look, scheme, locale in (("light", "light", "en"), ("dark", "dark", "en"), ("rtl", "light", "ar")):
            context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
            page = context.new_page()
            for scene in SCENES:
                gallery.show(page, scene, locale=locale)
                page.screenshot(path=folder / f"widget-{scene}-{device}-{look}.png")
            context.close()


def main() -> None:
    """Start a demo of its own and take its pictures."""
    stills = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if stills:
        stills.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        shell = Shell(Path(home))
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        try:
            take(stills, browser, Demo(shell, "demo"))
            if stills:
                pages = Path(home) / "gallery"
                build(pages)
                show_states(browser, Gallery(pages), stills)
        finally:
            browser.close()
            shell.end()


if __name__ == "__main__":
    main()
