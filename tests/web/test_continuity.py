"""A chat goes on: over pages and tabs that are closed, in the middle of an answer, and when something is killed."""

import re
from contextlib import suppress

import pytest
from commands import until
from playwright.sync_api import Error, expect
from web.site import Sheet, page_with, snippet
from web.visitor import Visitor

pytestmark = pytest.mark.slow

PARTLY = re.compile("word3 ")


def test_a_page_loaded_anew_in_mid_answer_shows_the_whole_answer(visitor, served):
    visitor.open()
    visitor.write("Tell me slowly")
    expect(visitor.transcript).to_contain_text(PARTLY)

    visitor.page.reload()

    expect(visitor.composer).to_be_visible()
    assert shows_the_one_answer(visitor, served)


def test_a_chat_goes_along_to_the_next_page_and_into_the_next_tab(visitor, site, context):
    visitor.open()
    visitor.say("Hello there")
    visitor.composer.fill("Half a sen")
    session, said = visitor.session, visitor.said

    visitor.page.goto(f"{site.base_url}/second")

    expect(visitor.composer).to_have_value("Half a sen")
    expect(visitor.answers).to_have_count(1)
    assert (visitor.session, visitor.said) == (session, said)

    visitor.page.close()
    later = Visitor(context.new_page(), site.base_url)

    expect(later.launcher).to_have_attribute("aria-label", "Open chat")
    expect(later.panel).to_be_hidden()
    later.open()
    expect(later.composer).to_have_value("Half a sen")
    expect(later.answers).to_have_count(1)
    assert (later.session, later.said) == (session, said)
    assert visitor.complaints == later.complaints == []


def test_a_closed_chat_fetches_no_panel_before_somebody_is_about_to_open_it(visitor, site, context):
    visitor.open()
    visitor.say("Hello there")
    visitor.page.close()
    fetched: list[str] = []
    context.on("request", lambda request: fetched.append(request.url))

    later = Visitor(context.new_page())
    with later.page.expect_response(lambda answer: "/stream" in answer.url):
        later.page.goto(site.base_url)
    later.page.evaluate("chatsession.getState()")
    parts = [url.rpartition("/")[2].partition("-")[0] for url in fetched if "/widget/" in url]

    assert {"widget", "engine"} <= set(parts)
    assert {"panel", "talk", "rest"}.isdisjoint(parts)
    later.open()
    expect(later.answers).to_have_count(1)


def test_a_new_tab_starts_closed_with_a_badge_for_what_is_unread(visitor, site, context):
    visitor.open()
    visitor.write("Tell me slowly")
    expect(visitor.transcript).to_contain_text(PARTLY)
    visitor.page.close()

    later = Visitor(context.new_page(), site.base_url)

    expect(later.launcher).to_have_attribute("aria-label", "Open chat, 1 unread message")
    expect(later.launcher.locator(".badge")).to_have_text("1")
    expect(later.panel).to_be_hidden()
    later.open()
    expect(later.launcher).to_have_attribute("aria-label", "Close chat")
    later.page.reload()
    expect(later.composer).to_be_visible()
    later.launcher.click()
    expect(later.launcher).to_have_attribute("aria-label", "Open chat")


def test_an_answer_is_whole_though_its_page_is_killed_in_the_middle(visitor, served, site, context):
    visitor.open()
    visitor.write("Tell me slowly")
    expect(visitor.transcript).to_contain_text(PARTLY)

    crash(visitor.page)
    later = Visitor(context.new_page(), site.base_url)
    later.open()

    assert shows_the_one_answer(later, served)


def test_an_answer_is_whole_though_the_server_is_killed_in_the_middle_and_perhaps_the_page_too(
    chromium, own_served, site
):
    site.sheets["/"] = Sheet(page_with(snippet(own_served.base_url, "kiosk")))
    stays, comes_back = (Visitor(chromium.new_context().new_page(), site.base_url) for _ in range(2))
    for visitor in (stays, comes_back):
        visitor.open()
        visitor.write("Tell me slowly")
    for visitor in (stays, comes_back):
        expect(visitor.transcript).to_contain_text(PARTLY)

    own_served.kill()
    crash(comes_back.page)
    own_served.start()
    comes_back = Visitor(comes_back.page.context.new_page(), site.base_url)
    comes_back.open()

    for visitor in (stays, comes_back):
        assert shows_the_one_answer(visitor, own_served, attempts=2)
        visitor.page.context.close()


def crash(page) -> None:
    """End the page's process as the system would."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash", wait_until="commit")


def shows_the_one_answer(visitor, server, attempts=1) -> bool:
    """Once nothing is written any more: the trace's text, byte for byte, and nothing else of the service."""
    until(lambda: server.traces(visitor.session)[-1:] and server.traces(visitor.session)[-1]["text"], "an answer")
    expect(visitor.answers).to_have_count(1)
    expect(visitor.chat.locator(".dots")).to_have_count(0)
    *_, trace = server.traces(visitor.session)
    words = "".join(f"word{number} " for number in range(1, 41))
    shown = [item["text"] for item in visitor.state("items") if item.get("by") == "bot"]
    assert trace["attempt"] == attempts
    assert shown == [trace["text"]] == [words]
    return visitor.said == ["Tell me slowly", words.strip()]
