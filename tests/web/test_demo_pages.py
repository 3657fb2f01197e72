"""The demo's pages in a real browser: nothing sticks out or is out of reach, on phones and desks, light and dark."""

import re

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from commands import Server, Shell
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

PAGES = ("/", "/products/grat-norden", "/cart", "/help", "/help/delivery", "/help/nothing", "/demo", "/glass")
WIDTHS = (320, 768, 1440)
SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    shell = Shell(tmp_path_factory.mktemp("demo"))
    yield Server(shell, "demo")
    shell.end()


@pytest.fixture(params=SCHEMES)
def scheme(request):
    return request.param


@pytest.fixture(params=WIDTHS)
def page(request, chromium, scheme):
    context = chromium.new_context(
        viewport={"width": request.param, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        # axe-core comes as a script of its own, which the pages' policy does not let in.
        bypass_csp=True,
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(walking, demo):
    return walking(demo)


def another_chat(base_url: str) -> str:
    """The session of a visitor who asked from elsewhere."""
    with httpx.Client(base_url=base_url, trust_env=False) as visitor:
        token = visitor.post("/v1/inboxes/support/visitors").json()["token"]
        asked = {"message": {"text": "Can I return socks?"}}
        headers = {"Authorization": f"Bearer {token}"}
        return visitor.post("/v1/inboxes/support/sessions", json=asked, headers=headers).json()["id"]


def settled(page) -> None:
    """Wait until what scripts draw is drawn."""
    if page.url.endswith("/glass"):
        expect(page.locator(".link")).to_have_text(re.compile("live|waiting"))
        if page.locator(".sides").is_visible():
            page.get_by_role("button", name="The glass box", exact=True).click()
    elif not page.url.endswith("/demo"):
        expect(page.locator("chat-session .launcher")).to_be_visible()


def test_no_page_breaks_a_rule_of_accessibility_or_its_width(page, demo):
    for path in PAGES:
        page.goto(demo.base_url + path)
        settled(page)

        found = Axe().run(page)

        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_policy_of_every_page_lets_all_of_it_work(chromium, demo):
    page = chromium.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    for path in PAGES:
        page.goto(demo.base_url + path)
        settled(page)

    # The one page that is not there is said to be missing.
    assert [each for each in complaints if "404" not in each] == []
    page.close()


def test_what_is_put_into_the_cart_is_there_on_the_next_page_and_can_be_taken_out(chromium, demo):
    page = chromium.new_page()
    page.goto(f"{demo.base_url}/products/grat-norden")

    page.get_by_text("L", exact=True).click()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("status").first).to_contain_text("Grat Norden, size L, is in the cart.")
    page.get_by_role("link", name="See the cart").click()
    expect(page.locator(".lines")).to_contain_text("Size L")
    expect(page.locator(".total")).to_contain_text("€189")
    page.get_by_role("button", name="Remove Grat Norden").click()

    expect(page.get_by_text("There is nothing in it yet.")).to_be_visible()
    assert page.context.cookies() == []
    page.close()


def test_a_newcomer_sees_nobody_elses_chat_unless_they_choose_it(desk, demo):
    page = desk.page
    theirs = another_chat(demo.base_url)

    expect(page.get_by_role("heading", name="Your chat will show here")).to_be_visible()
    expect(page.get_by_text("of other visitors")).to_be_visible()
    page.get_by_label("Looking into").select_option(theirs)
    expect(page.get_by_text("This is the chat of another visitor, not yours.")).to_be_visible()
    expect(page.locator('[data-type="turn_answered"]')).to_be_attached()
    assert desk.ticked() == []
    page.get_by_role("button", name="Back to yours").click()

    expect(page.get_by_role("heading", name="Your chat will show here")).to_be_visible()
    expect(page.locator(".events li")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (768, 1024), (1280, 800)])
def test_the_step_at_hand_and_the_chat_are_in_sight_without_scrolling(chromium, demo, width, height):
    page = chromium.new_page(viewport={"width": width, "height": height})
    page.goto(f"{demo.base_url}/glass")
    launcher = page.frame_locator("iframe[title='The shop']").locator("chat-session .launcher")

    expect(launcher).to_be_visible()

    box = launcher.bounding_box()
    assert box["y"] + box["height"] <= height
    assert page.get_by_text("Ask", exact=True).first.is_visible() or page.get_by_text("1. Ask").is_visible()
    page.close()


def test_the_command_that_kills_the_server_can_be_copied(chromium, demo):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{demo.base_url}/glass")

    page.get_by_role("button", name="Kill the server").click()
    page.locator(".command").first.get_by_role("button", name="Copy").click()

    expect(page.locator(".copy").first).to_have_text("Copied")
    assert re.fullmatch(r"kill -9 \d+", page.evaluate("navigator.clipboard.readText()"))
    context.close()


def test_every_step_and_event_can_be_reached_and_used_by_keyboard(desk):
    desk.open_chat()
    desk.say("How long does delivery to Austria take?")
    page = desk.page

    page.locator(".steps li button").first.focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(desk.step("tab")).to_have_attribute("aria-current", "step")
    page.locator(".hint button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The tab is closed.")).to_be_visible()
    expect(page.locator(".shut button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(desk.chat.locator(".launcher")).to_be_visible()
    summary = page.locator(".events summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".events pre").first).to_contain_text('"type": "session_opened"')
