"""A data folder: the database, the keys that were made with it, and where its server can be reached."""

import json
import os
from pathlib import Path
from typing import Any

import msgspec

DATABASE = "chatsession.db"
KEYS = "keys.json"
FILES = "files"
SERVER = "server.json"


class Address(msgspec.Struct, frozen=True):
    """Where a running server is, and a key that opens it for the commands of this machine."""

    base_url: str
    admin: str
    pid: int
    inboxes: tuple[str, ...] = ()


class DataFolder:
    """One folder. Its secrets are readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.database = self.path / DATABASE
        self.keys = self.path / KEYS
        self.files = self.path / FILES
        self._server = self.path / SERVER

    def read_keys(self) -> dict[str, Any]:
        """The keys that were made with this data; none yet is an empty answer."""
        try:
            return msgspec.json.decode(self.keys.read_bytes(), type=dict[str, Any])
        except (OSError, msgspec.MsgspecError):
            return {}

    def write_keys(self, keys: dict[str, Any]) -> None:
        """Keep the keys."""
        write_secret(self.keys, json.dumps(keys, indent=2).encode() + b"\n")

    def read_address(self) -> Address | None:
        """Where a server said it is; it may have been killed since."""
        try:
            return msgspec.json.decode(self._server.read_bytes(), type=Address)
        except (OSError, msgspec.MsgspecError):
            return None

    def write_address(self, address: Address) -> None:
        """Say where the server is."""
        write_secret(self._server, msgspec.json.encode(address))

    def forget_address(self) -> None:
        """The server is gone."""
        self._server.unlink(missing_ok=True)


def write_secret(file: Path, data: bytes) -> None:
    """Write all of it or nothing, and never readable by others in between."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as into:
        into.write(data)
    partial.replace(file)
