"""The widget is in what is installed, whether or not there is Node.js, and nobody is left with a riddle."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 300
PARTS = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "src", "web", ".gitignore")
LEFT_OUT = shutil.ignore_patterns("static", "node_modules", "__pycache__", "tests")
NOWHERE = {"npm_config_registry": "http://127.0.0.1:9", "npm_config_fetch_retries": "0"}
"""Where no packages of npm's are."""
WITHOUT_NODE = {"PATH": str(Path(sys.executable).parent)}
AT_HAND = "--no-build-isolation"
"""What builds is not fetched into a place of its own, but taken from where `hatchling` put it."""

pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The source as git has it, with nothing built."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in PARTS:
        part = ROOT / name
        if part.is_dir():
            shutil.copytree(part, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy(part, folder / name)
    return folder


@pytest.fixture(scope="module")
def hatchling(tmp_path_factory) -> dict[str, str]:
    """What an environment needs to build with what is at hand."""
    site = tmp_path_factory.mktemp("hatchling")
    assert pip("install", "--target", site, "hatchling", "editables").returncode == 0
    return {"PYTHONPATH": str(site)}


def pip(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def wheel_of(source: Path, folder: Path, *options: str, **environment: str) -> list[str]:
    """Build a wheel; the files of the widget in it."""
    done = pip("wheel", "--no-deps", *options, "--wheel-dir", folder, source, **environment)
    assert done.returncode == 0, done.stderr
    names = zipfile.ZipFile(next(folder.glob("*.whl"))).namelist()
    return [name.rpartition("static/")[2] for name in names if "/server/static/" in name]


def test_an_install_from_a_checkout_has_the_widget_and_leaves_no_package_of_npm(checkout, tmp_path):
    files = wheel_of(checkout, tmp_path / "wheels")

    assert {"manifest.json", "loader.js", "demo/glassbox.js"} <= set(files)
    assert not list(checkout.rglob("node_modules"))


def test_an_install_without_node_brings_its_own(checkout, tmp_path):
    files = wheel_of(checkout, tmp_path / "wheels", **WITHOUT_NODE)

    assert "loader.js" in files


def test_an_install_from_the_source_package_needs_neither_node_nor_npm(checkout, tmp_path, hatchling):
    script = "import hatchling.build, sys; print(hatchling.build.build_sdist(sys.argv[1]))"
    subprocess.run(
        [sys.executable, "-c", script, tmp_path],
        cwd=checkout,
        env={**os.environ, **hatchling},
        check=True,
        timeout=SECONDS,
    )
    package = next(tmp_path.glob("*.tar.gz"))

    files = wheel_of(package, tmp_path / "wheels", **WITHOUT_NODE, **NOWHERE)

    assert {"manifest.json", "loader.js"} <= set(files)


def test_the_widget_can_be_left_out(checkout, tmp_path, hatchling):
    environment = {"CHATSESSION_SKIP_WEB": "1", **WITHOUT_NODE, **NOWHERE, **hatchling}

    files = wheel_of(checkout, tmp_path / "wheels", AT_HAND, **environment)

    assert files == []


def test_the_widget_can_be_built_elsewhere(checkout, tmp_path, hatchling):
    elsewhere = tmp_path / "built"
    elsewhere.mkdir()
    (elsewhere / "manifest.json").write_text("{}")

    environment = {"CHATSESSION_WEB_BUILT": str(elsewhere), **NOWHERE, **hatchling}
    files = wheel_of(checkout, tmp_path / "wheels", AT_HAND, **environment)

    assert files == ["manifest.json"]


def test_without_npms_packages_it_is_said_what_to_do(checkout, tmp_path, hatchling):
    done = pip("wheel", "--no-deps", AT_HAND, "--wheel-dir", tmp_path, checkout, **NOWHERE, **hatchling)

    assert done.returncode != 0
    for way_out in ("released package", "CHATSESSION_WEB_BUILT", "CHATSESSION_SKIP_WEB=1"):
        assert way_out in done.stderr


def test_an_editable_install_builds_nothing(checkout, tmp_path, hatchling):
    target = ("--target", tmp_path / "site")
    done = pip("install", "--no-deps", AT_HAND, *target, "--editable", checkout, **NOWHERE, **hatchling)

    assert done.returncode == 0, done.stderr
    assert not (checkout / "src" / "chatsession" / "server" / "static").exists()
