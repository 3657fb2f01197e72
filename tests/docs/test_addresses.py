"""Every address that the pages name is one the server answers, by that method."""

import re
from pathlib import Path

import pytest

from chatsession.server.routes import ROUTES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMED = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) (/[\w/{}.*-]*[\w}])")
SHORTENED = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) …(/[\w/{}-]+)")
ANSWERED = {
    (method, re.sub(r"\{[^}]*\}", "{}", path))
    for group in ROUTES.values()
    for handler in group
    for path in handler.paths
    for method in handler.http_methods
}


def unknown(text: str) -> set[str]:
    """What a text names and the server does not answer; "…" stands for any beginning."""
    named = {(method, re.sub(r"\{[^}]*\}", "{}", path)) for method, path in NAMED.findall(text)}
    ends = {
        (method, end)
        for method, end in SHORTENED.findall(text)
        if not any(one == method and path.endswith(end) for one, path in ANSWERED)
    }
    return {f"{method} {path}" for method, path in (named - ANSWERED) | ends}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_address_of_a_page_is_answered(page):
    assert unknown(page.read_text()) == set()


def test_an_address_that_is_not_answered_is_found():
    """The check must be able to fail."""
    text = "GET /v1/sessions/{id}, DELETE /v1/sessions/{id}, POST …/typing, POST …/shouting, `GET /v1/wishes`"

    assert unknown(text) == {"DELETE /v1/sessions/{}", "POST /shouting", "GET /v1/wishes"}
