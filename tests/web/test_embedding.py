"""The widget on a customer's page, which is of another origin than the server, and has a life of its own."""

import pytest
from commands import until
from playwright.sync_api import Locator, Page, expect
from web.site import Sheet, page_with, snippet
from web.visitor import Visitor

HOTKEYS = """<script>
window.heard = []
for (const target of [window, document, document.body])
  for (const type of ["keydown", "keyup", "keypress"]) target.addEventListener(type, event => heard.push(event.key))
</script>"""
DIALOG = """<button id="ask">Ask</button>
<dialog><p>Our newsletter?</p><button id="no" onclick="this.closest('dialog').close()">No</button></dialog>
<script>ask.onclick = () => document.querySelector("dialog").showModal()</script>"""
HELD = "navigator.locks.query().then(({ held }) => held.length)"
WITHOUT_CHARSET = """<!doctype html><title>old</title><body>{}</body>"""

pytestmark = pytest.mark.slow


def placed(site, served, content: str, path: str = "/own", **options: str) -> str:
    """A page of the customer's with this on it; its address."""
    site.sheets[path] = Sheet(page_with(content + snippet(served.base_url, **options)))
    return site.base_url + path


def test_a_visitor_of_another_origins_page_is_answered(visitor):
    visitor.open()

    visitor.say("Hello there")

    assert visitor.answers.last.inner_text().count("You said: Hello there") == 1
    assert visitor.complaints == []


def test_before_the_visitor_acts_nothing_is_stored_and_nobody_is_called(context, site, served):
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    visitor = Visitor(page, site.base_url)
    expect(visitor.launcher).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert [url for url in asked if url.startswith(served.base_url)] == [f"{served.base_url}/widget.js"]
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0
    assert context.cookies() == []


def test_the_pages_shortcuts_are_silent_while_somebody_writes_and_alive_otherwise(context, site, served):
    visitor = Visitor(context.new_page(), placed(site, served, HOTKEYS))
    visitor.open()
    visitor.composer.focus()

    for key in ("j", "/", "?", "Control+k", "Meta+k", "ArrowDown"):
        visitor.page.keyboard.press(key)
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    assert visitor.page.evaluate("heard.splice(0)") == []

    visitor.page.locator("h1").click()
    visitor.page.keyboard.press("j")
    assert visitor.page.evaluate("heard.length") == 9
    visitor.launcher.focus()
    visitor.page.keyboard.press("j")
    assert visitor.page.evaluate("heard.length") == 18


def test_a_chat_can_be_opened_and_used_while_a_modal_dialog_of_the_page_is_open(context, site, served):
    visitor = Visitor(context.new_page(), placed(site, served, DIALOG))
    visitor.page.locator("#ask").click()
    expect(visitor.page.locator("dialog chat-session")).to_have_count(1)

    visitor.open()
    visitor.composer.press_sequentially("May I?")
    visitor.composer.press("Enter")

    expect(visitor.answers.last).to_contain_text("You said: May I?")
    visitor.page.locator("#no").click()
    expect(visitor.page.locator("body > chat-session")).to_have_count(1)
    visitor.say("And still?")


def test_a_dialog_that_opens_over_a_chat_leaves_it_usable_and_what_was_written(visitor, site, served):
    visitor.page.goto(placed(site, served, DIALOG))
    visitor.open()
    visitor.composer.press_sequentially("Half a ")

    visitor.page.evaluate("document.querySelector('dialog').showModal()")
    expect(visitor.page.locator("dialog chat-session")).to_have_count(1)
    visitor.composer.press_sequentially("sentence")

    expect(visitor.composer).to_have_value("Half a sentence")


@pytest.mark.parametrize("is_there", [False, True], ids=["before the chat is there", "with a chat open"])
def test_a_page_that_draws_itself_anew_keeps_its_chat(visitor, is_there):
    if is_there:
        visitor.open()
        visitor.say("Hello")

    visitor.page.evaluate("document.body.innerHTML = '<main>Drawn anew</main>'")
    visitor.open()

    visitor.say("Still there?")
    assert visitor.answers.count() == 1 + is_there


