"""Where a browser keeps nothing, or forgets, one can chat all the same."""

import pytest
from playwright.sync_api import expect
from walking import CHROMIUM
from web.site import Sheet, Site, page_with
from web.visitor import Visitor

pytestmark = pytest.mark.slow

KEEPS_NOTHING = "This browser keeps nothing: the chat is gone when you close the page."
REFUSING = """for (const name of ["localStorage", "sessionStorage", "indexedDB"])
  Object.defineProperty(window, name, {
    get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
  });"""
PARTITIONING = "--disable-features=Translate,OptimizationHints"
"""A list of our own: Playwright's switches the partitioning off, which nobody's browser does."""


def test_where_storage_is_refused_one_can_chat_and_is_told(visitor, context, site):
    context.add_init_script(REFUSING)
    visitor.page.reload()

    visitor.open()
    visitor.say("Is this kept?")
    visitor.say("It is not")

    expect(visitor.chat.locator(".banner")).to_contain_text(KEEPS_NOTHING)
    visitor.press("Dismiss")
    expect(visitor.chat.locator(".banner")).to_be_empty()
    visitor.page.reload()
    visitor.open()
    expect(visitor.messages).to_have_count(0)
    visitor.say("A new chat")
    assert visitor.complaints == []


@pytest.mark.parametrize("is_kept", [False, True], ids=["refused", "partitioned"])
def test_a_page_within_a_page_of_another_site_has_a_chat_that_works(playwright, site, is_kept):
    flags = {"ignore_default_args": ["--disable-features"], "args": [PARTITIONING]} if is_kept else {}
    browser = playwright.chromium.launch(executable_path=CHROMIUM, **flags)
    frame = f'<iframe src="http://shop.localhost:{site.port}/" style="width: 900px; height: 700px"></iframe>'
    portal = Site({"/": Sheet(page_with(frame, "A portal"))})
    page = browser.new_page()
    page.goto(f"http://portal.localhost:{portal.port}/")
    visitor = Within(page)
    assert visitor.keeps() == is_kept

    visitor.open()
    visitor.say("From within")
    visitor.say("And again")

    banner = visitor.chat.locator(".banner")
    expect(banner).to_be_hidden() if is_kept else expect(banner).to_contain_text(KEEPS_NOTHING)
    page.reload()
    visitor.open()
    expect(visitor.answers).to_have_count(2 if is_kept else 0)
    visitor.say("Once more")
    assert visitor.complaints == []
    browser.close()
    portal.stop()


class Within(Visitor):
    """A visitor whose page stands in a frame of another's."""

    @property
    def chat(self):
        return self.page.frame_locator("iframe").locator("chat-session")

    def keeps(self) -> bool:
        """Whether the page may keep anything at all."""
        expect(self.launcher).to_be_visible()
        return self.page.frames[1].evaluate("() => { try { return !!localStorage } catch { return false } }")


def test_a_chat_goes_on_while_the_visitor_clears_the_sites_data(visitor, context, site):
    visitor.open()
    visitor.say("Before the clearing")
    session = visitor.session

    clearing = context.new_cdp_session(visitor.page)
    clearing.send("Storage.clearDataForOrigin", {"origin": site.base_url, "storageTypes": "all"})

    expect(visitor.answers).to_have_count(1)
    visitor.say("After the clearing")
    visitor.page.reload()
    visitor.open()
    expect(visitor.answers).to_have_count(2)
    assert visitor.session == session


def test_a_chat_goes_on_while_the_page_clears_its_storage(visitor, site, context):
    visitor.open()
    visitor.say("Before the clearing")
    session = visitor.session

    visitor.page.evaluate("localStorage.clear(), sessionStorage.clear()")

    visitor.say("After the clearing")
    assert visitor.session == session
    visitor.page.reload()
    visitor.open()
    expect(visitor.answers).to_have_count(2)
    visitor.say("After the reload")
    assert visitor.session == session
    assert visitor.complaints == []
