"""How an answer comes: word by word, stopped, failed, not at all; with its sources, and kept as a file."""

import re

import pytest
from playwright.sync_api import expect
from web.site import Sheet, page_with, snippet
from web.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def talker(visitor) -> Visitor:
    visitor.open()
    return visitor


@pytest.fixture
def streaming(talker):
    """The answer that is being written."""
    return talker.transcript.locator(".row.them:not(article) .bubble.rich")


def test_a_streamed_text_becomes_the_same_nodes_as_the_whole_of_it(talker, streaming):
    talker.write("Tell me in Markdown, for ever")
    expect(streaming).to_contain_text("That is all.")
    grown = streaming.evaluate("(node) => node.innerHTML")
    talker.press("Stop answering")

    talker.say("Tell me in Markdown")

    answer = talker.answers.last.locator(".bubble")
    assert answer.evaluate("(node) => node.innerHTML") == grown
    assert answer.locator("strong").all_inner_texts() == ["Delivery", "two days", "there"]
    assert answer.locator("ul > li > ol > li").all_inner_texts() == ["letters", "parcels"]
    assert answer.locator("td").all_inner_texts() == ["here", "1", "there", "2"]
    assert answer.locator("pre code").inner_text() == 'days = {"here": 1}  # <b>not bold</b>'
    link = answer.get_by_role("link", name="our page")
    expect(link).to_have_attribute("href", "https://shop.example/delivery")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    assert answer.locator("b").count() == 0


def test_a_long_answer_is_stopped_and_asked_for_again(served, talker, streaming):
    talker.write("Talk for ever")
    expect(streaming).to_contain_text("word3")

    talker.press("Stop answering")
    expect(talker.transcript.locator(".notice span").last).to_have_text("You stopped the answer.")
    expect(streaming).to_be_hidden()
    expect(talker.button("Send")).to_be_visible()
    talker.press("Ask again")

    expect(streaming).to_contain_text("word3")
    expect(talker.button("Ask again")).to_be_hidden()
    turns = [event["type"] for event in served.events(talker.session) if event["type"].startswith("turn_")]
    assert turns == ["turn_opened", "turn_superseded", "turn_opened"]
    # A server that stops would wait for it.
    talker.press("Stop answering")
    expect(streaming).to_be_hidden()


def test_an_answer_that_failed_is_asked_for_again_and_comes(talker):
    talker.write("Please fail at first")
    expect(talker.answers).to_contain_text("Sorry, I could not answer that just now.")

    talker.press("Ask again")

    expect(talker.answers.last).to_contain_text("You said: Please fail at first")
    expect(talker.button("Ask again")).to_be_hidden()


def test_a_bot_that_says_nothing_does_not_seem_to_write_for_ever(served, site, context):
    site.sheets["/kiosk"] = Sheet(page_with(snippet(served.base_url, inbox="kiosk")))
    visitor = Visitor(context.new_page(), f"{site.base_url}/kiosk")
    visitor.open()
    dots = visitor.transcript.locator(".dots")

    visitor.write("Answer in silence")
    expect(dots).to_be_visible()
    expect(dots).to_be_hidden()

    expect(visitor.answers).to_contain_text("Sorry, I could not answer that just now.")
    expect(visitor.button("Ask again")).to_be_visible()
    expect(visitor.button("Talk to a person")).to_be_visible()


def test_an_answer_shows_where_it_comes_from(talker):
    talker.say("Answer with sources")
    sources = talker.answers.last.locator("details")
    expect(sources.get_by_role("listitem")).to_have_count(0)

    sources.get_by_text("2 sources").click()

    expect(sources.get_by_role("listitem")).to_have_count(2)
    expect(sources.get_by_role("link", name="Delivery")).to_have_attribute("href", "https://shop.example/delivery")
    expect(sources).to_contain_text("Two days to most places.")
    expect(sources.get_by_role("link")).to_have_count(1)


def test_the_chat_can_be_kept_as_a_file(talker):
    talker.say("Answer with sources")

    with talker.page.expect_download() as kept:
        talker.from_menu("Download this chat")

    text = kept.value.path().read_text()
    assert kept.value.suggested_filename.endswith(".txt")
    for words in ("Answer with sources", "Two days.", "https://shop.example/delivery"):
        assert text.count(words) == 1
