"""The package as it is handed out: its wheel, built from the checkout."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD_SECONDS = 240


def wheel_in(folder: Path) -> Path:
    """Build the wheel into this folder."""
    pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", folder, ROOT)
    return next(folder.glob("chatsession-*.whl"))


def pip(python: Path | str, *arguments: Path | str) -> None:
    """Run the pip of an interpreter, without a word."""
    command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run([*map(str, command)], check=True, timeout=BUILD_SECONDS, stdout=subprocess.DEVNULL)
