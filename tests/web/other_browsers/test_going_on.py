"""In Firefox and WebKit too a chat goes on: over pages, tabs, starts of the browser, and a server that is killed."""

import pytest
from commands import until
from web.other_browsers.tab import COMPLAINTS, Tab
from web.site import Sheet, page_with, snippet

pytestmark = pytest.mark.slow

WHOLE = "".join(f"word{number} " for number in range(1, 41))
WATCH = """window.lengths = new Set();
const { shadowRoot } = document.querySelector("chat-session");
new MutationObserver(() => {
  lengths.add(shadowRoot.querySelector("[role=log] .them .bubble")?.textContent.length ?? 0);
}).observe(shadowRoot, { childList: true, subtree: true, characterData: true });"""
WAITING = "Will be sent when you are online"


def test_a_visitor_of_another_origins_page_is_answered_word_by_word(tab):
    tab.open()
    tab.run(WATCH)

    tab.say("Tell me slowly")

    until(lambda: tab.said == ["Tell me slowly", WHOLE.strip()], "the answer is whole")
    assert tab.run("return lengths.size") > 10
    assert tab.complaints == ""


def test_a_chat_and_its_draft_go_along_to_the_next_page(tab, site):
    tab.open()
    tab.say("Hello there")
    tab.type("Half a sen")
    session, said = tab.session, tab.said

    tab.load(f"{site.base_url}/second")

    until(lambda: tab.said == said, "the chat is there again")
    assert (tab.session, tab.draft) == (session, "Half a sen")
    assert tab.complaints == ""


def test_two_tabs_are_one_chat_and_the_other_goes_on_when_the_first_is_closed(tab, own_served, site):
    tab.open()
    tab.say("From the first")
    other = Tab(tab.browser, site.base_url)
    other.open()
    until(lambda: other.said == tab.said, "the second tab shows the chat of the first")

    other.say("From the second")
    until(lambda: tab.said == other.said, "the first tab heard it")
    tab.say("And from the first")
    until(lambda: tab.said == other.said, "the second tab heard it")

    assert len(other.said) == 6
    assert tab.session == other.session
    until(lambda: own_served.streams() == 1, "they share one stream")
    assert tab.complaints == other.complaints == ""
    tab.close()
    other.say("Alone now")
    assert len(other.said) == 8


def test_a_page_that_is_gone_back_to_leads_the_chat_on(tab, site):
    site.sheets["/bare"] = Sheet(page_with("", "A page without a chat"))
    tab.open()
    tab.say("Who leads?")
    other = Tab(tab.browser, site.base_url)
    other.open()

    tab.load(f"{site.base_url}/bare")
    other.say("Do you hear me?")
    tab.back()

    until(lambda: tab.said == other.said, "the first tab caught up")
    tab.say("I am here again")
    until(lambda: tab.said == other.said, "the second tab heard it")
    assert tab.complaints == other.complaints == ""


def test_a_page_loaded_anew_in_mid_answer_shows_the_whole_answer_once(tab, site):
    tab.open()
    tab.write("Tell me slowly")
    until(lambda: tab.shows("word3 "), "the answer has begun")

    tab.load(site.base_url)

    until(lambda: tab.answered == [WHOLE], "the answer is whole")
    until(lambda: tab.said == ["Tell me slowly", WHOLE.strip()], "it is shown once")
    assert tab.complaints == ""


def test_a_browser_that_is_started_again_has_the_chat_it_had(tab, served, site):
    tab.open()
    tab.say("Hello there")
    tab.type("Half a sen")
    session, said = tab.session, tab.said

    tab.browser.restart()
    tab = Tab(tab.browser, site.base_url)
    tab.open()

    until(lambda: tab.said == said, "the chat is there again")
    assert (tab.session, tab.draft) == (session, "Half a sen")
    tab.say(" and the rest")
    assert asked(served, session) == ["Hello there", "Half a sen and the rest"]


def test_an_answer_is_whole_though_the_server_is_killed_in_the_middle(browser, own_served, site):
    site.sheets["/"] = Sheet(page_with(COMPLAINTS + snippet(own_served.base_url, "kiosk")))
    tab = Tab(browser, site.base_url)
    tab.open()
    tab.write("Tell me slowly")
    until(lambda: tab.shows("word3 "), "the answer has begun")

    own_served.kill()
    own_served.start()

    until(lambda: tab.answered == [WHOLE], "the answer is whole")
    until(lambda: tab.said == ["Tell me slowly", WHOLE.strip()], "it is shown once")
    assert tab.complaints == ""


def test_what_is_written_while_no_server_is_there_waits_and_goes_out_once_in_order(tab, own_served):
    tab.open()
    tab.say("Still there")
    session = tab.session

    own_served.kill()
    for text in ("One", "Two"):
        tab.write(text)
    until(lambda: sum(WAITING in row for row in tab.words(".row.me")) == 2, "both are said to wait")
    own_served.start()

    until(lambda: tab.answers == 3, "both are answered")
    until(lambda: not tab.shows(WAITING), "nothing waits")
    assert asked(own_served, session) == ["Still there", "One", "Two"]
    assert tab.complaints == ""


def test_a_visitor_who_is_warned_keeps_chatting(tab, own_served):
    tab.open()
    tab.say("Hello there")
    own_served.skip(tab.session, "warning")
    until(lambda: tab.sees(".warning"), "the visitor is warned")

    tab.press("Keep chatting")

    until(lambda: not tab.sees(".warning"), "the warning is gone")
    tab.say("Here I am")
    types = [event["type"] for event in own_served.events(tab.session)]
    assert types.index("session_warned") < types.index("session_kept_open")
    assert "session_closed" not in types
    assert tab.complaints == ""


def test_a_chat_goes_on_while_the_page_clears_its_storage(tab, site):
    tab.open()
    tab.say("Before the clearing")
    session = tab.session

    tab.run("localStorage.clear(); sessionStorage.clear();")

    tab.say("After the clearing")
    tab.load(site.base_url)
    tab.open()
    until(lambda: tab.answers == 2, "both answers are there")
    tab.say("After the reload")
    assert tab.session == session
    assert tab.complaints == ""


def asked(server, session: str) -> list[str]:
    """What the visitor wrote, as the server has it."""
    posted = [event for event in server.events(session) if event["type"] == "message_posted"]
    return [event["text"] for event in posted if event["author"]["kind"] == "visitor"]
