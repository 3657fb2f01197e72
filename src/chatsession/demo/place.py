"""Where the demo runs, and how it is started again."""

import shlex
from datetime import datetime
from pathlib import Path

import msgspec

DURABILITIES = {
    "none": "Nothing survives this process.",
    "D1": "An acknowledged message survives a killed process.",
    "D2": "An acknowledged message survives a power cut.",
    "D3": "An acknowledged message survives the loss of a machine.",
}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo's pages say about where they are."""

    base_url: str
    data: str
    keys: str
    pid: int
    version: str
    durability: str
    restart: str
    """What to type to start it again, with the same data at the same address."""
    command: str
    """How `chatsession` is called here: whoever began with `make demo` may not have it on the path."""
    started_at: datetime
    agent_key: str
    """For the glass box alone."""


def restart_command(port: int, folder: Path, usual_folder: Path, *, by_make: bool) -> str:
    """The shortest command that brings the demo back where it was."""
    has_usual = folder == usual_folder.absolute()
    if by_make:
        return _joined("make demo", f"PORT={port}", "" if has_usual else f"DATA={shlex.quote(str(folder))}")
    return _joined("chatsession demo", f"--port {port}", "" if has_usual else f"--data {shlex.quote(str(folder))}")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
