"""Each test twice: in Firefox, and in WebKit. A site of its own for each test makes its visitor somebody new."""

import pytest
from web.other_browsers.firefox import Firefox
from web.other_browsers.tab import COMPLAINTS, Tab
from web.other_browsers.webdriver import DESK
from web.other_browsers.webkit import WebKit
from web.site import Sheet, Site, page_with, snippet


@pytest.fixture(scope="module", params=[Firefox, WebKit], ids=["firefox", "webkit"])
def started(request, tmp_path_factory):
    """One browser for the tests of a file."""
    browser = request.param(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.quit()


@pytest.fixture
def browser(started):
    """With nothing but an empty tab, in daylight, at the size of a desk."""
    if started.is_dark:
        started.restart()
    started.resize(*DESK)
    yield started
    kept, *others = started.tabs()
    for each in others:
        started.close(each)
    started.show(kept)
    started.load("about:blank")


@pytest.fixture
def site(request):
    """Two pages of a customer's with the widget on each, which keep what goes wrong on them."""
    own = "own_served" in request.fixturenames
    server = request.getfixturevalue("own_served" if own else "served")
    tag = COMPLAINTS + snippet(server.base_url)
    here = Site({"/": Sheet(page_with(tag)), "/second": Sheet(page_with(tag, "Another page"))})
    yield here
    here.stop()


@pytest.fixture
def tab(browser, site) -> Tab:
    """The customer's first page, the chat still closed."""
    return Tab(browser, site.base_url)
