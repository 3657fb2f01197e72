"""The whole chat without a pointer: it can be seen where one is, and nothing that goes takes that place along."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

STEPS_MAX = 12

FOCUSED = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  const around = [node, node.closest(".composer, label, .naming")].filter(Boolean).map(each => getComputedStyle(each));
  const isMarked = around.some(({ outlineStyle, outlineWidth, boxShadow }) =>
    (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || /0px 0px 0px [1-9]/.test(boxShadow));
  const name = node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent;
  return { name: name.trim(), isMarked, isInside: !!node.closest(".panel") };
}"""


class Keys:
    """Somebody at a keyboard, who looks after every key where they are."""

    def __init__(self, page):
        self._page = page

    def press(self, key: str) -> dict:
        """Press it; what has the focus then, which must be seen."""
        self._page.keyboard.press(key)
        return self.look()

    def look(self) -> dict:
        focused = self._page.evaluate(FOCUSED)
        assert focused["isMarked"], f"Nothing shows that the focus is at: {focused['name'][:60]}"
        return focused

    def go(self, name: str, key: str = "Tab") -> None:
        """Press the key until what is called so has the focus."""
        passed = []
        for _ in range(STEPS_MAX):
            passed.append(self.press(key)["name"])
            if passed[-1] == name:
                return
        raise AssertionError(f"{key} does not lead to {name}, but to {passed}.")


@pytest.fixture
def keys(visitor):
    return Keys(visitor.page)


def test_a_chat_is_led_from_the_launcher_to_the_rating_by_keyboard_alone(visitor, keys):
    page = visitor.page
    expect(visitor.launcher).to_be_visible()
    # Its first name is the loader's, the second that of the widget, which the focus has fetched.
    assert keys.press("Tab")["name"] in {"Chat", "Open chat"}
    keys.press("Enter")
    expect(visitor.composer).to_be_focused()

    page.keyboard.type("Hello there")
    keys.press("Enter")
    expect(visitor.answers).to_have_count(1)
    expect(visitor.composer).to_be_focused()
    keys.go("Conversation", "Shift+Tab")
    assert "You said: Hello there" in keys.press("ArrowUp")["name"]
    assert keys.press("ArrowUp")["name"].startswith("You said, ")

    keys.go("More", "Shift+Tab")
    keys.press("Enter")
    expect(visitor.button("Talk to a person")).to_be_focused()
    keys.look()
    assert keys.press("Escape")["name"] == "More"
    keys.press("Enter")
    expect(visitor.button("Talk to a person")).to_be_focused()
    keys.go("End this chat", "ArrowUp")
    keys.press("Enter")
    expect(visitor.chat.get_by_role("group", name="How was this chat?")).to_be_visible()
    assert keys.look()["isInside"]

    keys.go("Conversation", "Shift+Tab")
    assert keys.press("Tab")["name"] in {"Yes", "No"}
    keys.go("Yes", "ArrowRight")
    keys.press("Tab")
    keys.go("Great", "ArrowRight")
    keys.go("Send rating")
    keys.press("Enter")
    expect(visitor.chat.locator(".thanks")).to_be_visible()
    assert keys.look()["isInside"]

    keys.press("Escape")
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_focused()
    keys.press("Enter")
    expect(visitor.composer).to_be_focused()


GOING = [
    ("warning", "Keep chatting", "session", "{ ...state.session, warned_at: null, closes_at: null }"),
    ("closed", "Continue this chat", "session", '{ ...state.session, phase: "open", closed_at: null }'),
    ("offer", "Talk to a person", "session", '{ ...state.session, floor: "queue" }'),
    ("offer", "Not now", "ui", ""),
    ("error", "Dismiss", "ui", ""),
    ("failed", "Delete", "pending", "[]"),
    ("replies", "A return", "items", "state.items.slice(0, 2)"),
    ("earlier", "Back", "ui", ""),
    ("memory", "Forget Your name", "session", "{ ...state.session, context: {} }"),
    ("topics", "New topic", "ui", ""),
    ("naming", "Cancel", "ui", ""),
    ("consent", "Agree and start", "ui", ""),
]


@pytest.mark.parametrize(("scene", "button", "changed", "into"), GOING, ids=[f"{row[0]}-{row[1]}" for row in GOING])
def test_a_button_that_goes_once_it_is_pressed_leaves_one_in_the_chat(viewer, gallery, scene, button, changed, into):
    chat = gallery.show(viewer, scene)
    keys = Keys(viewer)
    pressed = chat.get_by_role("button", name=button, exact=True)
    viewer.keyboard.press("Tab")
    pressed.focus()

    keys.press("Enter")
    if into:
        viewer.evaluate(
            f"() => {{ const state = window.chat.getState(); window.chat.become({{ {changed}: {into} }}); }}"
        )
    expect(pressed).to_be_hidden()

    assert keys.look()["isInside"]


def test_a_form_is_filled_in_by_keyboard_and_its_mistakes_are_gone_to(viewer, gallery):
    gallery.show(viewer, "form")
    keys = Keys(viewer)
    keys.go("Order number", "Shift+Tab")
    keys.go("Make the label")

    assert keys.press("Enter")["name"] == "Order number"
    viewer.keyboard.type("4711")
    keys.press("Tab")
    viewer.keyboard.type("ana@shop.example")
    keys.press("Enter")

    expect(viewer.locator("chat-session .composer textarea")).to_be_focused()
    sent = viewer.evaluate(
        "window.chat.asked.filter(([act]) => act === 'send').map(([, , what]) => what.parts[0].values)"
    )
    assert sent == [{"order": "4711", "email": "ana@shop.example", "pickup": False}]
