"""What a screen reader is told: each answer once and whole, what cannot wait at once, and nothing else."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

LISTEN = """() => {
  window.heard = [];
  const { shadowRoot } = document.querySelector("chat-session");
  const listen = change => {
    const region = (change.target.nodeType === 1 ? change.target : change.target.parentElement).closest("[aria-live]");
    const how = region?.getAttribute("aria-live");
    if (!how || how === "off") return;
    const fresh = change.type === "characterData" ? [change.target] : change.addedNodes;
    for (const node of fresh) window.heard.push([how, node.textContent]);
  };
  const options = { subtree: true, childList: true, characterData: true };
  new MutationObserver(changes => changes.forEach(listen)).observe(shadowRoot, options);
}"""
WHOLE_ANSWER = " ".join(f"word{number}" for number in range(1, 41))


def heard(page, how: str | None = None) -> list[str]:
    """All that was said since we listen, or what was said in that way."""
    return [text for way, text in page.evaluate("window.heard") if how in (None, way)]


@pytest.fixture
def listener(visitor):
    """A visitor who has opened the chat, and hears."""
    visitor.open()
    expect(visitor.chat.locator("[aria-live=polite]")).to_be_attached()
    visitor.page.evaluate(LISTEN)
    return visitor


def test_a_streamed_answer_is_announced_once_and_whole(listener):
    listener.say("Tell me slowly")
    listener.say("And now at once")

    said = heard(listener.page, "polite")

    begun = [text for text in said if text.endswith("is answering")]
    whole = [text for text in said if "word1 " in text]
    assert len(begun) == 1
    assert [text.partition("\n")[2] for text in whole] == [WHOLE_ANSWER]
    assert sum("You said: And now at once" in text for text in said) == 1
    assert len(said) == len(begun) + 2
    assert heard(listener.page, "assertive") == []


def test_an_answer_with_form_is_said_as_plain_text(listener):
    listener.say("Say **bold** and `code`, see [the shop](https://shop.example)")

    (said,) = heard(listener.page, "polite")

    assert said.endswith("You said: Say bold and code, see the shop")


def test_an_answer_behind_a_closed_chat_is_news_and_not_read_out(listener):
    listener.write("Tell me slowly")
    expect(listener.chat.locator(".writing, .dots").first).to_be_attached()
    listener.page.keyboard.press("Escape")
    expect(listener.chat.locator(".badge")).to_be_visible()

    said = heard(listener.page)

    assert [text for text in said if "word1 " in text] == []
    assert sum(text.startswith("New message from") for text in said) == 1


def test_what_went_wrong_is_said_at_once_and_once(viewer, gallery):
    chat = gallery.show(viewer, "talk")
    viewer.evaluate(LISTEN)
    problem = {"status": 409, "code": "keep_open_spent", "detail": "No more time can be added to this chat."}

    viewer.evaluate("problem => window.chat.become({ problem })", problem)
    expect(chat.locator(".banner")).to_contain_text("No more time")
    viewer.evaluate("window.chat.become({ link: 'offline', problem: null })")
    expect(chat.locator(".banner")).to_contain_text("You are offline.")

    assert [text.partition(".")[0] for text in heard(viewer, "assertive")] == [
        "No more time can be added to this chat",
        "You are offline",
    ]
    assert heard(viewer, "polite") == []


def test_the_end_that_comes_is_said_three_times_and_never_again(chromium, gallery):
    context = chromium.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(gallery.address("talk"))
    expect(page.locator("body")).to_have_attribute("data-shown", "talk")
    page.evaluate(LISTEN)
    page.evaluate("""() => {
      const at = ms => new Date(Date.now() + ms).toISOString();
      const { session } = window.chat.getState();
      const closing = { warned_at: at(0), closes_at: at(65_000), closes_because: "timeout" };
      window.chat.become({ session: { ...session, ...closing } });
    }""")
    expect(page.locator("chat-session").get_by_role("button", name="Keep chatting")).to_be_visible()

    page.clock.run_for(70_000)

    assert heard(page, "assertive") == ["Nobody has written for a while. This chat ends in 1 minute."]
    assert heard(page, "polite") == ["This chat ends in 30 seconds", "This chat ends in 10 seconds"]
    context.close()
