"""Whoever means harm writes what they like wherever there is text: nothing of it runs, and the chat stays in shape."""

import json
from urllib.parse import urlsplit

import httpx
import pytest
from commands import DEADLINE_SECONDS
from playwright.sync_api import expect
from web.payloads import LISTS, PAYLOADS
from web.site import Sheet, page_with, snippet
from web.visitor import Visitor

LABELS = [text for text in LISTS["markup"] + LISTS["addresses"] + LISTS["breaks"] if min(text) >= " "]
"""Fit for a label, a name or a title: those are one line."""
NAMES = ["{{constructor.constructor('alert(1)')()}}", "' onload='alert(1)' x='", "a" * 110, "\u05d0\u05d1 alert(1)"]
"""Of files, that the server takes: those with markup it refuses."""
WITNESS = """for (const name of ["alert", "confirm", "prompt", "msgbox", "open"])
  window[name] = () => { window.__ran = name }"""
FOUND = """() => {
  const wrong = [], count = []
  const walk = root => {
    for (const node of root.querySelectorAll("*")) {
      count.push(node)
      if (node.matches("iframe, object, embed, style, link, base, meta, img, video, audio, template, marquee, math")
        || (node.localName === "script" && !node.src.endsWith("/widget.js"))) wrong.push(node.outerHTML)
      for (const { name, value } of node.attributes)
        if (/^on/i.test(name) || (/href|src|action/.test(name) && /^\\s*(javascript|data|vbscript):/i.test(value)))
          wrong.push(node.outerHTML)
      if (node.localName === "a" && !/^(https?:|mailto:)/.test(node.href)) wrong.push(node.outerHTML)
      if (node.shadowRoot) walk(node.shadowRoot)
    }
  }
  walk(document.body)
  return { wrong, count: count.length }
}"""
TOO_WIDE = """() => {
  const root = document.querySelector("chat-session").shadowRoot
  const ours = root.querySelectorAll(".panel, .chat, .log, .list, .header, .page, .menu")
  return [document.documentElement, ...ours].filter(node => node.scrollWidth > node.clientWidth)
    .map(node => `${node.className}: ${node.scrollWidth} in ${node.clientWidth}`)
}"""

pytestmark = pytest.mark.slow


class Harmed(Visitor):
    """A visitor whose browser notes everything that should never happen."""

    def __init__(self, page, url: str, served):
        self.dialogs: list[str] = []
        self.strangers: list[str] = []
        self.served = served
        ours = {urlsplit(address).netloc for address in (url, served.base_url)} | {""}
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda asked: urlsplit(asked.url).netloc in ours or self.strangers.append(asked.url))
        super().__init__(page, url)

    def post(self, path: str, body: dict) -> httpx.Response:
        """Ask something of the server as this visitor."""
        inbox = self.page.evaluate("document.querySelector('script[data-inbox]').dataset.inbox")
        token = self.page.evaluate(f"JSON.parse(localStorage.getItem('cs:{inbox}:v')).token")
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.post(
            f"{self.served.base_url}/v1/sessions/{self.session}/{path}",
            json=body,
            headers=headers,
            timeout=DEADLINE_SECONDS,
            trust_env=False,
        )

    def is_unharmed(self) -> bool:
        """Nothing ran, nobody strange was called, no node is there that could do either, and nothing sticks out."""
        found = self.page.evaluate(FOUND)
        assert found["wrong"] == []
        assert found["count"] > 20
        assert self.page.evaluate(TOO_WIDE) == []
        assert self.page.evaluate("window.__ran") is None
        assert (self.dialogs, self.strangers, self.complaints) == ([], [], [])
        return True


@pytest.fixture
def harmed(context, site, served):
    """A visitor with a narrow window, in the inbox of that name."""

    def visit(inbox: str = "shop") -> Harmed:
        context.add_init_script(WITNESS)
        site.sheets["/own"] = Sheet(page_with(snippet(served.base_url, inbox)))
        page = context.new_page()
        page.set_viewport_size({"width": 360, "height": 740})
        return Harmed(page, f"{site.base_url}/own", served)

    return visit


def batches() -> list[list[str]]:
    """As many at a time as an answer can have sources."""
    return [PAYLOADS[at : at + 10] for at in range(0, len(PAYLOADS), 10)]


def answer_of(texts: list[str], number: int) -> str:
    """A question to which the bot answers with these, in everything an answer can have."""
    labels = [text for text in texts if text in LABELS]
    form = {
        "kind": "form",
        "id": f"form{number}",
        "title": (labels or ["x"])[0],
        "submit": (labels or ["x"])[-1],
        "fields": [
            {"name": f"f{at}", "label": text, "type": "select", "options": [text]} for at, text in enumerate(labels)
        ],
    }
    parts = [{"kind": "quick_replies", "options": labels}, form] if labels else []
    sources = [{"title": text, "url": text, "passage": text} for text in texts]
    return "answer " + json.dumps({"text": "\n\n".join(texts), "parts": parts, "sources": sources})


