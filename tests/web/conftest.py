"""A real browser, a real server of ours, and a customer's site on another origin for the widget to stand in."""

import asyncio
from pathlib import Path

import pytest
from made_once import once
from playwright.sync_api import sync_playwright
from pytest_asyncio import is_async_test
from walking import CHROMIUM, WITHOUT_SUGGESTIONS, Walk
from web.gallery import Gallery, build
from web.serving_process import Served
from web.site import Sheet, Site, page_with, snippet
from web.visitor import Visitor

HERE = Path(__file__).parent
LOOP = pytest.StashKey[asyncio.AbstractEventLoop]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Show Playwright's loop, which never rests, to the tests of browsers alone: others have loops of their own."""
    if item.path.is_relative_to(HERE) and not is_async_test(item):
        asyncio._set_running_loop(item.config.stash.get(LOOP, None))
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def playwright(request):
    """Started once, as is all that outlives a test here: most tests take less time than a browser's start."""
    with sync_playwright() as running:
        request.config.stash[LOOP] = asyncio.get_running_loop()
        yield running
        # The last test may have been one of others.
        asyncio._set_running_loop(request.config.stash[LOOP])


@pytest.fixture(scope="session")
def running_chromium(playwright):
    """It ends with Playwright."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[WITHOUT_SUGGESTIONS])


@pytest.fixture(scope="module")
def chromium(running_chromium):
    """A browser in which the tests before have left nothing: each has contexts of its own."""
    yield running_chromium
    for left in running_chromium.contexts:
        left.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """One server for all: each visitor in a context of his own has a session of his own."""
    server = Served(tmp_path_factory.mktemp("served"), is_for_all=True)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def served_by_itself(tmp_path_factory):
    """A server for the tests of a file that move its clock; such a file says that this is its `served`."""
    server = Served(tmp_path_factory.mktemp("served"))
    yield server
    server.stop()


@pytest.fixture
def own_served(tmp_path):
    """A server of this test's own: to be killed, to have its clock moved, or because everything on it is counted."""
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
    pages = Gallery(once(tmp_path_factory.getbasetemp(), "gallery", build))
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
