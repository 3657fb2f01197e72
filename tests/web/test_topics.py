"""Topics, where the inbox keeps them apart: begun, seen, changed, and come back to."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow


def topics(visitor):
    return visitor.chat.get_by_role("navigation", name="Topics")


def begin(visitor, title: str) -> None:
    visitor.from_menu("New topic")
    visitor.chat.get_by_label("What is it about?").fill(title)
    visitor.press("Start")
    expect(visitor.transcript.locator(".notice span").last).to_have_text(f"New topic: {title}")


def current(visitor):
    return topics(visitor).locator("[aria-pressed=true]")


def test_what_is_said_belongs_to_the_topic_that_was_begun_or_chosen(served, talker):
    begin(talker, "Delivery")
    talker.say("When does it come?")
    begin(talker, "Refund")
    expect(current(talker)).to_have_text("Refund")
    talker.say("Where is my money?")

    topics(talker).get_by_role("button", name="Delivery").click()
    expect(current(talker)).to_have_text("Delivery")
    expect(talker.transcript.locator(".notice span").last).to_have_text("Topic: Delivery")
    talker.say("And now?")

    with served.client() as admin:
        threads = admin.get(f"/v1/sessions/{talker.session}").json()["threads"]
    titles = {thread["id"]: thread["title"] for thread in threads}
    said = [event for event in served.events(talker.session) if event["type"] == "message_posted"]
    topics_of = {event["text"]: titles.get(event["thread"]) for event in said if event["author"]["kind"] == "visitor"}
    assert topics_of == {
        "Hello": None,
        "When does it come?": "Delivery",
        "Where is my money?": "Refund",
        "And now?": "Delivery",
    }


def test_topics_are_still_there_after_the_end_and_on_another_page(site, talker):
    begin(talker, "Delivery")
    begin(talker, "Refund")
    talker.from_menu("End this chat")
    expect(topics(talker)).to_be_hidden()
    talker.press("Continue this chat")

    talker.page.goto(f"{site.base_url}/second")

    expect(topics(talker).get_by_role("button")).to_have_text(["Delivery", "Refund", "New topic"])
    expect(current(talker)).to_have_text("Refund")


def test_a_name_for_a_topic_can_be_given_up(talker):
    talker.from_menu("New topic")
    expect(talker.chat.get_by_label("What is it about?")).to_be_focused()

    talker.press("Cancel")

    expect(topics(talker)).to_be_hidden()
