"""The package as it is handed out: its wheel, built from the checkout."""

import subprocess
import sys
from pathlib import Path

from made_once import once

ROOT = Path(__file__).parents[1]
BUILD_SECONDS = 240


def wheel(basetemp: Path) -> Path:
    """The wheel, built once in a run of tests; `basetemp` is `tmp_path_factory.getbasetemp()`."""
    return next(once(basetemp, "wheel", _build).glob("chatsession-*.whl"))


def pip(python: Path | str, *arguments: Path | str) -> None:
    """Run our pip for an interpreter, which needs none of its own, without a word."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", python, *arguments]
    subprocess.run([*map(str, command)], check=True, timeout=BUILD_SECONDS, stdout=subprocess.DEVNULL)


def _build(folder: Path) -> None:
    pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", folder, ROOT)
