"""Every call of the guide, once for real, on a page of another origin."""

import json

import pytest
from commands import until
from playwright.sync_api import expect
from web.signing import signed
from web.site import Sheet, page_with, snippet
from web.visitor import Visitor

OPENED_BY_CALLS = """<script>
window.chatsession ??= { q: [] }
chatsession.q.push(["setLocale", "de"], ["setTheme", "dark"])
chatsession.q.push(["open", { message: "Wo ist", context: { from: "shelf" } }])
</script>"""
INIT = """{
  inbox: 'shop', label: 'Talk to us', locale: 'fr', theme: 'dark', primary: '#b00020', metadata: { plan: 'gold' },
  identity: () => fetch('/token').then(answer => answer.text()),
}"""
GREETINGS = {
    "en": "How can we help?",
    "de": "Wie können wir helfen?",
    "fr": "Comment pouvons-nous vous aider ?",
    "ar": "كيف يمكننا مساعدتك؟",
    "en-XA": "[Hów çáñ wé hélp? ~ ~ ~ ~]",
}
LISTENERS = """for (const target of [window, document]) {
  const [add, remove] = [target.addEventListener, target.removeEventListener]
  window.standing ??= []
  target.addEventListener = (...all) => {
    if (new Error().stack.includes("/widget")) standing.push(all)
    add.apply(target, all)
  }
  target.removeEventListener = (type, listener, ...more) => {
    standing = standing.filter(each => each[0] !== type || each[1] !== listener)
    remove.call(target, type, listener, ...more)
  }
}"""

pytestmark = pytest.mark.slow


@pytest.fixture
def on(context, site, served):
    """A visitor on a page of the customer's with this in it, and the snippet with these options."""

    def visit(content: str = "", inbox: str = "shop", **options: str) -> Visitor:
        site.sheets["/own"] = Sheet(page_with(content + snippet(served.base_url, inbox, **options)))
        return Visitor(context.new_page(), f"{site.base_url}/own")

    return visit


def called(visitor: Visitor, call: str) -> object:
    """What the promise of a call holds."""
    return visitor.page.evaluate(f"chatsession.{call}")


def kept(served, visitor: Visitor) -> dict:
    """The session that is shown, as the server knows it."""
    with served.client() as admin:
        return admin.get(f"/v1/sessions/{visitor.session}").json()


def test_calls_from_before_the_script_is_there_are_done_in_order(on, served):
    visitor = on(OPENED_BY_CALLS)

    expect(visitor.composer).to_have_value("Wo ist")
    expect(visitor.chat.locator(".frame")).to_have_attribute("lang", "de")
    expect(visitor.chat.locator(".frame")).to_have_attribute("data-scheme", "dark")
    visitor.composer.press("Enter")
    expect(visitor.messages).to_have_count(2)
    until(lambda: kept(served, visitor)["context"] == {"from": "shelf"}, "the server knows what the page knows")


def test_init_makes_a_widget_with_everything_it_is_given(context, site, served):
    site.sheets["/token"] = Sheet(signed("customer-7"))
    tag = snippet(served.base_url).replace(' data-inbox="shop"', "").replace(" async", "")
    site.sheets["/own"] = Sheet(page_with(tag))
    visitor = Visitor(context.new_page(), f"{site.base_url}/own")
    expect(visitor.chat).to_have_count(0)

    visitor.page.evaluate(f"void chatsession.init({INIT})")
    expect(visitor.launcher).to_have_accessible_name("Talk to us")
    visitor.open()
    expect(visitor.chat.locator(".frame")).to_have_attribute("lang", "fr")
    visitor.say("Bonjour")

    assert visitor.launcher.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(176, 0, 32)"
    session = kept(served, visitor)
    assert session["metadata"]["plan"] == "gold"
    assert called(visitor, "getState().then(({ who }) => who.identified)") is True


def test_a_page_opens_closes_hides_and_shows_the_chat(on):
    visitor = on()

    called(visitor, "open()")
    expect(visitor.composer).to_be_focused()
    called(visitor, "close()")
    expect(visitor.panel).to_be_hidden()
    called(visitor, "toggle()")
    expect(visitor.panel).to_be_visible()
    called(visitor, "hide()")
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_hidden()
    called(visitor, "show()")
    expect(visitor.launcher).to_be_visible()


def test_hiding_the_chat_calls_nobody_and_stores_nothing(on, served):
    visitor = on()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))

    called(visitor, "hide()")
    visitor.page.wait_for_load_state("networkidle")

    assert [url for url in asked if "/v1/" in url] == []
    assert visitor.page.evaluate("localStorage.length") == 0


