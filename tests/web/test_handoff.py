"""A person takes part: offered, waited for, there, writing, seen, and gone again."""

import re

import pytest
from playwright.sync_api import expect
from web.agent import Agent
from web.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def agent(served, talker) -> Agent:
    """An agent who looks at the visitor's chat, and has not spoken yet."""
    return Agent(served, talker.session)


def notices(visitor):
    return visitor.transcript.locator(".notice span")


def status(visitor):
    return visitor.chat.locator(".header .status")


def test_who_takes_over_while_the_bot_writes_cuts_it_off_in_every_tab(served, site, context, talker, agent):
    other = Visitor(context.new_page(), f"{site.base_url}/second")
    other.open()
    talker.write("Talk for ever")
    for tab in (talker, other):
        expect(tab.transcript).to_contain_text("word3")

    agent.claims()

    for tab in (talker, other):
        expect(notices(tab).last).to_have_text("agent joined the chat")
        expect(notices(tab).nth(-2)).to_have_text("The bot did not finish its answer.")
        expect(tab.transcript).not_to_contain_text("word3")
        expect(tab.transcript.locator(".dots")).to_be_hidden()
        expect(tab.button("Stop answering")).to_be_hidden()
        expect(tab.button("Ask again")).to_be_hidden()
        expect(status(tab)).to_have_text("A person is answering")
    agent.says("Carla here")
    for tab in (talker, other):
        expect(tab.answers.last).to_contain_text("Carla here")
        expect(tab.messages).to_have_count(4)


def test_a_person_is_offered_waited_for_comes_answers_and_leaves(talker, agent):
    talker.say("Answer with a person")
    expect(talker.chat.locator(".offer")).to_contain_text("Would you like to talk to a person?")

    talker.press("Talk to a person")
    expect(status(talker)).to_have_text("Waiting for a person")
    expect(talker.chat.locator(".offer")).to_contain_text("A person will join here. You can keep writing meanwhile.")
    agent.claims()
    expect(talker.chat.locator(".offer")).to_be_hidden()
    agent.says("I am here")
    expect(talker.answers.last).to_contain_text("I am here")
    talker.write("Thank you")
    agent.hands_back()

    expect(notices(talker)).to_have_text(
        ["A person was asked to join", "agent joined the chat", "The bot answers again"]
    )
    expect(status(talker)).to_have_text("The bot answers")
    talker.say("And you?")
    expect(talker.answers.last).to_contain_text("You said: And you?")


def test_who_declines_a_person_is_not_asked_again_at_once(talker):
    talker.say("Answer with a person")

    talker.press("Not now")

    expect(talker.chat.locator(".offer")).to_be_hidden()
    expect(status(talker)).to_have_text("The bot answers")
    talker.say("Never mind")
    expect(talker.chat.locator(".offer")).to_be_hidden()


@pytest.mark.parametrize(
    ("choice", "floor"),
    [("Keep waiting", "queue"), ("Go on with the bot", "bot"), ("Leave a message", "queue")],
)
def test_who_waits_in_vain_hears_the_truth_and_chooses(served, talker, choice, floor):
    served.adopt(talker.session, queue_wait="1s", queue_offers_max=60)
    talker.from_menu("Talk to a person")
    expect(talker.chat.locator(".offer")).to_contain_text(
        re.compile(r"Nobody is free yet\. You have waited \d+ second")
    )
    served.adopt(talker.session, queue_wait="10m")

    talker.press(choice)

    expect(talker.button(choice)).to_be_hidden()
    match choice:
        case "Keep waiting":
            expect(talker.chat.locator(".offer")).to_contain_text("A person will join here.")
        case "Go on with the bot":
            talker.say("Then you")
            expect(talker.answers.last).to_contain_text("You said: Then you")
        case "Leave a message":
            expect(notices(talker).last).to_contain_text("Your message was left.")
    with served.client() as admin:
        assert admin.get(f"/v1/sessions/{talker.session}").json()["floor"] == floor


def test_an_agents_typing_is_shown_and_goes_by_itself(talker, agent):
    agent.claims()
    expect(status(talker)).to_have_text("A person is answering")

    agent.types()

    dots = talker.transcript.locator(".dots")
    expect(dots).to_be_visible()
    expect(talker.transcript).to_contain_text("agent is writing")
    expect(dots).to_have_count(0)


def test_what_an_agent_said_behind_a_closed_panel_is_counted_until_it_is_seen(talker, agent):
    title = talker.page.title()
    agent.claims()
    talker.page.keyboard.press("Escape")

    agent.says("Are you there?")
    agent.says("It is ready")
    expect(talker.launcher.locator(".badge")).to_have_text("2")
    expect(talker.launcher).to_have_accessible_name("Open chat, 2 unread messages")
    expect(talker.page).to_have_title(f"(2) {title}")
    talker.page.reload()
    expect(talker.launcher.locator(".badge")).to_have_text("2")
    talker.open()

    expect(talker.launcher.locator(".badge")).to_be_hidden()
    expect(talker.page).to_have_title(title)


def test_a_visitor_sees_when_an_agent_has_read_what_they_wrote(served, talker, agent):
    agent.claims()
    talker.write("Have you got it?")
    mine = talker.transcript.locator("article.me").last
    expect(mine).to_contain_text("Have you got it?")
    expect(mine.locator("time")).to_be_visible()
    expect(mine).not_to_contain_text("Seen")

    agent.reads(served.events(talker.session)[-1]["seq"])

    expect(mine).to_contain_text("Seen")
