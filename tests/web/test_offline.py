"""Without a network: what is written waits, is said to wait, and goes out once, in order."""

import pytest
from playwright.sync_api import expect
from walking import CHROMIUM
from web.visitor import Visitor

pytestmark = pytest.mark.slow

WAITING = "Will be sent when you are online"
OFFLINE = "You are offline. What you write is kept and sent when you are back."
TROUBLE_MS = 2_000
WATCH = """() => {
  const { shadowRoot } = document.querySelector("chat-session");
  window.told = [];
  addEventListener("chat:link", ({ detail }) => told.push([detail.link, performance.now()]));
  new MutationObserver(() => {
    const text = shadowRoot.querySelector(".banner")?.textContent;
    if (text) told.push([text, performance.now()]);
  }).observe(shadowRoot.querySelector(".panel"), { childList: true, subtree: true });
}"""


def test_what_is_written_offline_is_said_to_wait_and_goes_out_once_in_order(visitor, served, context):
    visitor.open()
    visitor.say("Still online")
    visitor.page.evaluate(WATCH)

    context.set_offline(True)
    for number in (1, 2, 3):
        visitor.write(f"Number {number}")

    expect(visitor.transcript.locator(".row.me", has_text=WAITING)).to_have_count(3)
    expect(visitor.chat.locator(".banner")).to_contain_text(OFFLINE)
    told = dict(reversed(visitor.page.evaluate("told")))
    assert told[OFFLINE] - told["offline"] >= TROUBLE_MS
    assert asked(served, visitor.session) == ["Still online"]

    context.set_offline(False)

    expect(visitor.answers).to_have_count(4)
    expect(visitor.chat.locator(".banner")).to_be_empty()
    expect(visitor.transcript).not_to_contain_text(WAITING)
    assert asked(served, visitor.session) == ["Still online", "Number 1", "Number 2", "Number 3"]
    assert visitor.complaints == []


def test_a_trouble_that_passes_at_once_is_not_worth_a_word(visitor, context):
    visitor.open()
    visitor.say("Still online")
    visitor.page.evaluate(WATCH)

    context.set_offline(True)
    visitor.page.wait_for_function("told.some(([what]) => what === 'offline')")
    context.set_offline(False)
    visitor.page.wait_for_function("told.at(-1)[0] === 'online'")

    visitor.say("Online again")
    assert {what for what, _ in visitor.page.evaluate("told")} <= {"offline", "reconnecting", "connecting", "online"}


def test_what_was_written_offline_is_delivered_once_by_the_browser_of_tomorrow(playwright, served, site, tmp_path):
    def browser():
        return playwright.chromium.launch_persistent_context(tmp_path, executable_path=CHROMIUM)

    today = browser()
    visitor = Visitor(today.pages[0], site.base_url)
    visitor.open()
    visitor.say("Hello there")
    session = visitor.session
    today.set_offline(True)
    visitor.write("Written in a tunnel")
    visitor.composer.fill("Half a sen")
    expect(visitor.messages).to_have_count(3)

    today.close()
    tomorrow = browser()
    visitor = Visitor(tomorrow.pages[0], site.base_url)

    expect(visitor.launcher).to_have_attribute("aria-expanded", "false")
    visitor.open()
    expect(visitor.answers).to_have_count(2)
    expect(visitor.composer).to_have_value("Half a sen")
    assert visitor.session == session
    assert asked(served, session) == ["Hello there", "Written in a tunnel"]
    assert len(visitor.said) == 4
    tomorrow.close()


def test_what_is_written_while_the_chat_is_on_its_way_is_shown_and_kept_at_once(visitor, served, context):
    visitor.open()
    visitor.say("Hello there")
    session, held = visitor.session, []

    def hold(route):
        held.append(route)

    context.route(f"**/v1/sessions/{session}", hold)
    visitor.page.reload()

    visitor.write("Are you still there?")

    expect(visitor.messages).to_have_count(1)
    expect(visitor.messages).to_contain_text("Are you still there?")
    expect(visitor.composer).to_have_value("")
    assert "Are you still there?" in visitor.page.evaluate("JSON.stringify(localStorage)")
    for route in held:
        route.continue_()
    context.unroute(f"**/v1/sessions/{session}")
    expect(visitor.answers).to_have_count(2)
    assert asked(served, session) == ["Hello there", "Are you still there?"]


def asked(served, session: str) -> list[str]:
    """What the visitor wrote, as the server has it."""
    posted = [event for event in served.events(session) if event["type"] == "message_posted"]
    return [event["text"] for event in posted if event["author"]["kind"] == "visitor"]
