"""`chatsession demo`: the shop's help desk, quick enough to watch."""

import os
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from cyclopts import App, Parameter

from chatsession.assemble import files_at, make_service
from chatsession.bots.knowledge import KnowledgeBot
from chatsession.cli.embedding import script_tag
from chatsession.cli.folder import DataFolder
from chatsession.cli.running import Log, Plan, Running, free_port, in_loop, run
from chatsession.cli.screen import facts, out
from chatsession.clocks.system import SystemClock
from chatsession.demo.inboxes import inboxes, shop_folder
from chatsession.demo.pages import demo_pages
from chatsession.demo.place import DURABILITIES, Place, restart_command
from chatsession.files import Files
from chatsession.runtime.service import Service
from chatsession.store import Store

FIRST_PORT = 8080
USUAL_FOLDER = Path("demo-data")
PACE = timedelta(milliseconds=120)
"""Slow enough to be watched, and to be killed in the middle of."""

demo = App(
    name="demo",
    help="Serve a shop's help desk to try everything on, and say how.",
    help_epilogue="""\
Examples:

  chatsession demo
  chatsession demo --port 8090 --data some/folder

Then open the glass box at the address it prints, or talk to it with `chatsession chat` in a second terminal.

Inbox `support` warns after 2 minutes of silence, closes after 3, and can be resumed for 5 more; `sales` waits 4 hours.
Kill it with `kill -9` whenever you like and start it again: keys and chats are kept in the data folder.
Time can be skipped here and nowhere else: `/skip warning`, `/skip closing`, `/skip window` in the chat.""",
)


@demo.default
def _demo(
    *,
    host: Annotated[str, Parameter(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None, Parameter(help="The port to listen on.", show_default=lambda _: "8080 or the next free one")
    ] = None,
    data: Annotated[Path, Parameter(help="The folder of the data.")] = USUAL_FOLDER,
    log: Log = "warning",
) -> None:
    folder = DataFolder(data)
    plan = Plan(
        folder=folder,
        host=host,
        port=free_port(host, FIRST_PORT if port is None else port, or_next=port is None),
        service=lambda store, clock: _service(store, clock, files_at(folder.files)),
        pages=lambda running: demo_pages(running.service, running.clock, _place(running)),
        greet=_greet,
        roles=("admin", "agent"),
        log=log,
    )
    in_loop(run(plan))


def _service(store: Store, clock: SystemClock, files: Files) -> Service:
    bot = KnowledgeBot(shop_folder(), pace=PACE)
    places = inboxes()
    return make_service(store=store, bots=dict.fromkeys(places, bot), inboxes=places, clock=clock, files=files)


def _place(running: Running) -> Place:
    return Place(
        base_url=running.base_url,
        data=str(running.folder.path),
        keys=str(running.folder.keys),
        pid=os.getpid(),
        version=version("chatsession"),
        durability=running.service.store.durability,
        restart=_restart(running),
        command=".venv/bin/chatsession" if _is_by_make() else "chatsession",
        started_at=running.clock.now(),
        agent_key=running.keys["agent"],
    )


def _restart(running: Running) -> str:
    port = urlsplit(running.base_url).port or FIRST_PORT
    return restart_command(port, running.folder.path, USUAL_FOLDER, by_make=_is_by_make())


def _is_by_make() -> bool:
    return "MAKELEVEL" in os.environ


def _greet(running: Running) -> None:
    place = _place(running)
    console = out()
    console.print(f"A shop with a help desk is open at {place.base_url}", style="bold")
    console.print(
        facts(
            ("glass box", f"{place.base_url}/glass (the shop, and beside it all that happens in its chat)"),
            ("inboxes", "support (warned after 2 min, closed after 3, resumable for 5), sales (4 h)"),
            ("data", f"{place.data} ({place.durability}: {DURABILITIES[place.durability].lower().rstrip('.')})"),
            ("keys", f"{place.keys} (admin and agent; yours alone to read)"),
        )
    )
    console.print("\nWhat to try:", style="bold")
    console.print(
        facts(
            ("1", f"open {place.base_url}/glass and take its six steps"),
            ("2", f"kill -9 {place.pid} in the middle of an answer, and start it again: {place.restart}"),
            ("3", f"{place.command} chat --url {place.base_url} (and /skip warning, /skip closing in it)"),
            ("4", f"{place.command} sessions show --data {place.data}"),
            ("5", f"{place.base_url}/demo says all of it, with curl"),
        )
    )
    console.print("\nThe chat on a page of your own:", style="bold")
    console.print(script_tag(place.base_url, "support"), soft_wrap=True)
    console.print("\nCtrl-C stops it.")
