"""A real browser, a real server of ours, and a customer's site on another origin for the widget to stand in."""

import pytest
from playwright.sync_api import sync_playwright
from walking import CHROMIUM, Walk
from web.gallery import Gallery
from web.serving_process import Served
from web.site import Sheet, Site, page_with, snippet
from web.visitor import Visitor


@pytest.fixture(scope="module")
def playwright():
    """Until the file ends: its loop would be in the way of tests that have one of their own."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def chromium(playwright):
    browser = playwright.chromium.launch(executable_path=CHROMIUM)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """One server for the tests of a file: each visitor in a context of his own has a session of his own."""
    server = Served(tmp_path_factory.mktemp("served"))
    yield server
    server.stop()


@pytest.fixture
def own_served(tmp_path):
    """A server of this test's own, to be killed, or to have its clock moved."""
    server = Served(tmp_path / "served")
    yield server
    server.stop()


@pytest.fixture
def site(request):
    """Two pages of a customer's with the widget on each; tests add their own to `sheets`."""
    own = "own_served" in request.fixturenames
    server = request.getfixturevalue("own_served" if own else "served")
    tag = snippet(server.base_url)
    sheets = {"/": Sheet(page_with(tag)), "/second": Sheet(page_with(tag, "Another page"))}
    here = Site(sheets)
    yield here
    here.stop()


@pytest.fixture
def context(chromium):
    """A browser of somebody who was never here: nothing stored, desk-sized."""
    fresh = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield fresh
    fresh.close()


@pytest.fixture
def visitor(context, site) -> Visitor:
    """A visitor on the customer's first page, the chat still closed."""
    return Visitor(context.new_page(), site.base_url)


@pytest.fixture(scope="session")
def gallery(tmp_path_factory):
    """Built once: it never changes while tests run."""
    pages = Gallery(tmp_path_factory.mktemp("gallery"))
    yield pages
    pages.stop()


@pytest.fixture(scope="module")
def viewer(chromium):
    """A page for looking at the gallery: nothing moves, and axe, a script of its own, is let in."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce", bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def talker(visitor) -> Visitor:
    """A visitor whose question was answered."""
    visitor.open()
    visitor.say("Hello")
    return visitor


@pytest.fixture
def walking(chromium):
    """Sits down at a desk in front of a demo's glass box."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    yield lambda demo: Walk(context.new_page(), demo)
    context.close()
