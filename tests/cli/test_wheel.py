"""What is built and installed is what was tested: the wheel, in an empty folder, without the checkout."""

import subprocess
import sys
from pathlib import Path

import pytest
from commands import DEADLINE_SECONDS, Server, Shell
from wheel import pip, wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with the package as its wheel installs it."""
    site = tmp_path_factory.mktemp("installed") / "site"
    pip(sys.executable, "install", "--no-deps", "--target", site, wheel(tmp_path_factory.getbasetemp()))
    return site


@pytest.fixture
def elsewhere(installed, tmp_path):
    """A shell in an empty folder, where the installed package is the one that is found."""
    shell = Shell(tmp_path)
    shell.environment["PYTHONPATH"] = str(installed)
    yield shell
    shell.end()


@pytest.mark.slow
def test_the_installed_demo_answers_from_an_empty_folder(elsewhere, installed):
    where = subprocess.run(
        [sys.executable, "-c", "import chatsession; print(chatsession.__file__)"],
        env=elsewhere.environment,
        cwd=elsewhere.folder,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=True,
    )
    server = Server(elsewhere, "demo")

    asked = elsewhere.run("chat", "--url", server.base_url, text="How long does delivery take?\n")
    begun = elsewhere.run("init", "shop")

    assert where.stdout.startswith(str(installed))
    assert "source: " in asked.stdout, asked.stderr
    assert begun.returncode == 0
    assert (elsewhere.folder / "shop" / "page.html").exists()
