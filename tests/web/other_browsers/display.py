"""A display for browsers, where there may be none, and their processes on it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from commands import DEADLINE_SECONDS


@contextmanager
def running(*command: object, **more: object) -> Iterator[subprocess.Popen]:
    """A process that is ended, unless it ended by itself."""
    process = subprocess.Popen(command, **more)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(DEADLINE_SECONDS)


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """The environment of a screen that nobody sees: without any, Firefox draws some things in ways of its own."""
    read, write = os.pipe()
    screen = ("-displayfd", str(write), "-screen", "0", "1600x1200x24", "-nolisten", "tcp")
    with running("Xvfb", *screen, pass_fds=[write], stderr=subprocess.DEVNULL):
        os.close(write)
        with os.fdopen(read) as number:
            name = f":{number.readline().strip()}"
        yield os.environ | {"DISPLAY": name, "GDK_BACKEND": "x11", "MOZ_ENABLE_WAYLAND": "0"}
