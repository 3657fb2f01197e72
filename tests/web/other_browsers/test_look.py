"""The chat looks right in Firefox and WebKit too: at a desk and on a phone, in both directions, and in the dark."""

from io import BytesIO

import pytest
from commands import until
from PIL import Image
from web.other_browsers.tab import COMPLAINTS, IN_CHAT, Tab
from web.other_browsers.webdriver import DESK
from web.site import Sheet, page_with, snippet

pytestmark = [pytest.mark.slow, pytest.mark.long]

MEASURE = """(chat) => {
  const boxes = (selector) => [...chat.querySelectorAll(selector)].map((node) => node.getBoundingClientRect());
  const input = chat.querySelector(".composer textarea");
  const [panel] = boxes(".panel"), [mine] = boxes(".row.me .bubble"), [theirs] = boxes(".row.them .bubble");
  const isOutside = ({ left, right, width }) =>
    width && (left < Math.max(panel.left, 0) || right > Math.min(panel.right, innerWidth));
  return {
    panel: [panel.width, panel.height],
    isMineAtTheEnd: mine.right > theirs.right,
    outside: [panel, ...boxes(".header *, .bubble, .composer *")].filter(isOutside).length,
    hidden: [document.documentElement.scrollWidth - innerWidth, input.scrollWidth - input.clientWidth],
  };
}"""
ARRIVED = "Promise.all(chat.querySelector('.panel').getAnimations().map(({ finished }) => finished))"
MEASURED = f"{IN_CHAT} return {ARRIVED}.then(() => ({MEASURE})(chat));"
LOG = f"{IN_CHAT} const log = chat.querySelector('[role=log]');"
IS_LONG = f"{LOG} return log.scrollHeight > log.clientHeight;"
PLACE = f"{LOG} const {{left, top, right, bottom}} = log.getBoundingClientRect(); return [left, top, right, bottom];"
BRIGHT = 180


@pytest.fixture
def languages(site, served):
    """An English page, and one with an Arabic chat."""
    for path, locale in (("/", "en"), ("/second", "ar")):
        site.sheets[path] = Sheet(page_with(COMPLAINTS + snippet(served.base_url, locale=locale)))
    return site.base_url, f"{site.base_url}/second"


@pytest.mark.parametrize("is_phone", [False, True], ids=["desk", "phone"])
def test_the_chat_fits_and_is_mirrored_for_who_reads_from_right_to_left(browser, languages, is_phone):
    english, arabic = languages
    tab = Tab(browser, english, browser.open_phone() if is_phone else browser.open_tab())
    tab.open()
    tab.say("Hello there")
    left_to_right = tab.run(MEASURED)

    tab.load(arabic)
    tab.open()
    until(lambda: tab.answers == 1, "the chat is there again")
    right_to_left = tab.run(MEASURED)

    assert left_to_right["isMineAtTheEnd"]
    assert not right_to_left["isMineAtTheEnd"]
    assert (
        left_to_right["panel"]
        == right_to_left["panel"]
        == tab.run("return arguments[0] ? [innerWidth, innerHeight] : [400, 680]", is_phone)
    )
    for each in (left_to_right, right_to_left):
        assert (each["outside"], each["hidden"]) == (0, [0, 0])
    assert tab.complaints == ""


def test_the_chat_is_dark_where_the_system_is(browser, languages):
    browser.restart(is_dark=True)
    browser.resize(*DESK)
    tab = Tab(browser, languages[0])
    tab.open()
    tab.say("Answer in Markdown")

    until(lambda: tab.run(IS_LONG), "there is more than fits")
    picture = Image.open(BytesIO(browser.picture())).convert("L").crop(tab.run(PLACE))

    assert sum(picture.histogram()[:BRIGHT]) > 0.9 * picture.width * picture.height
    assert tab.complaints == ""
