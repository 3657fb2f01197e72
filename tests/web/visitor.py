"""A visitor in front of a page with the widget: what can be seen of the chat, and done with it."""

from commands import until
from playwright.sync_api import Locator, Page, expect

DEADLINE_MS = 60_000


class Visitor:
    """One tab with one widget in it."""

    def __init__(self, page: Page, url: str | None = None):
        self.page = page
        page.set_default_timeout(DEADLINE_MS)
        expect.set_options(timeout=DEADLINE_MS)
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if url is not None:
            page.goto(url)

    # What can be seen.

    @property
    def chat(self) -> Locator:
        return self.page.locator("chat-session")

    @property
    def launcher(self) -> Locator:
        return self.chat.locator(".launcher")

    @property
    def panel(self) -> Locator:
        return self.chat.locator(".panel")

    @property
    def composer(self) -> Locator:
        return self.chat.locator(".composer textarea")

    @property
    def transcript(self) -> Locator:
        return self.chat.get_by_role("log")

    @property
    def messages(self) -> Locator:
        """Those of both sides, oldest first."""
        return self.transcript.get_by_role("article")

    @property
    def answers(self) -> Locator:
        """What was said by others than the visitor."""
        return self.transcript.locator("article.them")

    @property
    def said(self) -> list[str]:
        """The words of both sides, oldest first."""
        return self.transcript.locator(".bubble").all_inner_texts()

    @property
    def session(self) -> str:
        """The id of the chat that is shown, as soon as one is."""
        return until(lambda: self.state("session").get("id"), "a chat is shown")

    def state(self, name: str):
        """One thing that the page is told of the chat."""
        return self.page.evaluate("name => chatsession.getState().then((state) => state[name] ?? {})", name)

    def button(self, name: str) -> Locator:
        return self.chat.get_by_role("button", name=name, exact=True)

    # What can be done.

    def open(self) -> None:
        """Open the chat, unless it is open."""
        closed = self.chat.locator(".launcher[aria-expanded=false]")
        expect(self.launcher.or_(self.composer).first).to_be_visible()
        # One that was open on the page before is open again before it can be seen.
        if closed.is_visible():
            closed.click()
        expect(self.composer.or_(self.button("Agree and start")).filter(visible=True)).to_be_visible()

    def write(self, text: str) -> None:
        """Write and send, and wait for nothing."""
        self.composer.fill(text)
        self.composer.press("Enter")

    def say(self, text: str) -> None:
        """Write, and wait until something else was said after it."""
        before = self.answers.count()
        self.write(text)
        expect(self.answers).to_have_count(before + 1)
        expect(self.chat.locator(".writing")).to_be_hidden()

    def press(self, name: str) -> None:
        self.button(name).click()

    def from_menu(self, name: str) -> None:
        """Open the menu of the chat, and choose."""
        self.press("More")
        self.chat.locator("#menu").get_by_role("button", name=name, exact=True).click()
