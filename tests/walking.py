"""A visitor's walk through the demo's six steps, in a real browser, seen through the glass box."""

import re
from contextlib import suppress

from playwright.sync_api import Locator, Page, expect

CHROMIUM = "/usr/bin/chromium"
"""Debian's; Playwright's own browsers are not fetched."""
PLAYWRIGHTS = (
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay"),
    *("MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
    "ThirdPartyStoragePartitioning",
)
"""What Playwright turns off; a list of one's own takes the place of its."""
ADDRESS_BARS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""What the address bar of each window would suggest is drawn by two web pages, and nobody types there."""
WITHOUT_SUGGESTIONS = f"--disable-features={','.join((*PLAYWRIGHTS, *ADDRESS_BARS))}"
"""Half the computing for each visitor is saved by it; pages are shown and run as ever."""
DEADLINE_MS = 60_000
OPENING_MS = 5_000
STEPS = ("ask", "page", "tab", "keep", "resume", "kill")


class Walk:
    """One visitor on the glass box's page: the shop in its frame, and the steps above it."""

    def __init__(self, page: Page, demo):
        self.page, self.demo = page, demo
        page.set_default_timeout(DEADLINE_MS)
        expect.set_options(timeout=DEADLINE_MS)
        page.goto(f"{demo.base_url}/glass")
        expect(page.locator(".link")).to_have_text(re.compile("waiting|live"))

    # What the visitor sees.

    @property
    def chat(self) -> Locator:
        return self.page.frame_locator("iframe[title='The shop']").locator("chat-session")

    @property
    def composer(self) -> Locator:
        return self.chat.get_by_role("textbox")

    def step(self, name: str) -> Locator:
        return self.page.locator(".steps li button").nth(STEPS.index(name))

    def wait_for(self, name: str) -> None:
        """Wait until the step has ticked itself off."""
        expect(self.step(name)).to_have_attribute("data-done", "")

    def ticked(self) -> list[str]:
        return [name for name in STEPS if self.step(name).get_attribute("data-done") is not None]

    def answers(self) -> int:
        return self.page.locator('[data-type="turn_answered"]').count()

    # What the visitor does.

    def open_chat(self) -> None:
        launcher = self.chat.locator(".launcher")
        expect(launcher).to_be_visible()
        # A chat that was open opens by itself, maybe just as it is pressed, which closes it: then once more.
        if not self.composer.is_visible():
            launcher.click()
        with suppress(AssertionError):
            expect(self.composer).to_be_visible(timeout=OPENING_MS)
        if not self.composer.is_visible():
            launcher.click()
        expect(self.composer).to_be_visible()

    def write(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def say(self, text: str) -> None:
        """Write, and wait until the bot has answered."""
        before = self.answers()
        self.write(text)
        expect(self.page.locator('[data-type="turn_answered"]')).to_have_count(before + 1)

    def go(self, bookmark: str) -> None:
        """Load another page of the shop."""
        self.page.get_by_role("link", name=bookmark, exact=True).click()
        expect(self.page.locator(".address")).not_to_have_text("/")

    def press(self, name: str) -> None:
        """Press the button that the step at hand offers."""
        self.page.locator(".hint").get_by_role("button", name=name).click()

    def answer_chat(self, name: str) -> None:
        """Press a button of the chat."""
        self.chat.get_by_role("button", name=name).click()
