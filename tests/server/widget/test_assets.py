"""The built widget: for every page, kept for as long as its name says, and nothing but what was built."""

import re
from pathlib import Path

import pytest
from server.house import House, house, problem

from chatsession.server.options import ServerOptions
from chatsession.server.widget.assets import BUILT


async def test_the_loader_is_for_every_page_and_kept_for_a_short_time(served: House):
    answer = await served.nobody.get("/widget.js", headers={"Origin": "https://elsewhere.example"})

    assert answer.text == "window.chat = 1;"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]


async def test_whoever_has_it_is_not_sent_it_again(served: House):
    tag = (await served.nobody.get("/widget.js")).headers["etag"]

    again = await served.nobody.get("/widget.js", headers={"If-None-Match": f'"x", W/{tag}'})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("style-Dk3_x9Qa.css", "text/css; charset=utf-8"),
        ("locale/de.77aa01bc.json", "application/json; charset=utf-8"),
        ("font-00ff00ff.woff2", "font/woff2"),
    ],
)
async def test_what_is_named_by_its_content_is_kept_for_ever(served: House, name, media_type):
    answer = await served.nobody.get(f"/widget/{name}", headers={"Accept": "*/*"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


async def test_what_is_not_named_by_its_content_is_not(served: House):
    assert (await served.nobody.get("/widget/loader.js")).headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", b"br"), ("gzip", b"gzip"), ("br;q=0, gzip;q=0.5", b"gzip"), ("identity", None), ("br;q=0", None)],
)
async def test_what_was_packed_beforehand_is_sent_to_whoever_can_unpack_it(served: House, accepted, encoding):
    name = b"/widget/widget.4f9a2c81.js"
    head = b"GET %b HTTP/1.1\r\nHost: %b\r\nAccept-Encoding: %b\r\nConnection: close\r\n\r\n"

    answer = await served.raw(head % (name, served.host.encode(), accepted.encode()))

    top, _, body = answer.partition(b"\r\n\r\n")
    found = re.search(rb"content-encoding: (\w+)", top)
    assert (found and found[1]) == encoding
    assert body == {b"br": b"packed by brotli", b"gzip": b"packed by gzip", None: b"export const widget = 2;"}[encoding]
    assert b"vary: Accept-Encoding" in top
    assert b"content-type: text/javascript; charset=utf-8" in top


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js", "secret.key", ".hidden.js", "../outside.js", "..%2foutside.js", "%2e%2e/outside.js", "locale",
        "locale/../loader.js", "", "/etc/passwd", "%2fetc%2fpasswd", "a\\b.js", "x" * 200 + ".js", "loader.js%00.js",
    ],
)  # fmt: skip
async def test_nothing_else_can_be_had(served: House, name):
    answer = await served.raw(
        f"GET /widget/{name} HTTP/1.1\r\nHost: {served.host}\r\nConnection: close\r\n\r\n".encode()
    )

    assert re.match(rb"HTTP/1.1 (404|400) ", answer), answer[:100]
    assert b"outside" not in answer.partition(b"\r\n\r\n")[2]


async def test_where_nothing_is_built_it_is_said_how_to(tmp_path: Path):
    options = ServerOptions(turn_grace_seconds=0, widget_folder=str(tmp_path))
    async with house(options=options) as one:
        for path in ("/widget.js", "/widget/widget.4f9a2c81.js"):
            assert "make web" in problem(await one.nobody.get(path), 503, "not_built")["detail"]

        (tmp_path / "manifest.json").write_text('{"loader": "loader.js", "widget": "w.js"}')
        (tmp_path / "loader.js").write_text("built meanwhile")

        assert (await one.nobody.get("/widget.js")).text == "built meanwhile"


async def test_a_manifest_that_cannot_be_read_is_none(tmp_path: Path):
    (tmp_path / "manifest.json").write_text("{")
    async with house(options=ServerOptions(turn_grace_seconds=0, widget_folder=str(tmp_path))) as one:
        problem(await one.nobody.get("/widget.js"), 503, "not_built")


def test_by_itself_the_server_looks_where_the_build_writes():
    assert BUILT.parts[-3:] == ("chatsession", "server", "static")


async def test_a_page_that_is_nothing_but_a_chat(served: House):
    answer = await served.nobody.get("/chat/shop", headers={"Accept-Language": "de-AT,de;q=0.9"})

    policy = answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert '<html lang="de-AT">' in answer.text
    assert "<title>Help desk</title>" in answer.text
    assert 'inbox="shop"' in answer.text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", answer.text)


async def test_a_title_cannot_become_part_of_the_page():
    async with house(title="</title><script>alert(1)</script>") as one:
        page = (await one.nobody.get("/chat/shop")).text

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


async def test_an_inbox_that_is_not_there_has_no_page(served: House):
    problem(await served.nobody.get("/chat/nowhere"), 404, "not_found")
