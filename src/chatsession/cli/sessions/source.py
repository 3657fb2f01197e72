"""Where sessions are read: from a running server over HTTP, or from the file itself, beside whoever writes it."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import msgspec

from chatsession.assemble import make_service
from chatsession.cli.failing import CommandError
from chatsession.cli.finding import USUAL_FOLDERS, asked_with_key
from chatsession.cli.folder import DataFolder
from chatsession.cli.remote import Remote
from chatsession.cli.screen import err
from chatsession.clocks.system import SystemClock
from chatsession.runtime.principal import Principal
from chatsession.runtime.service import Service
from chatsession.store import SessionQuery
from chatsession.stores.sqlite import SqliteStore

PAGE = 500
LIST_PAGE = 100
READER = Principal(kind="key", id="cli", name="command line", verified=True)
"""Whoever may read the file may read all of it."""


class Source(Protocol):
    """Answers what the commands ask, in the shapes of the public contract."""

    async def page(self, query: Mapping[str, Any], cursor: str | None) -> dict[str, Any]:
        """One page of sessions, newest first, and the cursor of the next."""
        ...

    async def session(self, session: str) -> dict[str, Any]:
        """One session as it stands."""
        ...

    async def events(self, session: str, after: int) -> dict[str, Any]:
        """One page of a session's events, and the seq after which more follow."""
        ...

    async def traces(self, session: str) -> list[dict[str, Any]]:
        """What each turn saw, did and cost."""
        ...


class FileSource:
    """Reads the file with the service's own readings; nothing is started, so nothing is changed."""

    def __init__(self, service: Service) -> None:
        self._reading = service.reading

    async def page(self, query: Mapping[str, Any], cursor: str | None) -> dict[str, Any]:
        """One page of sessions."""
        wanted = msgspec.convert({**query, "cursor": cursor, "limit": LIST_PAGE}, SessionQuery)
        return msgspec.to_builtins(await self._reading.find(READER, wanted))

    async def session(self, session: str) -> dict[str, Any]:
        """One session."""
        return msgspec.to_builtins(await self._reading.view(READER, session))

    async def events(self, session: str, after: int) -> dict[str, Any]:
        """One page of events."""
        page = await self._reading.events(READER, session, after, PAGE)
        return {"events": [msgspec.json.decode(frame) for frame in page.frames], "next": page.next}

    async def traces(self, session: str) -> list[dict[str, Any]]:
        """The traces of a session."""
        return msgspec.to_builtins(await self._reading.traces(READER, session))


class ServerSource:
    """Asks a running server, with a key."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    async def page(self, query: Mapping[str, Any], cursor: str | None) -> dict[str, Any]:
        """One page of sessions."""
        return await self._remote.get("/v1/sessions", **query, cursor=cursor, limit=LIST_PAGE)

    async def session(self, session: str) -> dict[str, Any]:
        """One session."""
        return await self._remote.get(f"/v1/sessions/{session}")

    async def events(self, session: str, after: int) -> dict[str, Any]:
        """One page of events."""
        return await self._remote.get(f"/v1/sessions/{session}/events", after=after, limit=PAGE)

    async def traces(self, session: str) -> list[dict[str, Any]]:
        """The traces of a session."""
        answer = await self._remote.get(f"/v1/sessions/{session}/traces")
        return answer["traces"]


@asynccontextmanager
async def source(url: str | None, data: Path | None) -> AsyncGenerator[Source]:
    """The server that was named, or the file of a data folder, read beside whoever serves it."""
    if url is not None:
        async with asked_with_key(url, data, needs="reading sessions needs a key") as remote:
            yield ServerSource(remote)
        return
    store = SqliteStore(database_in(data), read_only=True)
    await store.open()
    try:
        yield FileSource(make_service(store=store, bots={}, inboxes={}, clock=SystemClock(await store.last_instant())))
    finally:
        await store.close()


def database_in(data: Path | None) -> Path:
    """The database of a data folder; without one, of the usual folder that is served, or else of the first there is."""
    folders = USUAL_FOLDERS if data is None else (data,)
    there = [folder for each in folders if (folder := DataFolder(each)).database.exists()]
    if not there:
        where = " or ".join(str(folder) for folder in folders)
        raise CommandError(
            "no_data",
            f"there is no data in {where}; `chatsession demo` or `serve` begins it, --data names another folder",
        )
    chosen = next((folder for folder in there if folder.read_address() is not None), there[0])
    for other in there:
        if other is not chosen:
            err().print(f"this is {chosen.path.name}; --data {other.path.name} is there too")
    return chosen.database


async def all_events(source: Source, session: str) -> AsyncIterator[dict[str, Any]]:
    """Every event of a session, in order."""
    after: int | None = 0
    while after is not None:
        page = await source.events(session, after)
        for event in page["events"]:
            yield event
        after = page["next"]


async def all_sessions(source: Source, query: Mapping[str, Any], limit: int | None) -> AsyncIterator[dict[str, Any]]:
    """Sessions newest first, up to the limit."""
    cursor: str | None = None
    count = 0
    while limit is None or count < limit:
        page = await source.page(query, cursor)
        for session in page["sessions"]:
            if limit is not None and count >= limit:
                return
            count += 1
            yield session
        cursor = page["cursor"]
        if cursor is None:
            return