def test_a_page_that_replaces_its_body_keeps_its_launcher(visitor):
    visitor.page.evaluate("document.body = document.createElement('body')")

    visitor.open()

    visitor.say("Still there?")


def test_a_site_of_one_page_changes_its_address_and_the_chat_knows_where_things_were_said(visitor, served):
    visitor.open()
    visitor.say("Here")

    visitor.page.evaluate("history.pushState({ route: 7 }, '', '/basket')")
    visitor.say("There")

    pages = [
        event["page"] for event in served.events(visitor.session) if event.get("author", {}).get("kind") == "visitor"
    ]
    assert [page.rpartition("/")[2] for page in pages] == ["", "basket"]
    assert visitor.page.evaluate("history.state") == {"route": 7}


def test_a_page_without_a_charset_shows_every_letter_as_it_is(context, site, served):
    tag = snippet(served.base_url, locale="ar")
    site.sheets["/old"] = Sheet(WITHOUT_CHARSET.format(tag))

    visitor = Visitor(context.new_page(), f"{site.base_url}/old")
    visitor.launcher.click()

    assert visitor.page.evaluate("document.characterSet") == "windows-1252"
    expect(visitor.composer).to_have_attribute("placeholder", "اكتب رسالة…")
    expect(visitor.chat.locator(".welcome h3")).to_have_text("كيف يمكننا مساعدتك؟")


class Beside(Visitor):
    """The visitor of one of several chats on a page."""

    def __init__(self, page: Page, which: str):
        super().__init__(page)
        self.which = which

    @property
    def chat(self) -> Locator:
        return self.page.locator(self.which)


def test_two_inboxes_on_one_page_are_two_chats(context, site, own_served):
    page = context.new_page()
    page.goto(placed(site, own_served, '<chat-session inbox="bank"></chat-session>'))
    bank, shop = Beside(page, "chat-session[inbox]"), Beside(page, "chat-session:not([inbox])")

    bank.say("To the bank")
    shop.open()
    shop.say("To the shop")

    assert bank.said == ["To the bank", "You said: To the bank"]
    assert shop.said == ["To the shop", "You said: To the shop"]
    assert {session["inbox"] for session in own_served.sessions()} == {"bank", "shop"}


def test_what_is_unread_in_two_chats_is_counted_together_in_the_pages_title(context, site, served):
    page = context.new_page()
    page.goto(placed(site, served, ""))
    page.wait_for_function("!!window.chatsession?.init")
    page.evaluate("void chatsession.init({ inbox: 'bank' })")
    title = page.title()

    page.evaluate("Promise.all(['bank', 'shop'].map(inbox => chatsession.inbox(inbox).send('Hello')))")

    expect(page).to_have_title(f"(2) {title}")


def test_an_element_that_the_page_makes_anew_takes_up_the_chat_and_the_calls(context, site, served):
    page = context.new_page()
    page.goto(placed(site, served, '<chat-session inbox="bank"></chat-session>'))
    within = Beside(page, "chat-session[inbox]")
    within.say("First")

    page.evaluate("{ const old = document.querySelector('[inbox]'); old.after(old.cloneNode()); old.remove() }")

    expect(within.messages).to_have_count(2)
    page.evaluate("chatsession.inbox('bank').setTheme('dark')")
    expect(within.chat.locator(".frame")).to_have_attribute("data-scheme", "dark")
    page.evaluate("chatsession.inbox('bank').send('Second')")
    expect(within.messages).to_have_count(4)


def test_an_element_that_is_taken_out_lets_go_of_its_chat_and_put_back_shows_it_again(context, site, served):
    page = context.new_page()
    page.goto(placed(site, served, '<chat-session inbox="bank"></chat-session>'))
    within = Beside(page, "chat-session[inbox]")
    within.say("First")
    until(lambda: page.evaluate(HELD) == 1, "the tab follows the chat")

    page.evaluate("window.kept = document.querySelector('[inbox]'); kept.remove()")
    until(lambda: page.evaluate(HELD) == 0, "nobody follows the chat any more")
    page.evaluate("document.body.append(kept)")

    expect(within.messages).to_have_count(2)
    within.say("Second")
    assert within.chat.locator(".panel").count() == 1
