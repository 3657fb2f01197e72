"""Several tabs of one browser are one visitor with one chat and one stream."""

import pytest
from commands import until
from playwright.sync_api import expect
from walking import CHROMIUM
from web.signing import signed
from web.site import Sheet, page_with
from web.visitor import DEADLINE_MS, Visitor

pytestmark = pytest.mark.slow

TABS = 7
"""One more than a browser's connections to one server."""
TAKEN_OVER_MS = 20_000
FETCH = f"url => fetch(url, {{ signal: AbortSignal.timeout({DEADLINE_MS}) }}).then(({{ status }}) => status)"
CAME_BACK = "addEventListener('pageshow', ({ persisted }) => { window.cameBack = persisted; })"
FIRST_SEEN = """addEventListener("pageshow", () => requestAnimationFrame(() => {
  const { shadowRoot } = document.querySelector("chat-session");
  const painted = new MessageChannel();
  painted.port1.onmessage = () => {
    window.firstSeen = `${shadowRoot.textContent} ${shadowRoot.querySelector("textarea").value}`;
  };
  painted.port2.postMessage(null);
}))"""


@pytest.fixture
def caching(playwright, site):
    """A browser that keeps the pages one leaves, as people's do, on a site that has a page without a chat."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, ignore_default_args=["--disable-back-forward-cache"])
    site.sheets["/bare"] = Sheet(page_with("", "A page without a chat"))
    context = browser.new_context()
    context.add_init_script(CAME_BACK)
    yield context
    browser.close()


def two_tabs(browser, site, text: str) -> tuple[Visitor, Visitor]:
    """One in which something was said and answered, and a second one that shows it."""
    first, second = (Visitor(browser.new_page(), site.base_url) for _ in range(2))
    first.open()
    first.say(text)
    second.open()
    expect(second.answers).to_have_count(1)
    return first, second


def test_seven_tabs_share_one_stream_and_leave_the_site_alive(visitor, own_served, site, context):
    visitor.open()
    visitor.say("From the first")

    others = [Visitor(context.new_page(), site.base_url) for _ in range(TABS - 1)]
    for other in others:
        other.open()
        expect(other.answers).to_have_count(1)

    last = others[-1]
    for address in (f"{site.base_url}/second", f"{own_served.base_url}/v1/inboxes/shop/widget"):
        assert last.page.evaluate(FETCH, address) == 200
    until(lambda: own_served.streams() == 1, "one stream is left")
    last.say("From the last")
    visitor.page.close()
    last.say("And once more")
    for other in others:
        expect(other.answers).to_have_count(3)
        assert other.said == last.said
        assert other.complaints == []
    until(lambda: own_served.streams() == 1, "one stream is left")


def test_two_tabs_that_begin_at_once_begin_one_chat(visitor, own_served, site, context):
    waiting = []

    def hold(route):
        waiting.append(route)

    context.route("**/v1/inboxes/shop/visitors", hold)
    other = Visitor(context.new_page(), site.base_url)
    for each in (visitor, other):
        each.open()

    with visitor.page.expect_request("**/visitors"):
        visitor.write("From one")
    other.write("From the other")
    for each in (visitor, other):
        expect(each.messages).to_have_count(2)
    assert {route.request.frame.page for route in waiting} == {visitor.page}
    for route in waiting:
        route.continue_()
    context.unroute("**/v1/inboxes/shop/visitors")

    for each in (visitor, other):
        expect(each.answers).to_have_count(2)
        expect(each.messages).to_have_count(4)
    assert visitor.session == other.session
    assert visitor.said == other.said
    owners = {each["id"]: each["visitor"] for each in own_served.sessions()}
    assert list(owners.values()).count(owners[visitor.session]) == 1


def test_a_tab_in_the_back_forward_cache_lets_another_lead_and_comes_back_up_to_date(caching, site):
    leader, follower = two_tabs(caching, site, "Who leads?")

    leader.page.goto(f"{site.base_url}/bare")
    follower.write("Tell me slowly")
    expect(follower.answers).to_have_count(2, timeout=TAKEN_OVER_MS)
    leader.page.evaluate("history.back()")

    leader.page.wait_for_function("window.cameBack", timeout=DEADLINE_MS)
    expect(leader.answers).to_have_count(2)
    leader.say("I am here again")
    expect(follower.answers).to_have_count(3)
    assert leader.said == follower.said


def test_who_identifies_in_one_tab_is_identified_in_the_other(visitor, site, context):
    visitor.open()
    visitor.say("Nobody knows me")
    other = Visitor(context.new_page(), site.base_url)
    other.open()
    expect(other.answers).to_have_count(1)

    visitor.page.evaluate("jwt => chatsession.identify(jwt)", signed("eva"))

    until(lambda: other.state("who").get("identified"), "the other tab knows")
    other.say("Now you do")
    expect(visitor.answers).to_have_count(2)
    assert visitor.said == other.said
    assert visitor.session == other.session


def test_who_logs_out_in_one_tab_leaves_nothing_in_the_other(visitor, served, site, context):
    visitor.open()
    visitor.say("My secret is safe")
    other = Visitor(context.new_page(), site.base_url)
    other.open()
    expect(other.answers).to_have_count(1)
    other.page.route("**/messages", lambda route: route.abort())
    other.write("Pending secret")
    other.composer.press_sequentially("Draft secret")
    expect(other.messages).to_have_count(3)

    visitor.page.evaluate("chatsession.logout()")

    for each in (visitor, other):
        expect(each.messages).to_have_count(0)
        expect(each.composer).to_have_value("")
        assert "secret" not in each.page.evaluate("JSON.stringify(localStorage)")
    other.page.unroute("**/messages")
    other.say("Somebody else is here")
    expect(visitor.answers).to_have_count(1)
    assert visitor.said == other.said == ["Somebody else is here", "You said: Somebody else is here"]


def test_a_tab_that_comes_back_from_the_cache_shows_nothing_of_who_logged_out(caching, site):
    away, here = two_tabs(caching, site, "My secret is safe")
    away.composer.fill("Draft secret")
    away.page.evaluate(FIRST_SEEN)

    away.page.goto(f"{site.base_url}/bare")
    here.page.evaluate("chatsession.logout()")
    away.page.evaluate("history.back()")

    away.page.wait_for_function("window.cameBack && window.firstSeen !== undefined", timeout=DEADLINE_MS)
    assert "secret" not in away.page.evaluate("window.firstSeen")
    expect(away.messages).to_have_count(0)
