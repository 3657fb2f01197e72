"""A chat nears its end, is kept, ends, and goes on: what a visitor sees of it, and hears."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from web.agent import Agent
from web.site import Sheet, page_with, snippet
from web.visitor import Visitor

pytestmark = pytest.mark.slow

COUNTDOWN = re.compile(r"This chat ends in 0:[0-5]\d")
LISTEN = """() => {
  window.heard = [];
  const root = document.querySelector("chat-session").shadowRoot;
  for (const region of root.querySelectorAll(".unseen > [aria-live]")) {
    const hear = ({ addedNodes }) => addedNodes.forEach((node) => heard.push([region.role, node.textContent]));
    new MutationObserver((all) => all.forEach(hear)).observe(region, { childList: true });
  }
}"""


@pytest.fixture(scope="module")
def served(served_by_itself):
    return served_by_itself


@pytest.fixture
def second_tab(context, site):
    """Opens the shop's other page in another tab of the same browser."""
    return lambda: Visitor(context.new_page(), f"{site.base_url}/second")


def left(visitor) -> timedelta:
    """What the countdown shows."""
    text = visitor.chat.locator(".warning p").inner_text()
    minutes, seconds = re.search(r"(\d+):(\d\d)", text).groups()
    return timedelta(minutes=int(minutes), seconds=int(seconds))


def types_of(served, visitor) -> list[str]:
    return [event["type"] for event in served.events(visitor.session)]


def test_the_countdown_runs_by_the_servers_clock_and_keep_chatting_ends_it(served, talker):
    with served.client() as admin:
        served.skip(talker.session, "warning")
        expect(talker.chat.locator(".warning")).to_have_text(COUNTDOWN)
        shown = left(talker)
        session = admin.get(f"/v1/sessions/{talker.session}").json()

    due = datetime.fromisoformat(session["closes_at"]) - datetime.fromisoformat(session["server_time"])
    talker.press("Keep chatting")
    expect(talker.chat.locator(".warning")).to_be_hidden()
    expect(talker.composer).to_be_focused()

    assert timedelta(0) <= shown - due < timedelta(seconds=10)
    assert types_of(served, talker)[-1] == "warning_lifted"


def test_typing_alone_puts_the_end_off_and_the_whole_time_runs_again(served, talker):
    served.skip(talker.session, "warning")
    expect(talker.chat.locator(".warning")).to_be_visible()

    talker.composer.press_sequentially("Wait")
    expect(talker.chat.locator(".warning")).to_be_hidden()
    served.skip(talker.session, "warning")
    expect(talker.chat.locator(".warning")).to_be_visible()
    talker.composer.press_sequentially(" for me")
    expect(talker.chat.locator(".warning")).to_be_hidden()

    types = types_of(served, talker)
    assert types.count("session_warned") == types.count("warning_lifted") == 2
    assert "session_closed" not in types
    expect(talker.composer).to_have_value("Wait for me")


@pytest.mark.parametrize(("seconds", "again"), [(34, 30), (14, 10)])
def test_the_end_is_announced_once_as_an_alert_and_again_shortly_before(served, talker, seconds, again):
    served.adopt(talker.session, idle_timeout="10m", warn_before=f"{seconds}s")
    talker.page.evaluate(LISTEN)

    served.skip(talker.session, "warning")
    talker.page.wait_for_function("heard.some(([role]) => role === 'status')")

    heard = talker.page.evaluate("heard")
    assert [role for role, _ in heard] == ["alert", "status"]
    assert re.fullmatch(r"Nobody has written for a while\. This chat ends in \d+ seconds\.", heard[0][1])
    assert heard[1][1] == f"This chat ends in {again} seconds"


def test_behind_a_closed_panel_the_launcher_and_the_title_say_that_the_chat_ends(served, talker):
    title = talker.page.title()
    talker.page.keyboard.press("Escape")

    served.skip(talker.session, "warning")
    expect(talker.launcher).to_have_accessible_name("Open chat, This chat ends soon")
    expect(talker.launcher.locator(".badge")).to_be_visible()
    expect(talker.launcher.locator(".badge")).to_have_text("!")
    expect(talker.page).to_have_title(f"(!) {title}")
    talker.open()

    expect(talker.chat.locator(".warning")).to_have_text(COUNTDOWN)
    expect(talker.page).to_have_title(title)


def test_a_chat_closed_while_somebody_types_keeps_the_draft_and_can_be_continued(served, talker, second_tab):
    session = talker.session
    talker.composer.press_sequentially("I was about to say")

    served.skip(session, "closing")
    expect(talker.transcript).to_contain_text("The chat ended because nobody wrote for a while.")
    expect(talker.composer).to_have_value("I was about to say")
    other = second_tab()
    other.open()
    expect(other.composer).to_have_value("I was about to say")
    talker.press("Continue this chat")
    expect(talker.transcript).to_contain_text("The chat goes on")
    talker.composer.press("Enter")

    expect(talker.answers.last).to_contain_text("You said: I was about to say")
    assert talker.session == session
    expect(talker.composer).to_have_value("")


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        ("visitor", "You ended the chat."),
        ("agent", "agent ended the chat."),
        ("resolved", "The chat ended: this is solved."),
        ("limit", "The chat ended: it reached its longest time."),
    ],
)
def test_a_closed_chat_says_why(served, talker, end, sentence):
    agent = Agent(served, talker.session)
    match end:
        case "visitor":
            talker.from_menu("End this chat")
        case "agent":
            agent.claims()
            agent.closes()
        case "resolved":
            agent.resolves()
        case "limit":
            served.adopt(talker.session, idle_timeout="off", max_duration="5m")
            served.skip(talker.session, "closing")

    expect(talker.transcript.locator(".notice span").last).to_have_text(sentence)
    expect(talker.chat.locator(".header .status")).to_have_text("Chat ended")
    expect(talker.button("Start a new chat")).to_be_visible()


def test_the_longest_time_is_counted_down_without_a_way_to_put_it_off(served, talker):
    served.adopt(talker.session, idle_timeout="off", max_duration="5m")

    served.skip(talker.session, "warning")

    expect(talker.chat.locator(".warning")).to_contain_text("This chat has reached its longest time and ends in ")
    expect(talker.button("Keep chatting")).to_be_hidden()


def test_once_it_cannot_be_continued_a_new_chat_is_offered_and_begins_empty(served, talker):
    session = talker.session
    served.skip(session, "window")
    expect(talker.button("Start a new chat")).to_be_visible()
    expect(talker.button("Continue this chat")).to_be_hidden()

    talker.press("Start a new chat")

    expect(talker.messages).to_have_count(0)
    talker.say("Another matter")
    assert talker.session != session
    expect(talker.messages).to_have_count(2)


def test_where_the_policy_wants_it_who_writes_after_the_end_is_in_a_new_chat(served, site, context):
    with served.client() as admin:
        admin.put("/v1/inboxes/bank/policy", json={"on_return": "new"}).raise_for_status()
    site.sheets["/bank"] = Sheet(page_with(snippet(served.base_url, inbox="bank")))
    visitor = Visitor(context.new_page(), f"{site.base_url}/bank")
    visitor.open()
    visitor.say("Hello")
    first = visitor.session

    visitor.from_menu("End this chat")
    expect(visitor.button("Continue this chat")).to_be_visible()
    expect(visitor.composer).to_have_attribute("placeholder", "Write to start a new chat…")
    visitor.write("Another matter")

    expect(visitor.answers).to_have_text([re.compile("You said: Another matter")])
    assert visitor.session != first
