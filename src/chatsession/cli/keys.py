"""`chatsession keys list`, `add` and `revoke`: who may come in besides visitors."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_bytes
from typing import Annotated, Any, Protocol
from urllib.parse import quote

import msgspec
from cyclopts import App, Parameter
from rich.table import Table

from chatsession.cli.doctor.data import server_of
from chatsession.cli.failing import WRONG_USE, CommandError
from chatsession.cli.finding import Data, asked_with_key
from chatsession.cli.folder import DataFolder
from chatsession.cli.remote import Remote
from chatsession.cli.screen import facts, out, write_json
from chatsession.cli.sessions.source import READER, database_in
from chatsession.clocks.system import SystemClock
from chatsession.runtime.keys import Keys, NewKey, Role
from chatsession.stores.sqlite import SqliteStore

Id = Annotated[str, Parameter(help="The key's id; for an agent the agent's own, such as carl.")]
AsJson = Annotated[bool, Parameter(help="Print JSON.", show_default=False)]
Url = Annotated[str | None, Parameter(help="A server to ask, with an admin key in CHATSESSION_KEY.")]

keys = App(
    name="keys",
    help="List API keys, make one, revoke one.",
    help_epilogue="""\
Examples:

  chatsession keys list
  chatsession keys add carl --role agent --name "Carl Bauer" --inbox support
  chatsession keys revoke carl

API keys are for programs (admin), for people who answer (agent) and for bots of your own (bot); visitors need none.
A running server is asked, and heeds it at once; without one the data folder is changed itself.
The key `local` is made anew at every start, for the commands of this machine; so is `admin`, where it was revoked.""",
)


class Place(Protocol):
    """Where keys are: on a server, or in a file."""

    async def list(self) -> list[dict[str, Any]]:
        """Every key."""
        ...

    async def add(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Another key, with its secret."""
        ...

    async def revoke(self, key: str) -> None:
        """One key less."""
        ...


@keys.command(
    name="list",
    help_epilogue="""\
Examples:

  chatsession keys list
  chatsession keys list --json
  CHATSESSION_KEY=key_… chatsession keys list --url https://chat.shop.example

Of a key's secret only the last four characters are kept in words: nobody can be shown it again.""",
)
async def list_(*, json: AsJson = False, url: Url = None, data: Data = None) -> None:
    """List the keys there are: what each is for, and how it ends."""
    async with _place(url, data) as place:
        found = await place.list()
    if json:
        for each in found:
            write_json(each)
    elif found:
        out().print(_table(found))
    else:
        out().print("no keys")


@keys.command(
    help_epilogue="""\
Examples:

  chatsession keys add carl --role agent --name "Carl Bauer" --inbox support
  chatsession keys add crm --role admin
  chatsession keys add crm --role admin --replace

admin    reads and does everything in its inboxes: exports, policies, keys, erasing
agent    takes chats over and answers as the person the id names
bot      answers for a bot of your own

The secret is shown once. --replace makes another one, and the old one opens nothing from then on."""
)
async def add(  # noqa: PLR0913  each is an option of the command
    id: Id,  # noqa: A002  the contract's word
    /,
    *,
    role: Annotated[Role, Parameter(help="What it may do: admin, agent or bot.")],
    name: Annotated[str, Parameter(help="What people read, such as an agent's name.", show_default=False)] = "",
    inbox: Annotated[
        tuple[str, ...], Parameter(help="For this inbox alone; may be repeated.", show_default=False)
    ] = (),
    replace: Annotated[bool, Parameter(help="Take the place of a key with this id.", show_default=False)] = False,
    json: AsJson = False,
    url: Url = None,
    data: Data = None,
) -> None:
    """Make a key, and show its secret this once."""
    asked = {"id": id, "role": role, "name": name, "inboxes": list(inbox) or None, "replace": replace}
    async with _place(url, data, changes=True) as place:
        made = await place.add(asked)
    if json:
        write_json(made)
        return
    key = made["key"]
    out().print(
        facts(("key", key["id"]), ("role", key["role"]), ("inboxes", _inboxes(key)), ("secret", made["secret"]))
    )
    out().print("\nKeep the secret now: it is shown this once.")


@keys.command(
    help_epilogue="""\
Examples:

  chatsession keys revoke carl
  CHATSESSION_KEY=key_… chatsession keys revoke carl --url https://chat.shop.example

What was said with it stays. A running server refuses it from now on; streams and sockets end within five seconds."""
)
async def revoke(id: Id, /, *, url: Url = None, data: Data = None) -> None:  # noqa: A002  the contract's word
    """Revoke a key, so that it opens nothing any more."""
    async with _place(url, data, changes=True) as place:
        if id not in {key["id"] for key in await place.list()}:
            raise CommandError("not_found", f"there is no key {id}; `chatsession keys list` shows those there are")
        await place.revoke(id)
    out().print(f"{id} is revoked")


class OnServer:
    """Asks a running server."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    async def list(self) -> list[dict[str, Any]]:
        """Every key the admin key may know of."""
        return (await self._remote.get("/v1/keys"))["keys"]

    async def add(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Another key."""
        return await self._remote.post("/v1/keys", asked)

    async def revoke(self, key: str) -> None:
        """One key less."""
        await self._remote.delete(f"/v1/keys/{quote(key, safe='')}")


class InFile:
    """Reads or writes the file that no server serves."""

    def __init__(self, store: SqliteStore, clock: SystemClock) -> None:
        self._keys = Keys(store, clock, token_bytes, inboxes=None)

    async def list(self) -> list[dict[str, Any]]:
        """Every key."""
        return msgspec.to_builtins(await self._keys.list(READER))

    async def add(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Another key."""
        try:
            wanted = msgspec.convert(asked, NewKey)
        except msgspec.ValidationError as error:
            raise CommandError("invalid_request", str(error), exits=WRONG_USE) from None
        return msgspec.to_builtins(await self._keys.add(READER, wanted))

    async def revoke(self, key: str) -> None:
        """One key less."""
        await self._keys.revoke(READER, key)


@asynccontextmanager
async def _place(url: str | None, data: Path | None, *, changes: bool = False) -> AsyncGenerator[Place]:
    """The server that was named or that serves the folder; else the folder's file."""
    if url is not None:
        async with asked_with_key(url, data, needs="keys are for admin keys") as remote:
            yield OnServer(remote)
        return
    database = database_in(data)
    address = await server_of(DataFolder(database.parent))
    if address is not None:
        async with Remote(address.base_url, address.admin) as remote:
            yield OnServer(remote)
        return
    store = SqliteStore(database, read_only=not changes)
    await store.open()
    try:
        yield InFile(store, SystemClock(await store.last_instant()))
    finally:
        await store.close()


def _table(found: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("key", "role", "name", "inboxes", "made", "ends in"):
        table.add_column(name, no_wrap=name in ("key", "made"))
    for key in found:
        made = str(key["created_at"])[:16].replace("T", " ")
        table.add_row(
            key["id"], key["role"], key["name"], _inboxes(key), made, f"…{key['ending']}" if key["ending"] else ""
        )
    return table


def _inboxes(key: Mapping[str, Any]) -> str:
    return "all" if key["inboxes"] is None else ", ".join(key["inboxes"]) or "none"
