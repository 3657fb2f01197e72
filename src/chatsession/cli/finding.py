"""Which server is meant: the one named, else the one of a data folder, else the one on this machine."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from chatsession.cli.failing import CommandError
from chatsession.cli.folder import DataFolder
from chatsession.cli.remote import Remote

Data = Annotated[Path | None, Parameter(help="The data folder; demo-data or data by default.", show_default=False)]

URL, KEY = "CHATSESSION_URL", "CHATSESSION_KEY"
USUAL_URL = "http://127.0.0.1:8080"
USUAL_INBOX = "support"
USUAL_FOLDERS = (Path("demo-data"), Path("data"))


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Where a server is, and what is known of it without asking."""

    base_url: str
    key: str | None = None
    inboxes: tuple[str, ...] = (USUAL_INBOX,)


def find(url: str | None, data: Path | None) -> Found:
    """The server that is meant. A key is taken from a data folder only for the server that wrote it there."""
    url = (url or (None if data else os.environ.get(URL)) or "").rstrip("/") or None
    key = os.environ.get(KEY)
    for folder in (data,) if data else USUAL_FOLDERS:
        address = DataFolder(folder).read_address()
        if address is not None and url in (None, address.base_url):
            inboxes = address.inboxes or (USUAL_INBOX,)
            return Found(base_url=address.base_url, key=key or address.admin, inboxes=inboxes)
    return Found(base_url=url or USUAL_URL, key=key)


@asynccontextmanager
async def asked_with_key(url: str, data: Path | None, *, needs: str) -> AsyncGenerator[Remote]:
    """The server that was named, asked with the key at hand; CommandError says what `needs` one where there is none."""
    found = find(url, data)
    if found.key is None:
        raise CommandError("unauthorized", f"{needs}; set CHATSESSION_KEY, or name --data")
    async with Remote(found.base_url, found.key) as remote:
        yield remote
