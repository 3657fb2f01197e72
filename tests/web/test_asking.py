"""What a visitor is asked at the desk: to agree before the first word, and after the end how it was."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from web.site import Sheet, page_with, snippet
from web.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(served_by_itself):
    return served_by_itself


@pytest.fixture
def desk(served, site, context):
    """Opens a tab on a page with the desk's widget."""
    site.sheets["/desk"] = Sheet(page_with(snippet(served.base_url, inbox="desk")))

    def come() -> Visitor:
        visitor = Visitor(context.new_page(), f"{site.base_url}/desk")
        expect(visitor.launcher.or_(visitor.composer).first).to_be_visible()
        if not visitor.panel.is_visible():
            visitor.launcher.click()
        return visitor

    return come


@pytest.fixture
def guest(desk) -> Visitor:
    """A visitor at the desk who agreed, and was answered."""
    visitor = desk()
    visitor.press("Agree and start")
    visitor.say("Hello")
    return visitor


def send(visitor) -> None:
    """Send the judgement, not a message."""
    visitor.chat.locator(".rating").get_by_role("button", name="Send rating").click()


def judgements(served, visitor) -> list[dict]:
    return [event for event in served.events(visitor.session) if event["type"] == "feedback_given"]


def test_what_is_sent_before_the_inbox_said_that_it_asks_waits_for_the_visitor_to_agree(context, desk):
    asked, posted = [], []
    context.route("**/v1/inboxes/desk/widget", lambda route: asked.append(route))  # noqa: PLW0108  Playwright takes no built-in
    context.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    visitor = desk()
    visitor.composer.fill("Hello")
    visitor.composer.press("Enter")
    expect(visitor.composer).to_have_value("Hello")

    for route in asked:
        route.continue_()

    expect(visitor.button("Agree and start")).to_be_visible()
    assert posted == []
    visitor.press("Agree and start")
    expect(visitor.composer).to_have_value("Hello")
    visitor.composer.press("Enter")
    expect(visitor.messages).to_have_count(2)


def test_nothing_can_be_written_before_the_visitor_agreed_and_the_session_knows_when_they_did(served, desk):
    visitor = desk()
    expect(visitor.panel).to_contain_text("We keep what you write for 30 days.")
    expect(visitor.chat.get_by_role("link", name="Read more")).to_have_attribute("href", "https://shop.example/privacy")
    expect(visitor.composer).to_be_hidden()
    before = datetime.now(UTC) - timedelta(milliseconds=1)

    visitor.press("Agree and start")
    expect(visitor.composer).to_be_focused()
    visitor.say("Hello")

    with served.client() as admin:
        metadata = admin.get(f"/v1/sessions/{visitor.session}").json()["metadata"]
    assert before <= datetime.fromisoformat(metadata["agreed_at"]) <= datetime.now(UTC)


def test_who_agreed_is_not_asked_again_in_another_tab_or_a_new_chat(desk, guest):
    other = desk()
    expect(other.composer).to_be_visible()
    other.from_menu("End this chat")

    other.press("Start a new chat")

    expect(other.composer).to_be_visible()
    expect(other.button("Agree and start")).to_be_hidden()


def test_one_tab_answers_how_it_was_and_the_other_thanks_too(served, desk, guest):
    other = desk()
    expect(other.answers).to_have_count(1)
    guest.page.bring_to_front()
    guest.from_menu("End this chat")
    expect(other.chat.get_by_role("group", name="Was this solved?")).to_be_visible()

    guest.chat.get_by_role("radio", name="Yes", exact=True).check()
    guest.chat.get_by_role("radio", name="Good", exact=True).check()
    guest.chat.get_by_label("Anything you want to tell us?").fill("Quick and kind")
    send(guest)

    for tab in (guest, other):
        expect(tab.chat.get_by_text("Thank you for telling us.").and_(tab.chat.locator(".thanks"))).to_be_visible()
        expect(tab.chat.get_by_role("group", name="Was this solved?")).to_be_hidden()
    (said,) = judgements(served, guest)
    assert (said["solved"], said["score"], said["comment"]) == (True, 4, "Quick and kind")


def test_a_judgement_can_be_changed_in_another_tab_and_is_not_asked_for_again(served, desk, guest):
    guest.from_menu("End this chat")
    guest.chat.get_by_role("radio", name="Great", exact=True).check()
    send(guest)
    expect(guest.chat.locator(".thanks")).to_be_visible()

    other = desk()
    expect(other.chat.locator(".thanks")).to_be_visible()
    other.press("Change")
    expect(other.chat.get_by_role("radio", name="Great", exact=True)).to_be_checked()
    other.chat.get_by_role("radio", name="Poor", exact=True).check()
    send(other)
    expect(other.chat.locator(".thanks")).to_be_visible()
    guest.page.reload()

    expect(guest.chat.locator(".thanks")).to_be_visible()
    assert [said["score"] for said in judgements(served, guest)] == [5, 1]
    guest.press("Change")
    expect(guest.chat.get_by_role("radio", name="Poor", exact=True)).to_be_checked()


def test_after_ends_the_policy_does_not_name_nobody_is_asked(served, visitor, guest):
    visitor.open()
    visitor.say("Hello")

    served.skip(visitor.session, "closing")
    expect(visitor.button("Continue this chat")).to_be_visible()
    expect(visitor.chat.locator(".rating")).to_be_hidden()
    served.skip(guest.session, "closing")

    expect(guest.chat.locator(".rating")).to_be_visible()


def test_who_skips_the_question_is_left_alone_and_can_go_on(served, guest):
    guest.from_menu("End this chat")

    guest.press("Skip")

    expect(guest.chat.locator(".rating")).to_be_hidden()
    guest.press("Continue this chat")
    guest.say("One more thing")
    assert judgements(served, guest) == []


def test_what_is_remembered_can_be_seen_and_forgotten(served, guest):
    guest.say("My name is Ada")
    guest.from_menu("What is remembered")
    entry = guest.chat.get_by_role("term")
    expect(entry).to_have_text("Your name")
    expect(guest.chat.get_by_role("definition")).to_have_text(re.compile("Ada"))

    guest.press("Forget Your name")

    expect(guest.chat.get_by_text("Nothing is remembered about you.")).to_be_visible()
    with served.client() as admin:
        assert "name" not in admin.get(f"/v1/sessions/{guest.session}").json()["context"]
