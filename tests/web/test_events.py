"""Every event of the guide reaches the page twice: who listens by `on`, and as an event of the DOM."""

import re
from pathlib import Path

import pytest
from web.site import Sheet, page_with, snippet
from web.visitor import Visitor

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "embed-the-widget.md").read_text()
LISTENING = """<script>
window.chatsession ??= {{ q: [] }}
window.heard = [], window.seen = []
for (const name of {0}) {{
  chatsession.q.push(["on", name, detail => heard.push([name, JSON.stringify(detail)])])
  addEventListener(`chat:${{name}}`, event => seen.push([name, JSON.stringify(event.detail)]))
}}
</script>"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(served_by_itself):
    return served_by_itself


def events_of_the_guide() -> list[str]:
    table = re.search(r"^## Events\n(.*?)(?=^## )", GUIDE, re.MULTILINE | re.DOTALL).group(1)
    rows = [row.split(" | ")[0] for row in table.splitlines() if row.startswith("| `")]
    return re.findall(r"`([a-z.]+)`", "".join(rows))


class Listener(Visitor):
    """A page that hears everything, from before the chat is there."""

    def hears(self, name: str) -> dict:
        """Wait for an event that was not heard yet; what it tells."""
        self.page.wait_for_function("name => heard.some(([each]) => each === name)", arg=name)
        found = self.page.evaluate("name => heard.filter(([each]) => each === name).at(-1)[1]", name)
        return self.page.evaluate("JSON.parse", found) if found else {}


@pytest.fixture
def listener(context, site, own_served) -> Listener:
    tag = snippet(own_served.base_url, "desk")
    site.sheets["/own"] = Sheet(page_with(LISTENING.format(events_of_the_guide()) + tag))
    return Listener(context.new_page(), f"{site.base_url}/own")


def go_through_everything(listener: Listener, served) -> None:
    """From the first look to a chat that is resumed, with a person, a warning and a mistake on the way."""
    page = listener.page
    listener.launcher.click()
    listener.press("Agree and start")
    listener.say("Hello")
    session = listener.session
    assert listener.hears("session.started") == {"id": session, "period": 1}
    assert listener.hears("message")["text"] == "You said: Hello"
    page.evaluate("chatsession.setContext({ ['k'.repeat(100)]: 1 })")
    assert listener.hears("error")["status"] == 422
    page.evaluate("chatsession.send('x'.repeat(16_001))")
    assert len(listener.hears("message.failed")["text"]) == 16_001
    warn(listener, served, session)
    talk_to_a_person(listener, served, session)
    page.evaluate("chatsession.open().then(() => chatsession.end())")
    assert listener.hears("session.closed")["reason"] == "visitor"
    listener.chat.locator(".score label").nth(4).click()
    listener.chat.locator(".rating .main").click()
    assert listener.hears("csat")["score"] == 5
    listener.write("One more thing")
    assert listener.hears("session.resumed") == {"id": session, "period": 2}


def warn(listener: Listener, served, session: str) -> None:
    served.skip(session, "warning")
    assert listener.hears("timeout.warning")["closes_at"]
    listener.chat.locator(".warning button").click()
    listener.hears("timeout.extended")


def talk_to_a_person(listener: Listener, served, session: str) -> None:
    listener.from_menu("Talk to a person")
    listener.hears("handoff.requested")
    listener.hears("handoff.queued")
    with served.client("agent") as agent:
        claimed = agent.post(f"/v1/sessions/{session}/claim", json={})
        assert claimed.is_success, claimed.text
        listener.hears("handoff.joined")
        listener.page.evaluate("chatsession.close()")
        said = agent.post(f"/v1/sessions/{session}/messages", json={"text": "I am here", "client_id": "a1"})
        assert said.is_success, said.text
    assert listener.hears("unread") == {"count": 1}


def test_every_event_of_the_guide_is_heard_and_seen_with_the_same_words(listener, own_served):
    go_through_everything(listener, own_served)

    heard, seen = listener.page.evaluate("[heard, seen]")
    assert {name for name, _ in heard} == set(events_of_the_guide())
    assert heard == seen


def test_a_listener_that_fails_is_the_pages_own_trouble(listener):
    listener.page.evaluate("void chatsession.on('open', () => { throw new Error('of the page') })")

    listener.launcher.click()

    listener.hears("open")
    assert listener.complaints == ["of the page"]
    listener.press("Agree and start")
    listener.say("And the chat goes on")
