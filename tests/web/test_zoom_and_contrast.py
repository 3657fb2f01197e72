"""Every state where seeing is hard: enlarged four times, from right to left, in forced colours, and without motion."""

import pytest
from playwright.sync_api import expect
from web.gallery import SCENES

pytestmark = pytest.mark.slow

ZOOMED = {"width": 320, "height": 256}
"""A window of 1280 × 1024 at 400 %."""
CONTROLS = "button, input:not([type=file]), textarea, select, summary, a"

OUT_OF_REACH = """selector => {
  const { shadowRoot } = document.querySelector("chat-session");
  const under = (x, y) => shadowRoot.elementFromPoint(x, y);
  return [...shadowRoot.querySelectorAll(selector)].filter(node => node.checkVisibility()).flatMap(node => {
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
    const { left, top, width, height } = (node.closest("label") ?? node).getClientRects()[0];
    const found = under(left + width / 2, top + Math.min(height / 2, 12));
    const isMet = !!found && (node.contains(found) || !!node.closest("label")?.contains(found));
    // What hides its overflow can be scrolled by scripts alone.
    const isScrolled = shadowRoot.querySelector(".panel")?.scrollTop > 0;
    const isInReach = isMet && !isScrolled && left >= 0 && left + width <= innerWidth;
    return isInReach ? [] : [node.outerHTML.slice(0, 90)];
  });
}"""

STICKING_OUT = """() => {
  const { shadowRoot } = document.querySelector("chat-session");
  const page = document.documentElement;
  const mayScroll = ".wide, pre, .topics, .unseen, textarea, input";
  const found = [...shadowRoot.querySelectorAll(".panel, .panel *:not(svg, svg *)")]
    .filter(node => node.checkVisibility() && node.scrollWidth > node.clientWidth && node.clientWidth)
    .filter(node => !node.closest(mayScroll) && getComputedStyle(node).display !== "inline")
    .filter(node => getComputedStyle(node).textOverflow !== "ellipsis");
  return [...(page.scrollWidth > innerWidth ? [page] : []), ...found].map(node => node.className || node.tagName);
}"""

MOVING = """() => [document, document.querySelector("chat-session").shadowRoot]
  .flatMap(root => root.getAnimations()).filter(({ playState }) => playState === "running").length"""

WITHOUT_EDGE = """() => {
  const { shadowRoot } = document.querySelector("chat-session");
  const canvas = getComputedStyle(document.body).backgroundColor;
  return [...shadowRoot.querySelectorAll("button, .bubble, .panel, .composer, input[type=text], input[type=email]")]
    .filter(node => node.checkVisibility()).filter(node => {
      const { borderTopWidth, borderTopStyle, borderTopColor } = getComputedStyle(node);
      return parseFloat(borderTopWidth) < 1 || borderTopStyle === "none" || borderTopColor === canvas;
    }).map(node => node.outerHTML.slice(0, 90));
}"""

INVISIBLE_ICONS = """() => [...document.querySelector("chat-session").shadowRoot.querySelectorAll("svg")]
  .filter(node => node.checkVisibility({ opacityProperty: true })).filter(node => {
    const { stroke, fill, backgroundColor } = getComputedStyle(node);
    const behind = getComputedStyle(node.closest("button, .avatar, .panel")).backgroundColor;
    return [stroke, fill].every(colour => colour === "none" || colour === behind || colour === backgroundColor);
  }).map(node => node.parentElement.outerHTML.slice(0, 90))"""

SHOWN_TEXTS = """() => {
  const { shadowRoot } = document.querySelector("chat-session");
  const walk = document.createTreeWalker(shadowRoot, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode())
    if (!walk.currentNode.parentElement.closest("[aria-live=polite], [aria-live=assertive], bdi"))
      found.push(walk.currentNode.data);
  for (const node of shadowRoot.querySelectorAll("[aria-label], [title], [placeholder]"))
    found.push(...["aria-label", "title", "placeholder"].map(name => node.getAttribute(name) ?? ""));
  return found.map(text => text.trim()).filter(text => /\\p{L}/u.test(text));
}"""

SAID_BY_OTHERS = """() => JSON.stringify(window.scene).replaceAll("\\\\n", " ")"""


@pytest.fixture(scope="module")
def zoomed(chromium):
    context = chromium.new_context(viewport=ZOOMED, device_scale_factor=4, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def forced(chromium):
    context = chromium.new_context(forced_colors="active", reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("scene", SCENES)
def test_arabic_at_four_times_the_size_is_in_reach_and_nothing_sticks_out(zoomed, gallery, scene):
    gallery.show(zoomed, scene, locale="ar")

    assert zoomed.evaluate(STICKING_OUT) == []
    assert zoomed.evaluate(OUT_OF_REACH, ".menu > *" if scene == "menu" else CONTROLS) == []


def test_arabic_runs_the_other_way_round(viewer, gallery):
    chat = gallery.show(viewer, "talk", locale="ar")
    middle = viewer.viewport_size["width"] / 2
    panel, send, more = (chat.locator(each).bounding_box() for each in (".panel", ".send", "[aria-controls=menu]"))
    mine, theirs = (chat.locator(f"{each} .bubble").first.bounding_box() for each in (".me", ".them"))

    assert panel["x"] + panel["width"] < middle
    assert send["x"] - panel["x"] < 40
    assert more["x"] - panel["x"] < 120
    assert mine["x"] + mine["width"] < theirs["x"] + theirs["width"]
    expect(chat.locator(".log")).to_have_css("direction", "rtl")


@pytest.mark.parametrize(
    "scene", ["talk", "form", "warning", "closed", "offline", "menu", "topics", "replies", "memory"]
)
def test_forced_colours_leave_edges_and_drawings(forced, gallery, scene):
    gallery.show(forced, scene)

    assert forced.evaluate(WITHOUT_EDGE) == []
    assert forced.evaluate(INVISIBLE_ICONS) == []


def test_nothing_moves_for_those_who_want_no_motion(viewer, gallery):
    for scene in ("thinking", "agent"):
        viewer.emulate_media(reduced_motion="no-preference")
        gallery.show(viewer, scene)
        moving = viewer.evaluate(MOVING)

        viewer.emulate_media(reduced_motion="reduce")
        gallery.show(viewer, scene)

        assert moving > 0
        assert viewer.evaluate(MOVING) == 0


@pytest.mark.parametrize("scene", SCENES)
def test_no_text_is_the_same_in_two_languages(viewer, gallery, scene):
    gallery.show(viewer, scene, locale="en-XA")
    marked = set(viewer.evaluate(SHOWN_TEXTS))

    viewer.evaluate("window.speak('ar')")
    given = viewer.evaluate(SAID_BY_OTHERS)

    assert any(text.startswith("[") for text in marked)
    assert [text for text in marked & set(viewer.evaluate(SHOWN_TEXTS)) if text not in given] == []
