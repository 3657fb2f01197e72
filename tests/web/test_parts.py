"""What a message has beside its words: replies to choose from, a form, a file."""

import re

import pytest
from playwright.sync_api import expect
from web.agent import Agent
from web.visitor import Visitor

pytestmark = pytest.mark.slow

MIB = 1024 * 1024
SCRIPT = b"<script>document.title = 'run'</script>"


@pytest.fixture
def talker(visitor) -> Visitor:
    """A visitor whose question was answered."""
    visitor.open()
    visitor.say("Hello")
    return visitor


def pick(visitor, *files: dict) -> None:
    with visitor.page.expect_file_chooser() as chooser:
        visitor.press("Add a file")
    chooser.value.set_files(list(files))


def sent_parts(served, visitor) -> list[dict]:
    """What the visitor sent beside words."""
    messages = [event for event in served.events(visitor.session) if event["type"] == "message_posted"]
    return [part for each in messages if each["author"]["kind"] == "visitor" for part in each.get("parts", [])]


def file(name: str, kind: str, content: bytes) -> dict:
    return {"name": name, "mimeType": kind, "buffer": content}


def test_a_reply_that_was_chosen_is_sent_and_the_others_are_gone(talker):
    talker.say("Answer with choices")
    replies = talker.chat.locator(".replies button")
    expect(replies).to_have_text(["Track my parcel", "Send it back"])

    talker.press("Send it back")

    expect(talker.answers.last).to_contain_text("You said: Send it back")
    expect(replies).to_have_count(0)
    expect(talker.composer).to_be_focused()


def test_replies_go_when_the_visitor_writes_something_else(talker):
    talker.say("Answer with choices")
    expect(talker.button("Track my parcel")).to_be_visible()

    talker.say("Neither")

    expect(talker.chat.locator(".replies")).to_have_count(0)


def test_a_form_says_what_is_wrong_where_it_is_wrong_and_is_not_sent(served, talker):
    talker.say("Answer with a form")
    number, email = talker.chat.get_by_label("Order number"), talker.chat.get_by_label("E-mail")

    email.fill("ada at home")
    talker.press("Look it up")
    expect(number).to_be_focused()
    expect(number).to_have_accessible_description("This is needed.")
    expect(email).to_have_accessible_description("This is no e-mail address.")
    number.fill("7")
    talker.press("Look it up")

    expect(number).to_have_accessible_description("This is not in the form that is asked for.")
    expect(talker.chat.locator(".form")).to_contain_text("2 answers need another look.")
    assert sent_parts(served, talker) == []


def test_a_form_that_is_filled_in_is_sent_shown_and_understood(talker):
    talker.say("Answer with a form")

    talker.chat.get_by_label("Order number").fill("AB-1234")
    talker.chat.get_by_label("E-mail").fill("ada@example.org")
    talker.chat.get_by_label("Reason").select_option("damaged")
    talker.press("Look it up")

    filled = "[('email', 'ada@example.org'), ('number', 'AB-1234'), ('why', 'damaged')]"
    expect(talker.answers.last).to_contain_text(f"You filled in: {filled}")
    expect(talker.transcript.locator("article.me").last).to_contain_text("Order number: AB-1234")
    expect(talker.chat.locator(".form")).to_have_text("Your order: Answered")
    talker.page.reload()
    expect(talker.chat.locator(".form")).to_have_text("Your order: Answered")


def test_a_visitors_file_is_sent_shown_with_its_size_and_can_be_fetched_by_an_agent(served, talker):
    pick(talker, file("order.txt", "text/plain", b"x" * 2048))

    card = talker.transcript.locator("article.me .file")
    expect(card).to_contain_text("order.txt")
    expect(card).to_contain_text(re.compile(r"2 kB", re.IGNORECASE))
    expect(talker.transcript.locator("article.me").last).not_to_contain_text("Sending")
    (part,) = sent_parts(served, talker)
    with served.client("agent") as agent:
        assert agent.get(f"/v1/files/{part['file']}").content == b"x" * 2048


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (file("page.html", "text/html", SCRIPT), "Files of this kind cannot be sent. Possible are: PLAIN, PNG."),
        (file("big.txt", "text/plain", b"x" * (5 * MIB + 1)), "This file is too large: at most 5"),
    ],
    ids=["kind", "size"],
)
def test_a_file_that_is_not_taken_is_refused_in_words(served, talker, wrong, words):
    pick(talker, wrong)

    expect(talker.panel).to_contain_text(words)
    assert sent_parts(served, talker) == []


def test_an_agents_file_is_saved_and_nothing_in_it_can_run(served, talker):
    agent = Agent(served, talker.session)
    agent.claims()
    sent = agent.sends("label.txt", "text/plain", SCRIPT)
    card = talker.answers.last.locator(".file")
    expect(card).to_contain_text("label.txt")
    title = talker.page.title()

    with talker.page.expect_download() as saved:
        card.click()

    assert saved.value.suggested_filename == "label.txt"
    assert saved.value.path().read_bytes() == SCRIPT
    assert talker.page.title() == title
    with served.client("agent") as client:
        headers = client.get(f"/v1/files/{sent}").headers
    assert headers["Content-Disposition"].startswith('attachment; filename="label.txt"')
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox")
