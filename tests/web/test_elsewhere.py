"""In another browser: by one's name or by a link; and chats of earlier days."""

import re

import pytest
from playwright.sync_api import expect
from web.signing import signed
from web.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def elsewhere(chromium):
    """Another browser, where nobody was yet."""
    fresh = chromium.new_context()
    yield fresh
    fresh.close()


def test_who_is_known_finds_the_chat_in_another_browser(visitor, site, elsewhere):
    introduce(visitor, "known")
    visitor.open()
    visitor.say("I was here first")

    other = Visitor(elsewhere.new_page(), site.base_url)
    introduce(other, "known")
    other.open()

    expect(other.answers).to_have_count(1)
    assert (other.session, other.said) == (visitor.session, visitor.said)
    other.say("And now there")
    expect(visitor.answers).to_have_count(2)
    assert visitor.said == other.said


def test_a_link_takes_the_chat_to_another_browser_once(visitor, site, chromium, elsewhere):
    visitor.open()
    visitor.say("I have to catch my train")
    session, said = visitor.session, visitor.said
    visitor.from_menu("Continue elsewhere")
    link = visitor.chat.get_by_label("Link", exact=True).input_value()
    visitor.press("Back")

    other = Visitor(elsewhere.new_page(), link)
    other.press("Continue here")

    expect(other.answers).to_have_count(1)
    assert (other.session, other.said) == (session, said)
    assert "#" not in other.page.url
    other.say("I am on my train")
    expect(visitor.answers).to_have_count(2)

    third = chromium.new_context()
    thief = Visitor(third.new_page(), link)
    thief.press("Continue here")

    expect(thief.chat.locator(".banner")).to_contain_text(re.compile("link", re.IGNORECASE))
    expect(thief.messages).to_have_count(0)
    thief.say("A chat of my own")
    third.close()


def test_earlier_chats_are_listed_and_read_and_the_last_one_is_continued(visitor):
    visitor.open()
    visitor.say("About socks")
    visitor.from_menu("End this chat")
    visitor.press("Start a new chat")
    expect(visitor.messages).to_have_count(0)
    visitor.say("About shoes")
    visitor.from_menu("End this chat")
    session = visitor.session

    visitor.from_menu("Earlier chats")
    entries = visitor.chat.locator(".chats button")
    expect(entries).to_have_text([re.compile("This chat"), re.compile("Ended")])
    entries.last.click()

    past = visitor.chat.locator(".past")
    expect(past.get_by_role("article")).to_have_count(2)
    expect(past.locator(".bubble").first).to_have_text("About socks")
    expect(past.get_by_role("button", name="Continue this chat")).to_have_count(0)

    visitor.press("Back")
    entries.first.click()
    visitor.press("Continue this chat")

    visitor.say("Shoes, again")
    assert visitor.session == session
    assert visitor.said == ["About shoes", "You said: About shoes", "Shoes, again", "You said: Shoes, again"]


def introduce(visitor, name: str) -> None:
    """Say who it is, as a page does; the widget takes note once it is there."""
    visitor.page.evaluate("jwt => void chatsession.identify(jwt)", signed(name))
