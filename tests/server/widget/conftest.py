"""A server with a widget for each file of tests: files are taken. Its visitors are those of the folder above."""

import json
from pathlib import Path

import pytest
import pytest_asyncio
from server.house import house

from chatsession.server.options import ServerOptions
from chatsession.stores.disk import DiskFiles
from chatsession.widget import Consent, FilesAllowed, RatingAsk, Widget

HERE = Path(__file__).parent
TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain", "text/csv")
WIDGET = Widget(
    bot_name="Ada",
    launcher_label="Ask us",
    privacy_link="/privacy",
    consent=Consent(text="We keep this chat for 30 days."),
    starters=("Where is my order?",),
    rating=RatingAsk(ask_on=("visitor",), comment=False),
    files=FilesAllowed(types=TYPES, bytes_max=64 * 1024, per_session_max=3),
    texts={"de": {"greeting": "Grüß Gott"}},
    remember={"order": {"en": "Your order"}},
)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """What a build of the widget leaves behind."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "locale").mkdir()
    files = {
        "manifest.json": json.dumps({"loader": "loader.js", "widget": "widget.4f9a2c81.js"}),
        "loader.js": "window.chat = 1;",
        "widget.4f9a2c81.js": "export const widget = 2;",
        "widget.4f9a2c81.js.gz": "packed by gzip",
        "widget.4f9a2c81.js.br": "packed by brotli",
        "style-Dk3_x9Qa.css": "a { color: red }",
        "locale/de.77aa01bc.json": '{"open": "Öffnen"}',
        "font-00ff00ff.woff2": "font",
        "secret.key": "not for anybody",
        ".hidden.js": "nor this",
    }
    for name, content in files.items():
        (folder / name).write_text(content)
    (folder.parent / "outside.js").write_text("outside")
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(tmp_path_factory, built: Path):
    """A server with everything switched on."""
    files = DiskFiles(tmp_path_factory.mktemp("data") / "files")
    options = ServerOptions(turn_grace_seconds=0, widget_folder=str(built), upload_seconds_max=30)
    shop = {"title": "Help desk", "widget": WIDGET, "origins": ("https://shop.example",)}
    async with house(*["Hi, how can I help?"] * 1_000, options=options, files=files, **shop) as one:
        yield one


def pytest_collection_modifyitems(items) -> None:
    """Run the tests of one file in one loop, the one its server is in."""
    for item in items:
        if item.path.parent == HERE and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)
