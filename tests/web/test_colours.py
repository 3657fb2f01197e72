"""The colours of the widget: the page's word first, then the inbox's, then what follows from either, then its own."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from web.site import Sheet, page_with, snippet
from web.visitor import Visitor

from chatsession.widget import DARK, LIGHT

VIEWS = Path(__file__).parents[2] / "web" / "widget" / "views"
GREEN, PINE = "rgb(10, 125, 79)", "rgb(47, 100, 85)"


def defaults_of(block: str) -> dict[str, str]:
    """The last resort of each colour: what stands where neither page nor inbox says anything."""
    found = re.findall(r"^  --([\w-]+): var\(.*?(#\w+)\)*;$", block, re.MULTILINE)
    return {name.replace("-", "_"): colour for name, colour in found}


@pytest.mark.parametrize(("start", "colours"), [(".frame {", LIGHT), ('.frame[data-scheme="dark"] {', DARK)])
def test_the_widgets_own_colours_are_those_that_are_checked_for_contrast(start, colours):
    css = (VIEWS / "frame.css").read_text()

    drawn = defaults_of(css.split(f"\n{start}\n")[1].split("\n}")[0])

    accent = {"me": drawn["primary"], "on_me": drawn["on_primary"]}
    whole = {name: re.sub(r"#(.)(.)(.)$", r"#\1\1\2\2\3\3", colour) for name, colour in (accent | drawn).items()}
    assert whole == {name: getattr(colours, name) for name in colours.__struct_fields__}


def bubble(page: Page, inbox: str, server: str, site, **options: str):
    """The colour of what the visitor said, in the dark."""
    site.sheets["/coloured"] = Sheet(page_with(snippet(server, inbox, theme="dark", **options)))
    visitor = Visitor(page, f"{site.base_url}/coloured")
    visitor.open()
    visitor.say("Hello")
    return visitor.transcript.locator(".me .bubble").last


@pytest.mark.slow
def test_an_accent_of_the_page_colours_the_visitors_words_where_the_inbox_says_nothing(context, served, site):
    said = bubble(context.new_page(), "shop", served.base_url, site, primary="#0a7d4f")

    expect(said).to_have_css("background-color", GREEN)
    expect(said).to_have_css("color", "rgb(255, 255, 255)")


@pytest.mark.slow
def test_the_inboxes_own_colour_of_the_visitors_words_goes_before_an_accent_of_the_page(context, served, site):
    said = bubble(context.new_page(), "bank", served.base_url, site, primary="#f0e0a0")

    expect(said).to_have_css("background-color", PINE)
    expect(said).to_have_css("color", "rgb(255, 255, 255)")
    said.page.locator("chat-session").evaluate("host => host.style.setProperty('--cs-me', '#0a7d4f')")
    expect(said).to_have_css("background-color", GREEN)
