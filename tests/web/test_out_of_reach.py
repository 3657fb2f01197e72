"""The chat's own files cannot be had for a while, or are those of another version: nobody's wish is lost."""

import re

import pytest
from commands import until
from playwright.sync_api import expect
from web.site import Sheet, page_with, snippet
from web.visitor import Visitor

pytestmark = pytest.mark.slow


def test_a_press_while_the_server_is_away_opens_the_chat_once_it_is_back(context, own_served, site):
    site.sheets["/"] = Sheet(page_with(snippet(own_served.base_url, locale="de")))
    words = "Keine Verbindung"
    visitor = Visitor(context.new_page(), site.base_url)
    expect(visitor.launcher).to_be_visible()
    own_served.kill()

    visitor.launcher.click()
    expect(visitor.launcher).to_have_attribute("aria-label", words)
    assert visitor.launcher.evaluate("node => getComputedStyle(node, '::after').content") == f'"{words}"'
    visitor.launcher.click()
    own_served.start()

    expect(visitor.composer).to_be_focused()
    expect(visitor.launcher).to_have_attribute("aria-expanded", "true")
    assert visitor.launcher.evaluate("node => getComputedStyle(node, '::after').content") == "none"
    expect(visitor.launcher).to_have_accessible_name("Chat schließen")


def test_a_server_that_stays_away_is_asked_less_and_less_often_and_at_once_when_the_network_is_back(
    context, own_served, site
):
    page = context.new_page()
    page.clock.install()
    tries: list[str] = []
    page.on("requestfailed", lambda request: "/widget/widget-" in request.url and tries.append(request.url))
    visitor = Visitor(page, site.base_url)
    expect(visitor.launcher).to_be_visible()
    own_served.kill()

    visitor.launcher.click()
    for _ in range(120):
        page.clock.run_for(1_000)
    until(lambda: len(tries) >= 4, "it was tried several times")
    assert len(tries) <= 12
    before = len(tries)

    # A try may be on its way just now: then the word comes too early for it.
    until(
        lambda: page.evaluate("dispatchEvent(new Event('online'))") and len(tries) > before + 1,
        "it was tried at once",
    )


def test_a_call_while_the_server_is_away_is_done_once_it_is_back(context, own_served, site):
    visitor = Visitor(context.new_page(), site.base_url)
    expect(visitor.launcher).to_be_visible()
    own_served.kill()

    visitor.page.evaluate("window.sent = chatsession.send('From the page'); void chatsession.open()")
    expect(visitor.launcher).to_have_attribute("aria-label", "No connection")
    own_served.start()

    visitor.page.evaluate("sent")
    expect(visitor.messages).to_have_count(2)


def test_nobody_who_did_not_ask_for_the_chat_is_told_that_it_cannot_be_had(context, own_served, site):
    visitor = Visitor(context.new_page(), site.base_url)
    expect(visitor.launcher).to_be_visible()
    own_served.kill()

    with visitor.page.expect_event("requestfailed"), visitor.page.expect_event("requestfailed"):
        visitor.launcher.hover()

    expect(visitor.launcher).to_have_attribute("aria-label", "Chat")


def test_a_page_from_before_an_upgrade_finds_the_new_files(context, served, site):
    """The loader of another version names a file that this server does not have."""

    def of_another_version(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r"widget-[\w-]{8}\.js", "widget-ABCD1234.js", answer.text()))

    context.route("**/widget.js", of_another_version)
    visitor = Visitor(context.new_page(), site.base_url)

    with visitor.page.expect_response(lambda answer: "widget-ABCD1234" in answer.url) as old:
        visitor.launcher.click()

    assert old.value.status == 404
    expect(visitor.composer).to_be_focused()
    visitor.say("Upgraded")


def test_a_chat_that_was_opened_needs_no_more_files(context, visitor):
    """So neither an upgrade nor a tunnel takes anything from it that was there."""
    expected = ("panel", "talk", "engine", "page-side", "rest")
    visitor.open()
    visitor.page.wait_for_function(
        "names => names.every(name => performance.getEntriesByType('resource').some(({ name: url, responseEnd }) =>"
        " responseEnd && url.includes(`/${name}-`)))",
        arg=list(expected),
    )

    context.route("**/widget/**", lambda route: route.abort())
    visitor.say("with a form")
    visitor.from_menu("End this chat")

    expect(visitor.chat.locator(".form, .done").first).to_be_attached()
    expect(visitor.chat.locator(".ending")).to_be_visible()


def test_a_part_that_did_not_come_can_be_asked_for_again(context, visitor):
    """Nobody has to load the page again for that; browsers older than this one would remember a failed import."""
    context.route(re.compile(r"/widget/talk-"), lambda route: route.abort())
    visitor.open()
    visitor.write("Hello")
    expect(visitor.button("Try again").first).to_be_visible()

    context.unroute(re.compile(r"/widget/talk-"))
    visitor.button("Try again").first.click()

    expect(visitor.messages).to_have_count(2)
