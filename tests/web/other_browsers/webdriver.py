"""What the WebDriver standard lets one do with a browser, whichever way its maker carries the commands."""

import base64
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from commands import until

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The standard's own name for a reference to an element."""


class Command(NamedTuple):
    """One command: its name, and what it is called over HTTP."""

    name: str
    method: str
    path: str


NAVIGATE = Command("Navigate", "POST", "url")
BACK = Command("Back", "POST", "back")
RUN = Command("ExecuteScript", "POST", "execute/sync")
CLICK = Command("ElementClick", "POST", "element/{id}/click")
TYPE = Command("ElementSendKeys", "POST", "element/{id}/value")
NEW_TAB = Command("NewWindow", "POST", "window/new")
TABS = Command("GetWindowHandles", "GET", "window/handles")
SHOW = Command("SwitchToWindow", "POST", "window")
CLOSE = Command("CloseWindow", "DELETE", "window")
RESIZE = Command("SetWindowRect", "POST", "window/rect")
PICTURE = Command("TakeScreenshot", "GET", "screenshot")
SIZES = "return [innerWidth, innerHeight, outerWidth - innerWidth, outerHeight - innerHeight];"
DESK, PHONE = (1280, 800), (390, 800)


class Browser(ABC):
    """A browser with a profile; its commands go to the tab that is shown."""

    is_dark = False

    @abstractmethod
    def start(self) -> None:
        """Start, with whatever the profile holds."""

    @abstractmethod
    def quit(self) -> None:
        """Close it as a person would: what is to be kept is written."""

    @abstractmethod
    def ask(self, command: Command, **given: Any) -> Any:
        """Carry out one command; what came of it."""

    def restart(self, *, is_dark: bool = False) -> None:
        """Close it and start it again, perhaps on a system that prefers dark colours by now."""
        self.quit()
        self.is_dark = is_dark
        self.start()

    def load(self, url: str) -> None:
        self.ask(NAVIGATE, url=url)

    def back(self) -> None:
        self.ask(BACK)

    def run(self, script: str, *given: Any) -> Any:
        """Run a script in the page; a promise is waited for."""
        return self.ask(RUN, script=script, args=list(given))

    def click(self, element: dict[str, str]) -> None:
        self.ask(CLICK, id=element[ELEMENT])

    def type(self, element: dict[str, str], text: str) -> None:
        self.ask(TYPE, id=element[ELEMENT], text=text)

    def open_tab(self) -> str:
        """A new tab, which is shown; its handle."""
        handle = self.ask(NEW_TAB, type="tab")["handle"]
        self.show(handle)
        return handle

    def open_phone(self) -> str:
        """A new tab of a browser as small as a phone; its handle."""
        handle = self.open_tab()
        self.resize(*PHONE)
        return handle

    def show(self, tab: str) -> None:
        self.ask(SHOW, handle=tab)

    def tabs(self) -> list[str]:
        return self.ask(TABS)

    def close(self, tab: str) -> None:
        """Close a tab and show one that is left: the last of them ends the browser."""
        self.show(tab)
        self.ask(CLOSE)
        self.show(next(each for each in self.tabs() if each != tab))

    def resize(self, width: int, height: int) -> None:
        """Give the page so many pixels, whatever the browser needs around it, and wait until it has them."""
        until(lambda: self._fits(width, height), f"a page of {width} by {height} pixels")

    def picture(self) -> bytes:
        """What is seen of the page, as a PNG."""
        return base64.b64decode(self.ask(PICTURE))

    def _fits(self, width: int, height: int) -> bool:
        inner_width, inner_height, more, above = self.run(SIZES)
        if (inner_width, inner_height) == (width, height):
            return True
        self.ask(RESIZE, width=width + more, height=height + above)
        return False
