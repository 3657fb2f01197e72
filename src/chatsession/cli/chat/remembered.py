"""Who we were at which server: the visitor's token, kept for the next time, readable by its owner alone."""

import os
from pathlib import Path

import msgspec

from chatsession.cli.folder import write_secret

PLACES_MAX = 100


class Remembered:
    """One small file in the user's state folder."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or state_folder() / "visitors.json"

    def token(self, base_url: str, inbox: str) -> str | None:
        """The token we had there."""
        return self._read().get(f"{base_url} {inbox}")

    def keep(self, base_url: str, inbox: str, token: str) -> None:
        """Remember a token; the places not used for longest are forgotten first."""
        known = self._read()
        known.pop(f"{base_url} {inbox}", None)
        known[f"{base_url} {inbox}"] = token
        kept = dict(list(known.items())[-PLACES_MAX:])
        write_secret(self._file, msgspec.json.encode(kept))

    def forget(self, base_url: str, inbox: str) -> None:
        """Be somebody new there the next time."""
        known = self._read()
        if known.pop(f"{base_url} {inbox}", None) is not None:
            write_secret(self._file, msgspec.json.encode(known))

    def _read(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.MsgspecError):
            return {}


def state_folder() -> Path:
    """Where programs of this user keep what is no setting (XDG Base Directory)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "chatsession"
