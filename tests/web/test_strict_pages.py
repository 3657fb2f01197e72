"""Pages with the strictest content policy: the whole chat works there, looks as anywhere, and breaks no rule."""

import pytest
from playwright.sync_api import expect
from web.site import Sheet, page_with, snippet
from web.visitor import Visitor

POLICY = (
    "default-src 'none'; script-src {0}; connect-src {0}; img-src blob:;"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
WITNESS = """window.violations = []
document.addEventListener("securitypolicyviolation", event =>
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`))"""
LOOK = """nodes => nodes.map(node => {
  const style = getComputedStyle(node)
  return Object.fromEntries([...style].map(name => [name, style.getPropertyValue(name)]))
})"""

pytestmark = pytest.mark.slow


@pytest.fixture
def strict(context, site, served) -> Visitor:
    """A visitor on a page whose policy allows what the guide asks for, and nothing else."""
    policy = {"Content-Security-Policy": POLICY.format(served.base_url)}
    site.sheets["/strict"] = Sheet(page_with(snippet(served.base_url, "desk")), policy)
    context.add_init_script(WITNESS)
    return Visitor(context.new_page(), f"{site.base_url}/strict")


def looks(visitor: Visitor, *selectors: str) -> dict:
    """How these look, to every property that a browser knows."""
    found = {selector: visitor.chat.locator(selector) for selector in selectors}
    return {selector: nodes.evaluate_all(LOOK) for selector, nodes in found.items()}


def walk(visitor: Visitor) -> list[dict]:
    """Use everything there is from the first look to the last word; how it looked on the way."""
    page = visitor.page
    page.emulate_media(reduced_motion="reduce")
    seen = [looks(visitor, ".launcher", ".launcher svg")]
    visitor.launcher.click()
    visitor.press("Agree and start")
    visitor.say("Answer in Markdown, please")
    visitor.say("And with sources")
    visitor.chat.locator("summary").click()
    visitor.say("with choices")
    visitor.press("Track my parcel")
    expect(visitor.messages).to_have_count(8)
    visitor.say("with a form")
    visitor.press("Look it up")
    expect(visitor.chat.locator(".mistake").first).not_to_be_empty()
    seen.append(looks(visitor, ".panel", ".header", "h2", ".bubble", "table", "pre", ".form", ".form *", ".composer *"))
    visitor.press("More")
    expect(visitor.chat.locator("#menu button").first).to_be_focused()
    seen.append(looks(visitor, ".menu", ".menu button"))
    page.keyboard.press("Escape")
    visitor.from_menu("End this chat")
    visitor.chat.locator(".score label").nth(4).click()
    expect(visitor.chat.locator(".score label input").nth(4)).to_be_checked()
    page.mouse.move(0, 0)
    seen.append(looks(visitor, ".ending", ".rating", ".rating *"))
    visitor.chat.locator(".rating .main").click()
    expect(visitor.chat.locator(".thanks")).to_be_visible()
    return seen


def test_the_strictest_policy_changes_nothing_and_nothing_breaks_it(strict, context, site, served):
    site.sheets["/lax"] = Sheet(page_with(snippet(served.base_url, "desk")))

    under_policy = walk(strict)

    assert strict.page.evaluate("violations") == []
    assert strict.complaints == []
    other = context.browser.new_context(viewport={"width": 1280, "height": 800})
    assert under_policy == walk(Visitor(other.new_page(), f"{site.base_url}/lax"))
    assert all(found for step in under_policy for found in step.values())
    other.close()


def test_the_policy_is_in_force_on_that_page(strict):
    """Else the test above would show nothing."""
    strict.page.evaluate("document.body.setAttribute('style', 'color: red')")

    strict.page.wait_for_function("() => violations.length === 1")
    assert strict.page.evaluate("violations[0]").startswith("style-src-attr: inline")


def test_a_file_is_sent_and_saved_under_the_strictest_policy(context, site, served):
    policy = {"Content-Security-Policy": POLICY.format(served.base_url)}
    site.sheets["/files"] = Sheet(page_with(snippet(served.base_url)), policy)
    context.add_init_script(WITNESS)
    visitor = Visitor(context.new_page(), f"{site.base_url}/files")
    visitor.open()
    visitor.say("Hello")

    visitor.chat.locator("input[type=file]").set_input_files(
        {"name": "order.txt", "mimeType": "text/plain", "buffer": b"AB-1234"}
    )
    expect(visitor.chat.locator(".file")).to_be_visible()
    with visitor.page.expect_download() as saved:
        visitor.chat.locator(".file").click()

    assert saved.value.suggested_filename == "order.txt"
    assert saved.value.path().read_bytes() == b"AB-1234"
    assert visitor.page.evaluate("violations") == []


def test_the_page_that_is_nothing_but_a_chat_breaks_no_rule_of_its_own(context, served):
    context.add_init_script(WITNESS)
    visitor = Visitor(context.new_page(), f"{served.base_url}/chat/shop")

    visitor.say("Hello")

    box = visitor.panel.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1280, 800)
    expect(visitor.launcher).to_be_hidden()
    assert visitor.page.evaluate("violations") == []
