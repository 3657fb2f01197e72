"""What a visitor waits for stays light: `make web` and this test refuse what is not."""

import json
import os
from pathlib import Path

import pytest
from web.node import program

BUILT = Path(__file__).parents[2] / "src" / "chatsession" / "server" / "static"


def weighed(folder: Path):
    return program("size.mjs", str(folder))


@pytest.fixture
def built(tmp_path):
    """A build of a loader and a widget that weigh, after packing, about so many bytes."""

    def build(loader: int, widget: int) -> Path:
        # Bytes of chance cannot be packed.
        (tmp_path / "loader.js").write_bytes(os.urandom(loader))
        (tmp_path / "widget.js").write_bytes(os.urandom(widget))
        manifest = {"loader": "loader.js", "widget": "widget.js", "startup": ["loader.js", "widget.js"], "running": []}
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
        return tmp_path

    return build


def test_the_widget_as_it_is_built_is_light_enough():
    done = weighed(BUILT)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("loader", "widget", "mistake"),
    [(2_000, 100, "The loader has "), (1_000, 14_000, "The start-up files have ")],
    ids=["a heavy loader", "heavy together"],
)
def test_what_is_too_heavy_is_refused_and_named(built, loader, widget, mistake):
    done = weighed(built(loader, widget))

    assert done.returncode == 1
    assert mistake in done.stderr


def test_what_is_just_light_enough_is_not(built):
    done = weighed(built(1_900, 13_000))

    assert done.returncode == 0
    assert "leave out what few visitors need" in done.stderr
