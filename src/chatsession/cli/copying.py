"""`chatsession backup`, `restore` and `migrate`: the data as one file."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from chatsession.cli.failing import CommandError
from chatsession.cli.finding import Data
from chatsession.cli.folder import DataFolder
from chatsession.cli.screen import err, out
from chatsession.cli.sessions.source import database_in
from chatsession.stores.sqlite import SqliteStore
from chatsession.stores.sqlite import restore as put_in_place

LOOK_SECONDS = 0.1

backup = App(
    name="backup",
    help="Copy the data to one file, while serving.",
    help_epilogue="""\
Examples:

  chatsession backup chats-monday.db
  chatsession backup /backups/chats.db --data /var/lib/chatsession

The copy is one consistent state, complete in itself, and readable by you alone. The server goes on serving.
Keys are in it as hashes; keys.json is not, and neither are files that were sent in chats: copy the folder `files` of
the data afterwards.""",
)
restore = App(
    name="restore",
    help="Put a backup in place of the data.",
    help_epilogue="""\
Examples:

  chatsession restore chats-monday.db --data new-folder
  chatsession restore chats-monday.db --data data --replace

The server must not be running. The backup is checked first; what was there stays until the new data is complete.""",
)
migrate = App(
    name="migrate",
    help="Bring the data to this version's schema.",
    help_epilogue="""\
Examples:

  chatsession backup before.db && chatsession migrate
  chatsession migrate --data /var/lib/chatsession

A server does this by itself when it starts; here it can be done beforehand. All of it happens, or nothing. There is no
way back to an older schema, except for a backup.""",
)


@backup.default
async def _backup(target: Annotated[Path, Parameter(help="The file to write.")], /, *, data: Data = None) -> None:
    database = database_in(data)
    store = SqliteStore(database, read_only=True)
    await store.open()
    try:
        pages = await _shown("backup", store.backup(target))
    finally:
        await store.close()
    out().print(f"{target}: {pages} pages, {target.stat().st_size} bytes")
    files = DataFolder(database.parent).files
    if files.is_dir() and any(not path.name.startswith(".") for path in files.iterdir()):
        out().print(f"{files}: not in it; copy this folder too, for the files that were sent in chats")


@restore.default
async def _restore(
    source: Annotated[Path, Parameter(help="The backup.")],
    /,
    *,
    data: Annotated[Path, Parameter(help="The data folder.")] = Path("data"),
    replace: Annotated[bool, Parameter(help="Replace data that is there.", show_default=False)] = False,
) -> None:
    folder = DataFolder(data)
    if folder.database.exists() and not replace:
        raise CommandError("data_exists", f"there is data in {folder.path}; back it up, then say --replace")
    await _shown("restore", _put_in_place(source, folder.database))
    out().print(f"{folder.database}: restored from {source}")


@migrate.default
async def _migrate(*, data: Data = None) -> None:
    store = SqliteStore(database_in(data))
    await store.open()
    try:
        was, now = store.migrated or (0, 0)
    finally:
        await store.close()
    out().print(f"{store.path}: schema {now} already" if was == now else f"{store.path}: schema {was} is now {now}")


async def _put_in_place(source: Path, database: Path) -> AsyncIterator[tuple[int, int]]:
    """Restore in a thread; how far it is can be seen by the file that grows."""
    partial = database.with_name(database.name + ".part")
    size = _size(source)
    work = asyncio.create_task(asyncio.to_thread(put_in_place, source, database))
    while not work.done():
        await asyncio.wait({work}, timeout=LOOK_SECONDS)
        yield _size(partial), size
    await work


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


async def _shown(name: str, steps: AsyncIterator[tuple[int, int]]) -> int:
    """Show how far it is, where somebody watches; how many there were in all."""
    total = 0
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = err()
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(name, total=None)
        async for done, total in steps:
            progress.update(task, completed=done, total=total)
    return total
