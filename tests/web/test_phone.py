"""The chat on phones: it covers the page while it is open, and leaves it exactly as it was."""

import pytest
from playwright.sync_api import expect
from web.site import Sheet, page_with, snippet
from web.visitor import Visitor

PHONES = ["iPhone 13", "360 wide"]
PAGE = """<p style="block-size: 3000px">Long.</p><input id="own"><div inert id="asleep">Not now.</div>
<a href="/second" id="corner" style="position: fixed; inset: auto 22px 22px auto; inline-size: 40px">Go</a>"""
INERT = "[...document.querySelectorAll('*')].filter(node => node.inert).map(node => node.id || node.localName)"
STYLE = "[document.documentElement, document.body].map(node => node.getAttribute('style'))"
COVERED = """() => {
  const launcher = document.querySelector('chat-session').shadowRoot.querySelector('.launcher').getBoundingClientRect()
  const { left, right, top, bottom } = document.activeElement.getBoundingClientRect()
  return left < launcher.right && right > launcher.left && top < launcher.bottom && bottom > launcher.top
}"""

pytestmark = pytest.mark.slow


@pytest.fixture
def phone(request, playwright, chromium):
    """A browser on a phone, never here before."""
    small = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
    device = playwright.devices.get(getattr(request, "param", ""), small)
    context = chromium.new_context(**device, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def on_phone(phone, site, served):
    """A visitor with a phone on a long page of the customer's."""

    def visit(style: str = "", **options: str) -> Visitor:
        page = page_with(PAGE + snippet(served.base_url, **options)).replace("<html ", f"<html {style} ")
        site.sheets["/long"] = Sheet(page)
        visitor = Visitor(phone.new_page(), site.base_url)
        visitor.page.goto(f"{site.base_url}/long")
        return visitor

    return visit


def tapped(visitor: Visitor) -> None:
    """Open the chat with a finger, until it covers the page."""
    visitor.launcher.tap()
    expect(visitor.composer).to_be_visible()
    visitor.page.wait_for_function("document.querySelector('main').inert")


@pytest.mark.parametrize("phone", PHONES, indirect=True)
def test_the_chat_fills_the_screen_and_the_page_is_out_of_reach_until_it_closes(on_phone):
    visitor = on_phone('style="overflow: clip auto;"')
    page = visitor.page
    page.evaluate("scrollTo(0, 700)")
    before = page.evaluate(f"[{INERT}, {STYLE}, scrollX, scrollY, history.length]")

    tapped(visitor)
    box, size = visitor.panel.bounding_box(), page.viewport_size
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, size["width"], size["height"])
    assert page.evaluate("document.querySelector('#own').matches(':is([inert] *, [inert])')")
    page.evaluate("document.querySelector('#own').focus()")
    assert page.evaluate("document.activeElement.localName") == "chat-session"
    page.mouse.wheel(0, 500)
    visitor.press("Close chat")

    expect(visitor.panel).to_be_hidden()
    page.wait_for_function("!history.state?.chatsession")
    assert page.evaluate(f"[{INERT}, {STYLE}, scrollX, scrollY]") == before[:4]
    expect(visitor.launcher).to_be_focused()


def test_a_page_without_a_style_has_none_afterwards(on_phone):
    visitor = on_phone()

    tapped(visitor)
    assert visitor.page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    visitor.press("Close chat")

    expect(visitor.panel).to_be_hidden()
    assert visitor.page.evaluate(STYLE) == [None, None]


@pytest.mark.parametrize("phone", PHONES, indirect=True)
def test_the_back_button_closes_the_chat_and_the_next_one_leaves_the_page(on_phone):
    visitor = on_phone()
    address = visitor.page.url
    tapped(visitor)

    visitor.page.go_back()
    expect(visitor.panel).to_be_hidden()
    assert visitor.page.url == address
    visitor.page.go_back()

    expect(visitor.page).not_to_have_url(address)


def test_loaded_anew_under_the_chat_one_step_back_is_one_step(on_phone):
    visitor = on_phone()
    tapped(visitor)
    length = visitor.page.evaluate("history.length")

    visitor.page.reload()
    tapped(visitor)

    assert visitor.page.evaluate("history.length") == length


def test_a_page_can_keep_its_history_to_itself(on_phone):
    visitor = on_phone(history="off")
    address, length = visitor.page.url, visitor.page.evaluate("history.length")

    tapped(visitor)

    assert visitor.page.evaluate("[history.length, history.state]") == [length, None]
    visitor.page.go_back()
    expect(visitor.page).not_to_have_url(address)


@pytest.mark.parametrize("phone", PHONES, indirect=True)
def test_nothing_that_is_written_in_makes_a_phone_zoom(on_phone):
    visitor = on_phone()
    tapped(visitor)
    visitor.say("with a form")

    fields = visitor.chat.locator("textarea, input:not([type=file]), select")
    expect(fields.nth(3)).to_be_visible()
    sizes = fields.evaluate_all("nodes => nodes.map(node => parseFloat(getComputedStyle(node).fontSize))")
    assert min(sizes) >= 16
    assert visitor.page.evaluate("visualViewport.scale") == 1


def test_enter_pressed_at_once_sends_once(on_phone, served):
    visitor = on_phone()
    tapped(visitor)

    visitor.composer.tap()
    visitor.page.keyboard.type("Now")
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Enter")

    expect(visitor.messages).to_have_count(2)
    said = [event for event in served.events(visitor.session) if event["type"] == "message_posted"]
    assert [event["text"] for event in said] == ["Now", "You said: Now"]


def test_the_launcher_gives_way_to_what_is_focused_below_it(on_phone):
    visitor = on_phone()
    tapped(visitor)
    visitor.press("Close chat")
    expect(visitor.panel).to_be_hidden()
    visitor.page.locator("#own").focus()
    before = visitor.launcher.bounding_box()

    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.id") == "corner"
    assert not visitor.page.evaluate(COVERED)
    visitor.page.keyboard.press("Tab")

    expect(visitor.launcher).to_be_focused()
    assert visitor.launcher.bounding_box() == before
