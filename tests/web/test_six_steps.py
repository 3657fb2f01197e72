"""The demo's promise, from the outside: a real server, a real browser, and a chat that outlives whatever happens."""

import re

import pytest
from commands import Server, Shell
from playwright.sync_api import expect
from walking import STEPS

pytestmark = pytest.mark.slow


@pytest.fixture
def own_demo(tmp_path):
    shell = Shell(tmp_path)
    yield Server(shell, "demo")
    shell.end()


@pytest.fixture
def walk(walking, own_demo):
    return walking(own_demo)


def events(walk) -> list[dict]:
    with walk.demo.admin() as admin:
        (session,) = admin.get("/v1/sessions").json()["sessions"]
        return admin.get(f"/v1/sessions/{session['id']}/events").json()["events"]


def test_the_six_steps_tick_themselves_off_and_one_session_holds_them_all(walk):
    walk.open_chat()
    assert walk.ticked() == []

    walk.say("How long does delivery to Austria take?")
    walk.wait_for("ask")

    walk.go("A jumper")
    walk.open_chat()
    expect(walk.chat).to_contain_text("How long does delivery to Austria take?")
    walk.say("And to Norway?")
    walk.wait_for("page")

    walk.press("Close the tab")
    walk.press("Open the shop again")
    walk.open_chat()
    expect(walk.chat).to_contain_text("And to Norway?")
    walk.say("Can I return socks?")
    walk.wait_for("tab")

    walk.press("Skip to the warning")
    walk.answer_chat("Keep chatting")
    walk.wait_for("keep")

    walk.press("Skip to the closing")
    walk.answer_chat("Continue this chat")
    walk.wait_for("resume")
    assert walk.ticked() == list(STEPS[:-1])

    walk.write("How do I wash a Grat jumper?")
    expect(walk.page.locator(".live")).to_be_visible()
    walk.demo.kill()
    expect(walk.page.locator(".link")).to_have_text("server gone")
    restart = walk.page.locator(".hint .command code").inner_text()
    assert str(walk.demo.port) in restart
    walk.demo.start(walk.demo.port)
    walk.wait_for("kill")
    assert walk.ticked() == list(STEPS)

    said = [each for each in events(walk) if each["type"] == "message_posted"]
    assert [each["author"]["kind"] for each in said] == ["visitor", "bot"] * 4
    expect(walk.chat.get_by_text(said[-1]["text"].splitlines()[0].removeprefix("• ")).first).to_be_visible()


def test_the_glass_box_shows_what_the_service_may_see_and_the_shop_knows_nothing_of_it(walk):
    walk.open_chat()
    walk.say("How long does delivery to Austria take?")

    page = walk.page
    expect(page.get_by_role("img", name="Now: open, the bot answers, it waits for the visitor")).to_be_visible()
    expect(page.locator(".clock")).to_contain_text("idle_timeout")
    expect(page.locator(".turn")).to_contain_text("Standard delivery by country")
    expect(page.locator(".turn .shown")).to_contain_text("How long does delivery to Austria take?")
    last = page.locator(".events li").last
    last.locator("summary").click()
    expect(last.locator("pre")).to_contain_text('"type": "turn_answered"')
    shop = page.frame(name="shop")
    assert (
        shop.evaluate("Object.values({...localStorage, ...sessionStorage}).filter(text => text.includes('key_'))") == []
    )
    assert "key_" not in shop.content()


def test_the_clock_counts_down_by_the_servers_time(walk):
    walk.open_chat()
    walk.say("How long does delivery to Austria take?")

    walk.page.get_by_role("button", name="Nearly too late").click()
    expect(walk.page.locator(".hint")).to_contain_text("moves the clock of the whole demo ahead")
    expect(walk.page.locator(".ahead")).to_be_hidden()
    walk.press("Skip to the warning")

    expect(walk.page.locator(".clock .left")).to_have_text(re.compile(r"^0:[0-5]\d$"))
    expect(walk.chat).to_contain_text("This chat ends in")
    expect(walk.page.locator(".ahead")).to_have_text(
        re.compile(r"^The demo’s clock shows \d\d:\d\d:\d\d: it was skipped (1 min|2 min) .*ahead of yours\.$")
    )


def test_the_page_outlives_the_server_and_brings_the_shop_back(walk):
    walk.demo.kill()
    expect(walk.page.get_by_text("The server does not answer.")).to_be_visible()
    walk.page.get_by_role("link", name="Cart", exact=True).click()
    expect(walk.chat).to_have_count(0)

    walk.demo.start(walk.demo.port)

    expect(walk.page.get_by_text("The server does not answer.")).to_be_hidden()
    expect(walk.chat.locator(".launcher")).to_be_visible()


def test_a_glass_box_without_the_key_asks_for_it_and_shows_nothing(chromium, own_demo):
    context = chromium.new_context(extra_http_headers={"X-Forwarded-For": "203.0.113.9"})
    page = context.new_page()
    page.goto(f"{own_demo.base_url}/glass")
    field = page.get_by_label("Agent’s key")

    field.fill("key_nobodys")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.locator(".link")).to_have_text("key refused")
    field.fill(own_demo.keys["agent"])
    page.get_by_role("button", name="Open", exact=True).click()

    expect(page.locator(".link")).to_have_text("waiting for a chat")
    context.close()
