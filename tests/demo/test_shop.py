import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag

import pytest

from chatsession.demo.catalogue import read_catalogue
from chatsession.demo.inboxes import shop_folder

PRODUCTS = [f"/products/{slug}" for slug in read_catalogue()]
DOCUMENTS = [file.read_text() for file in sorted(shop_folder().rglob("*.md"))]
HELP = {re.search(r"^url: (\S+)$", text, re.MULTILINE).group(1): text for text in DOCUMENTS}
PAGES = ["/", "/cart", "/help", *PRODUCTS, *HELP]


class Markup(HTMLParser):
    """What a page is made of: its elements with their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data

    def all(self, attribute: str) -> list[str]:
        return [found[attribute] for _, found in self.elements if found.get(attribute)]


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text)


async def page(shop, path: str) -> Markup:
    answer = await shop.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["content-type"].startswith("text/html")
    return Markup(answer.text)


def test_the_shop_is_believable():
    assert len(PRODUCTS) >= 4
    assert len(HELP) >= 39


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_has_the_chat_by_the_tag_that_users_paste(shop, path):
    markup = await page(shop, path)

    scripts = [found for tag, found in markup.elements if tag == "script"]
    assert {"src": "/widget.js", "data-inbox": "support", "async": None} in scripts


@pytest.mark.parametrize("path", [*PAGES, "/demo", "/glass"])
async def test_every_page_runs_and_loads_its_own_files_alone(shop, path):
    answer = await shop.get(path)

    policy = answer.headers["content-security-policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in policy
    for tag, found in Markup(answer.text).elements:
        assert tag != "style"
        assert tag != "script" or found.get("src"), "an inline script"
        assert not [name for name in found if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action"):
            assert re.match(r"[/#]|mailto:|$", found.get(name) or ""), found


@pytest.mark.parametrize("path", [*PAGES, "/demo", "/glass"])
async def test_every_link_picture_and_style_leads_somewhere(shop, path):
    markup = await page(shop, path)
    wanted = {urldefrag(link).url for link in markup.all("href") + markup.all("src")} - {""}

    # What the web build makes is proved where it is built.
    answers = {link: await shop.get(link) for link in wanted if not link.endswith(".js")}

    assert {link: answer.status_code for link, answer in answers.items() if answer.status_code != 200} == {}
    anchors = [link[1:] for link in markup.all("href") if link.startswith("#")]
    assert set(anchors) <= set(markup.all("id"))


@pytest.mark.parametrize(("path", "text"), HELP.items(), ids=HELP)
async def test_a_help_page_says_what_its_document_says(shop, path, text):
    markup = await page(shop, path)

    body = re.sub(r"<!--.*?-->", "", text.split("---\n", 2)[2], flags=re.DOTALL)
    said = " ".join(words_of(markup.words))
    for line in body.splitlines():
        shown = re.sub(r"\]\([^)]*\)", "]", line)
        if not re.fullmatch(r"[-|:\s]*", line):
            assert " ".join(words_of(re.sub(r"^\d+\. ", "", shown))) in said, line
    assert "**" not in markup.words
    assert "](" not in markup.words
    assert "<!--" not in markup.words


@pytest.mark.parametrize("path", PRODUCTS)
async def test_a_product_can_be_put_into_the_cart_in_each_of_its_sizes(shop, path):
    product = read_catalogue()[path.rpartition("/")[2]]

    markup = await page(shop, path)

    sizes = [found["value"] for tag, found in markup.elements if tag == "input" and found.get("name") == "size"]
    assert tuple(sizes) == product.sizes
    assert product.looks in markup.all("alt")
    assert f"€{product.euros}" in markup.words


async def test_the_shop_sets_no_cookie(shop):
    for path in PAGES:
        assert "set-cookie" not in (await shop.get(path)).headers


@pytest.mark.parametrize("path", ["/help/nothing", "/products/nothing", "/help/%3Cscript%3E"])
async def test_what_is_not_there_is_said_on_a_page_with_the_chat(shop, path):
    answer = await shop.get(path)

    assert answer.status_code == 404
    assert "nothing at this address" in answer.text
    assert "/widget.js" in answer.text


async def test_an_address_that_nobody_has_is_a_page_for_people_and_a_problem_for_programs(shop):
    seen = await shop.get("/nothing/here", headers={"Accept": "text/html,*/*;q=0.8"})
    called = await shop.get("/v1/nothing")

    assert (seen.status_code, called.status_code) == (404, 404)
    assert "nothing at this address" in seen.text
    assert called.json()["code"] == "not_found"


async def test_a_framed_shop_does_not_speak_of_the_glass_box(shop):
    alone = await shop.get("/", headers={"Sec-Fetch-Dest": "document"})
    framed = await shop.get("/", headers={"Sec-Fetch-Dest": "iframe"})

    assert 'href="/glass"' in alone.text
    assert 'href="/glass"' not in framed.text
    assert "Sec-Fetch-Dest" in alone.headers["vary"]


async def test_a_file_that_is_known_is_not_sent_again(shop):
    first = await shop.get("/demo/assets/shop.css")
    again = await shop.get("/demo/assets/shop.css", headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["content-type"].startswith("text/css")
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.css", "../pages.py", "%2e%2e/pages.py", "pictures", ""])
async def test_only_the_files_that_are_meant_are_served(shop, name):
    answer = await shop.get(f"/demo/assets/{name}")

    assert answer.status_code == 404


async def test_pictures_are_drawings_that_load_and_run_nothing(shop):
    for path in sorted((Path(shop_folder()).parent / "assets" / "pictures").glob("*.svg")):
        answer = await shop.get(f"/demo/assets/pictures/{path.name}")

        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert not re.search(r"<script|href=|style=|url\((?!#)", answer.text)
        assert len(answer.content) < 10_000
