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
    """A build of a loader, a widget and its panel that weigh, after packing, about so many bytes."""

    def build(**sizes: int) -> Path:
        for name, size in sizes.items():
            # Bytes of chance cannot be packed.
            (tmp_path / f"{name}.js").write_bytes(os.urandom(size))
        startup, opening = ["loader.js", "widget.js"], ["panel.js"]
        manifest = {"loader": "loader.js", "startup": startup, "opening": opening, "running": []}
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
        return tmp_path

    return build


def test_the_widget_as_it_is_built_is_light_enough():
    done = weighed(BUILT)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("loader", "widget", "panel", "mistake"),
    [
        (2_000, 100, 100, "The loader has "),
        (1_000, 10_000, 100, "The start-up files have "),
        (1_000, 8_000, 6_000, "An opened chat has "),
    ],
    ids=["a heavy loader", "heavy together", "heavy to open"],
)
def test_what_is_too_heavy_is_refused_and_named(built, loader, widget, panel, mistake):
    done = weighed(built(loader=loader, widget=widget, panel=panel))

    assert done.returncode == 1
    assert mistake in done.stderr


def test_what_is_just_light_enough_is_not(built):
    done = weighed(built(loader=1_900, widget=9_000, panel=4_000))

    assert done.returncode == 0
