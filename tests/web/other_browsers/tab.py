"""A tab with the widget in it, in any browser that WebDriver drives: what can be seen of the chat, and done with it."""

from commands import until
from web.other_browsers.webdriver import Browser

ENTER = "\ue007"
"""The standard's name for the key."""
CLOSED = ".launcher[aria-expanded=false]"
IN_CHAT = "const chat = document.querySelector('chat-session')?.shadowRoot;"
FIND = f"{IN_CHAT} return [...chat?.querySelectorAll(arguments[0]) ?? []].filter((node) => node.checkVisibility());"
WORDS = f"{FIND[:-1]}.map((node) => node.innerText);"
NAMED = f"{FIND[:-1]}.filter((node) => [node.ariaLabel, node.innerText.trim()].includes(arguments[1]));"
SESSION = "return chatsession.getState().then(({ session }) => session.id);"
ANSWERED = """return chatsession.getState().then(
  ({ items }) => items.filter(({ by }) => by === "bot").map(({ text }) => text));"""
COMPLAINTS = """<script>
  const complain = (what) => { sessionStorage.complaints = `${sessionStorage.complaints ?? ""}${what}\\n`; };
  addEventListener("error", ({ message }) => complain(message));
  addEventListener("unhandledrejection", ({ reason }) => complain(reason));
</script>"""
"""Stands on every page, before the widget: what went wrong in this tab."""


class Tab:
    """One tab; whatever is asked of it shows it first."""

    def __init__(self, browser: Browser, url: str, handle: str | None = None):
        self.browser = browser
        self.handle = handle or browser.open_tab()
        browser.load(url)

    # What can be seen.

    def words(self, selector: str) -> list[str]:
        """What can be read in each of those that are to be seen."""
        return self.run(WORDS, selector)

    @property
    def said(self) -> list[str]:
        """The words of both sides, oldest first."""
        return [words.strip() for words in self.words("[role=log] .bubble")]

    @property
    def answers(self) -> int:
        """How much was said by others than the visitor."""
        return len(self.words("[role=log] article.them"))

    @property
    def session(self) -> str:
        return self.run(SESSION)

    @property
    def answered(self) -> list[str]:
        """What the bot said, as the client has it: to the byte."""
        return self.run(ANSWERED)

    @property
    def draft(self) -> str:
        return self.run(f"{IN_CHAT} return chat.querySelector('textarea').value;")

    @property
    def complaints(self) -> str:
        return self.run("return sessionStorage.complaints ?? '';")

    def shows(self, text: str, where: str = "[role=log]") -> bool:
        """Whether that can be read there."""
        return any(text in words for words in self.words(where))

    def sees(self, selector: str) -> bool:
        """Whether there is one of those to be seen."""
        return self.words(selector) != []

    # What can be done.

    def run(self, script: str, *given):
        self.browser.show(self.handle)
        return self.browser.run(script, *given)

    def load(self, url: str) -> None:
        self.browser.show(self.handle)
        self.browser.load(url)

    def back(self) -> None:
        self.browser.show(self.handle)
        self.browser.back()

    def close(self) -> None:
        self.browser.close(self.handle)

    def open(self) -> None:
        """Open the chat, unless it is open."""
        until(lambda: self.sees(".launcher") or self.sees(".composer textarea"), "a chat stands on the page")
        until(self._is_open, "the chat is open")

    def _is_open(self) -> bool:
        """Whether it is; one that is closed is pressed. One that opened by itself just then was closed by that."""
        if self.sees(CLOSED):
            for launcher in self.run(FIND, CLOSED):
                self.browser.click(launcher)
        return self.sees(".composer textarea")

    def write(self, text: str) -> None:
        """Write and send, and wait for nothing."""
        self.type(text + ENTER)

    def type(self, text: str) -> None:
        (composer,) = self.run(FIND, ".composer textarea")
        self.browser.type(composer, text)

    def say(self, text: str) -> None:
        """Write, and wait until something else was said after it."""
        before = self.answers
        self.write(text)
        until(lambda: self.answers > before, f"an answer to {text}")

    def press(self, name: str) -> None:
        until(lambda: self.run(NAMED, "button", name), f"a button {name}")
        self.browser.click(self.run(NAMED, "button", name)[0])

    def _click(self, selector: str) -> None:
        (found,) = self.run(FIND, selector)
        self.browser.click(found)