def test_a_page_speaks_for_the_visitor_and_says_what_it_knows(on, served):
    visitor = on()

    called(visitor, "send('From the page', { basket: 3 })")
    called(visitor, "open()")
    expect(visitor.messages).to_have_count(2)
    called(visitor, "setContext({ colour: 'red' })")
    called(visitor, "track('viewed', { item: 'bicycle' })")

    expected = {"basket": 3, "colour": "red", "viewed": {"item": "bicycle"}}
    assert kept(served, visitor)["context"] == expected
    state = called(visitor, "getState()")
    assert [item["text"] for item in state["items"] if item["kind"] == "message"] == [
        "From the page",
        "You said: From the page",
    ]


def test_a_page_ends_a_chat_and_begins_another(on, served):
    visitor = on()
    visitor.open()
    visitor.say("First")
    first = visitor.session

    called(visitor, "end()")
    assert kept(served, visitor)["close_reason"] == "visitor"
    called(visitor, "startNew()")

    assert visitor.session != first
    assert kept(served, visitor)["phase"] == "open"


def test_the_end_of_a_chat_can_be_asked_for_on_a_page_that_has_not_shown_it(on, served):
    visitor = on()
    visitor.open()
    visitor.say("First")
    session = visitor.session

    visitor.page.reload()
    called(visitor, "end()")

    with served.client() as admin:
        assert admin.get(f"/v1/sessions/{session}").json()["phase"] == "closed"
    assert called(visitor, "getState().then(({ problem }) => problem)") is None


@pytest.mark.parametrize("leaving", ["logout()", "reset()"])
def test_who_is_identified_is_themselves_until_they_leave(on, served, leaving):
    visitor = on()
    visitor.open()
    visitor.say("As nobody")

    called(visitor, f"identify({json.dumps(signed('customer-8' + leaving))})")
    assert called(visitor, "getState().then(({ who }) => who.identified)") is True
    called(visitor, leaving)

    expect(visitor.messages).to_have_count(0)
    assert called(visitor, "getState().then(({ who, session }) => [who, session])") == [None, None]
    assert visitor.page.evaluate("Object.keys(localStorage).filter(key => !key.endsWith(':g'))") == []


def test_a_page_changes_language_and_look(on):
    visitor = on()
    visitor.open()
    visitor.composer.fill("Half a sentence")

    called(visitor, "setLocale('ar')")
    called(visitor, "setTheme({ scheme: 'dark', primary: 'rgb(1, 2, 3)' })")

    expect(visitor.chat.locator(".welcome h3")).to_have_text(GREETINGS["ar"])
    expect(visitor.composer).to_have_value("Half a sentence")
    expect(visitor.chat.locator(".frame")).to_have_attribute("data-scheme", "dark")
    assert visitor.launcher.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(1, 2, 3)"


@pytest.mark.parametrize("locale", GREETINGS)
def test_the_tag_says_the_language(on, locale):
    visitor = on(locale=locale)
    visitor.open()

    expect(visitor.chat.locator(".welcome h3")).to_contain_text(GREETINGS[locale])
    direction = visitor.composer.evaluate("node => getComputedStyle(node.closest('.chat')).direction")
    assert direction == ("rtl" if locale == "ar" else "ltr")


def test_what_the_page_asked_already_is_not_asked_again(on):
    visitor = on(inbox="desk")

    visitor.page.evaluate("void chatsession.consent(true)")
    visitor.open()

    visitor.say("At once")
    expect(visitor.button("Agree and start")).to_have_count(0)


def test_who_listens_once_hears_once_and_who_stops_hears_no_more(on):
    visitor = on()
    visitor.page.evaluate("""() => {
      window.heard = []
      const stopped = () => heard.push('stopped')
      chatsession.once('open', () => heard.push('once'))
      chatsession.on('open', () => heard.push('always'))
      chatsession.on('open', stopped)
      chatsession.off('open', stopped)
      chatsession.on('close', () => heard.push('close'))
      chatsession.off('close')
    }""")

    for call in ("open()", "close()", "open()"):
        called(visitor, call)

    assert visitor.page.evaluate("heard") == ["once", "always", "always"]


def test_destroy_leaves_nothing_behind_and_a_new_widget_takes_up_the_chat(context, on, served):
    context.add_init_script(LISTENERS)
    visitor = on("<dialog></dialog>")
    visitor.open()
    visitor.say("Remember me")
    until(lambda: called(visitor, "getState()")["link"] == "online", "the chat is followed")
    assert visitor.page.evaluate("standing.length") > 0

    called(visitor, "destroy()")

    expect(visitor.chat).to_have_count(0)
    assert visitor.page.evaluate("standing.map(String)") == []
    assert visitor.page.evaluate("navigator.locks.query().then(({ held, pending }) => [held, pending])") == [[], []]
    visitor.page.evaluate("document.querySelector('dialog').showModal()")
    expect(visitor.chat).to_have_count(0)
    assert visitor.page.title() == "A customer's page"
    visitor.page.evaluate("document.querySelector('dialog').close(); void chatsession.init({ inbox: 'shop' })")
    visitor.open()
    expect(visitor.messages).to_have_count(2)
