"""The three commands: list, show, export."""

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from cyclopts import App, Parameter
from rich.table import Table

from chatsession.cli.failing import CommandError
from chatsession.cli.finding import Data
from chatsession.cli.screen import facts, out, printable, write_json
from chatsession.cli.sessions.source import Source, all_events, all_sessions, source
from chatsession.cli.sessions.story import Kind, story

Phase = Literal["open", "closed", "archived"]
Outcome = Literal["confirmed", "assumed", "unresolved", "abandoned", "empty", "returned"]
Url = Annotated[str | None, Parameter(help="A server to ask, with the key in CHATSESSION_KEY.")]
Inbox = Annotated[str | None, Parameter(help="Of this inbox.")]
AsJson = Annotated[bool, Parameter(help="Print JSON.", show_default=False)]
LISTED = 20
STYLES: Mapping[Kind, str] = {"in": "green", "changed": "dim", "out": "cyan", "life": "yellow"}
MARKS: Mapping[Kind, str] = {"in": "→", "changed": "·", "out": "←", "life": "*"}

sessions = App(
    name="sessions",
    help="List sessions, show one as a story, export them.",
    help_epilogue="""\
Examples:

  chatsession sessions list
  chatsession sessions show
  chatsession sessions export > sessions.jsonl

They read the file of a data folder, also while a server writes it; with --url they ask a server.""",
)


@sessions.command(
    name="list",
    help_epilogue="""\
Examples:

  chatsession sessions list
  chatsession sessions list --phase closed --outcome unresolved
  chatsession sessions list --query refund --json
  CHATSESSION_KEY=key_… chatsession sessions list --url https://chat.shop.example""",
)
async def list_(  # noqa: PLR0913  each is an option of the command
    *,
    inbox: Inbox = None,
    phase: Annotated[Phase | None, Parameter(help="In this phase.")] = None,
    outcome: Annotated[Outcome | None, Parameter(help="With this outcome.")] = None,
    visitor: Annotated[str | None, Parameter(help="Of this visitor.")] = None,
    query: Annotated[str | None, Parameter(help="With these words in what was said.")] = None,
    limit: Annotated[int, Parameter(help="At most so many.")] = LISTED,
    json: AsJson = False,
    url: Url = None,
    data: Data = None,
) -> None:
    """List sessions, the newest first."""
    wanted = {"inbox": inbox, "phase": phase, "outcome": outcome, "visitor": visitor, "q": query}
    async with source(url, data) as sessions_there:
        found = [each async for each in all_sessions(sessions_there, wanted, limit)]
    if json:
        for each in found:
            write_json(each)
        return
    if not found:
        out().print("no sessions")
        return
    out().print(_table(found))


@sessions.command(
    help_epilogue="""\
Examples:

  chatsession sessions show                       the newest one
  chatsession sessions show ses_01jd2v…
  chatsession sessions show ses_01jd2v… --json

→ came in · was changed ← came out * happened to the session"""
)
async def show(
    session: Annotated[str | None, Parameter(help="The session; the newest one by default.")] = None,
    /,
    *,
    json: AsJson = False,
    url: Url = None,
    data: Data = None,
) -> None:
    """Show a session as a story: what came in, what was changed, what came out."""
    async with source(url, data) as there:
        whole = await _whole(there, session or await _newest(there))
    if json:
        write_json(whole)
    else:
        _tell(whole)


@sessions.command(
    help_epilogue="""\
Examples:

  chatsession sessions export > sessions.jsonl
  chatsession sessions export --inbox support --phase archived --to archived.jsonl

One line for each session: {"session": …, "events": […], "traces": […]}"""
)
async def export(
    *,
    to: Annotated[Path | None, Parameter(help="The file to write; standard output by default.")] = None,
    inbox: Inbox = None,
    phase: Annotated[Phase | None, Parameter(help="In this phase.")] = None,
    url: Url = None,
    data: Data = None,
) -> None:
    """Write whole sessions as lines of JSON, the newest first."""
    if to is not None and to.exists():
        raise CommandError("file_exists", f"{to} exists already; name a new file")
    async with source(url, data) as there:
        with nullcontext() if to is None else to.open("xb") as file:
            async for view in all_sessions(there, {"inbox": inbox, "phase": phase}, None):
                whole = await _whole(there, view["id"])
                if file is None:
                    write_json(whole)
                else:
                    file.write(msgspec.json.encode(whole) + b"\n")


async def _newest(there: Source) -> str:
    page = await there.page({}, None)
    if not page["sessions"]:
        raise CommandError("not_found", "there are no sessions yet")
    return str(page["sessions"][0]["id"])


async def _whole(there: Source, session: str) -> dict[str, Any]:
    return {
        "session": await there.session(session),
        "events": [event async for event in all_events(there, session)],
        "traces": await there.traces(session),
    }


def _table(found: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("session", "inbox", "phase", "outcome", "closed for", "period", "events", "opened"):
        table.add_column(name, no_wrap=name in ("session", "opened"))
    for view in found:
        cells = (view["outcome"] or "", view["close_reason"] or "", str(view["period"]), str(view["seq"]))
        opened = str(view["opened_at"])[:19].replace("T", " ")
        table.add_row(view["id"], view["inbox"], view["phase"], *cells, opened)
    return table


def _tell(whole: Mapping[str, Any]) -> None:
    view, console = whole["session"], out()
    console.print(f"{view['id']} · {view['inbox']} · {view['phase']}", style="bold")
    known = {
        "visitor": view["visitor"],
        "opened": str(view["opened_at"])[:19].replace("T", " "),
        "closed": view["close_reason"],
        "outcome": view["outcome"],
        "after": view["previous"],
    }
    console.print(facts(*((name, str(value)) for name, value in known.items() if value)))
    console.print()
    for row in story(whole["events"], whole["traces"]):
        first, *more = printable(row.text).split("\n")
        console.print(f"{row.time} {MARKS[row.kind]} {row.who}: {first}", style=STYLES[row.kind])
        for line in more:
            console.print(f"           {line}", style=STYLES[row.kind])
