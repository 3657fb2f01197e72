"""What the rules of accessibility say of every state of the widget, light and dark, and of the served one."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from web.gallery import SCENES
from web.visitor import Visitor

pytestmark = pytest.mark.slow

TARGET_PX_MIN = 24
ABOUT_COLOURS = ("color-contrast", "link-in-text-block")

TOO_SMALL = """px => [...document.querySelector("chat-session").shadowRoot.querySelectorAll(
  "button, input:not([hidden], .picker *), textarea, select, summary, a:not(.rich a, p a), label:has(input)"
)].filter(node => node.checkVisibility()).flatMap(node => {
  const { width, height } = (node.matches("input") && node.closest("label") || node).getBoundingClientRect();
  return width < px || height < px ? [`${node.outerHTML.slice(0, 80)} is ${width} × ${height}`] : [];
})"""


def faults(page, *rules: str) -> list[str]:
    """What is against a rule, or one of these: axe's name of the rule and where it was broken."""
    found = Axe().run(page, options={"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {}))
    return [f"{broken['id']}: {node['html']}" for broken in found.response["violations"] for node in broken["nodes"]]


def test_no_state_of_the_gallery_is_left_out(viewer, gallery):
    viewer.goto(gallery.address())

    assert tuple(viewer.locator(".goods a").all_inner_texts()) == SCENES


@pytest.mark.parametrize("scene", SCENES)
def test_no_state_breaks_a_rule_of_accessibility_by_day_or_by_night(viewer, gallery, scene):
    viewer.emulate_media(color_scheme="light")
    chat = gallery.show(viewer, scene)
    by_day = faults(viewer)

    viewer.emulate_media(color_scheme="dark")
    expect(chat.locator(".frame")).to_have_attribute("data-scheme", "dark")

    assert by_day == []
    # The night changes nothing but colours.
    assert faults(viewer, *ABOUT_COLOURS) == []
    assert viewer.evaluate(TOO_SMALL, TARGET_PX_MIN) == []


def test_the_served_widget_breaks_none_from_the_launcher_to_the_rating(chromium, site):
    context = chromium.new_context(reduced_motion="reduce", bypass_csp=True)
    visitor = Visitor(context.new_page(), site.base_url)
    expect(visitor.launcher).to_be_visible()
    closed = faults(visitor.page)

    visitor.open()
    opened = faults(visitor.page)
    visitor.say("Hello there")
    answered = faults(visitor.page)
    visitor.from_menu("End this chat")
    expect(visitor.chat.get_by_role("group", name="How was this chat?")).to_be_visible()
    ended = faults(visitor.page)

    assert [closed, opened, answered, ended] == [[], [], [], []]
    context.close()