def test_text_of_visitors_and_bots_never_runs(harmed):
    visitor = harmed()
    visitor.open()
    before = 0

    for number, texts in enumerate(batches()):
        visitor.page.evaluate("text => chatsession.send(text)", answer_of(texts, number))
        before += 2
        expect(visitor.messages).to_have_count(before)
        visitor.is_unharmed()

    assert visitor.chat.locator("article .form").count() > len(LABELS) // 10
    assert visitor.chat.locator(".sources").count() == before // 2
    visitor.page.reload()
    visitor.open()
    expect(visitor.messages).to_have_count(before)
    visitor.is_unharmed()


def test_words_of_people_and_their_names_never_run(harmed, served):
    visitor = harmed()
    visitor.open()
    visitor.say("Hello")

    for at in range(0, len(LABELS), 20):
        name = "\u202e".join(LABELS[at : at + 20])[:200]
        key = httpx.post(f"{served.base_url}/v1/demo/hire", json={"name": name}, trust_env=False).text
        with httpx.Client(base_url=served.base_url, headers={"Authorization": f"Bearer {key}"}, trust_env=False) as eve:
            session = f"/v1/sessions/{visitor.session}"
            assert eve.post(f"{session}/claim", json={}).is_success
            for text in LABELS[at : at + 20]:
                assert eve.post(f"{session}/messages", json={"text": text}).is_success
            expect(visitor.answers).to_have_count(1 + len(LABELS[: at + 20]))
            expect(visitor.chat.locator("h2")).to_have_text(name)
            visitor.is_unharmed()
            assert eve.post(f"{session}/return", json={}).is_success


def test_names_of_files_and_threads_never_run(harmed):
    visitor = harmed()
    visitor.open()
    visitor.say("Hello")

    for name in NAMES:
        file = {"name": f"{name}.txt", "mimeType": "text/plain", "buffer": b"x"}
        visitor.chat.locator("input[type=file]").set_input_files(file)
        expect(visitor.chat.locator(".file").filter(has_text=name)).to_be_visible()
    for text in LABELS[:30]:
        assert visitor.post("threads", {"title": text}).is_success, text
    expect(visitor.chat.locator(".topics")).to_contain_text(LABELS[29])

    visitor.is_unharmed()


def test_a_file_whose_name_is_markup_is_not_even_taken(harmed):
    visitor = harmed()
    visitor.open()
    visitor.say("Hello")

    file = {"name": f"{LABELS[3]}.txt", "mimeType": "text/plain", "buffer": b"x"}
    visitor.chat.locator("input[type=file]").set_input_files(file)

    expect(visitor.chat.get_by_text("characters that names do not have").last).to_be_visible()
    expect(visitor.chat.locator(".file")).to_have_count(0)
    visitor.is_unharmed()


def test_values_of_context_and_metadata_never_run(harmed):
    visitor = harmed("den")
    visitor.page.evaluate("void chatsession.destroy()")
    expect(visitor.chat).to_have_count(0)
    facts = {f"fact{at}": text for at, text in enumerate(LABELS[:30])}
    visitor.page.evaluate("facts => void chatsession.init({ inbox: 'den', metadata: facts })", facts)
    visitor.open()
    visitor.press("Agree and start")
    visitor.page.evaluate("note => chatsession.send('Hello', { note })", "\n".join(PAYLOADS)[:7_000])
    expect(visitor.messages).to_have_count(2)

    visitor.from_menu("What is remembered")

    expect(visitor.chat.locator(".memory")).to_contain_text("onerror")
    assert visitor.page.evaluate("chatsession.getState().then(({ session }) => session.metadata.fact3)") == LABELS[3]
    visitor.is_unharmed()


def test_settings_of_an_inbox_never_run_and_the_launcher_stays_where_it_is(harmed):
    visitor = harmed("den")
    before = visitor.launcher.bounding_box()

    visitor.open()
    expect(visitor.chat.locator(".consent")).to_contain_text("onerror")
    visitor.is_unharmed()
    visitor.press("Agree and start")
    visitor.say("Hello")
    visitor.press("More")
    visitor.is_unharmed()
    visitor.page.keyboard.press("Escape")
    visitor.press("Close chat")

    expect(visitor.launcher).to_be_visible()
    assert visitor.launcher.bounding_box() == before
    visitor.is_unharmed()


def test_the_witness_sees_what_it_should(harmed):
    """Else the tests above would show nothing."""
    visitor = harmed()

    visitor.page.evaluate("""() => {
      const root = document.querySelector('chat-session').shadowRoot
      const evil = document.createElement('div')
      evil.innerHTML = '<img src="//evil.example/x" onerror="alert(1)"><a href="javascript:alert(1)">x</a>'
      root.append(evil)
    }""")
    visitor.page.wait_for_function("window.__ran === 'alert'")

    assert len(visitor.page.evaluate(FOUND)["wrong"]) >= 3
    assert visitor.strangers == ["http://evil.example/x"]
