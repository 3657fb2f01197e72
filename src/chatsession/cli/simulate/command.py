"""The command itself: virtual time, or a running server."""

import asyncio
import os
import statistics
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec
from cyclopts import App, Parameter
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from chatsession.cli.failing import FOUND, WRONG_USE, CommandError
from chatsession.cli.finding import find
from chatsession.cli.screen import err, facts, out, write_json
from chatsession.cli.simulate.against import against as live_against
from chatsession.cli.simulate.visitor import Report as Seen
from chatsession.simulation import Report, run

SESSIONS_AGAINST = 100
VIOLATIONS_SHOWN_MAX = 20

simulate = App(
    name="simulate",
    help="Play thousands of sessions with faults, and check every promise.",
    help_epilogue="""\
Examples:

  chatsession simulate --seed 7 --sessions 10000
  chatsession simulate --seed 7 --only-world 31       one world again, where a promise was broken
  chatsession simulate --against http://127.0.0.1:8080 --sessions 200

Without --against it takes no server: the real rules and runtime live through years of virtual time, with lost news,
killed processes, clocks that jump and much more. The same seed gives the same digest. With --against, synthetic
visitors talk to a running server and check what they get. Exit code 1: a promise was broken.""",
)


@simulate.default
def _simulate(  # noqa: PLR0913  each is an option of the command
    *,
    seed: Annotated[int, Parameter(help="From which everything follows.")] = 7,
    sessions: Annotated[
        int | None, Parameter(help="How many.", show_default=lambda _: "10000, or 100 with --against")
    ] = None,
    workers: Annotated[
        int | None, Parameter(help="Processes to use.", show_default=lambda _: "one for each core")
    ] = None,
    only_world: Annotated[int | None, Parameter(help="Live through this world alone.")] = None,
    against: Annotated[str | None, Parameter(help="A running server's address.")] = None,
    inbox: Annotated[str | None, Parameter(help="With --against: the inbox.")] = None,
    at_once: Annotated[int, Parameter(help="With --against: visitors at the same time.")] = 20,
    json: Annotated[bool, Parameter(help="Print the report as JSON.", show_default=False)] = False,
) -> int:
    for name, number in (("sessions", sessions), ("workers", workers), ("at-once", at_once)):
        if number is not None and number < 1:
            raise CommandError("invalid_option", f"--{name} must be at least 1", exits=WRONG_USE)
    if against is None:
        return _virtual(seed, sessions or 10_000, workers or os.cpu_count() or 1, only_world, as_json=json)
    return _real(against, inbox, seed=seed, sessions=sessions or SESSIONS_AGAINST, at_once=at_once, as_json=json)


def _virtual(seed: int, sessions: int, workers: int, only_world: int | None, *, as_json: bool) -> int:
    with _progress(sessions) as show:
        report = run(seed, sessions, progress=show, workers=workers, only_world=only_world)
    if as_json:
        write_json(_plain(report))
    else:
        for line in report.lines():
            out().print(line)
    return 0 if report.is_clean else FOUND


def _plain(report: Report) -> dict[str, Any]:
    """The report without its tables of thousands of cells, which only coverage is judged by."""
    fields = {name: value for name, value in msgspec.structs.asdict(report).items() if name != "coverage"}
    coverage = report.coverage
    tables = {"events": coverage.events, "close_reasons": coverage.reasons, "faults": coverage.faults}
    return {**fields, "is_clean": report.is_clean, "met": {**tables, "refusals": coverage.refusals}}


def _real(  # noqa: PLR0913  what a run is chosen by
    url: str, inbox: str | None, *, seed: int, sessions: int, at_once: int, as_json: bool
) -> int:
    inbox = inbox or find(url, None).inboxes[0]
    with _progress(sessions) as show:
        seen = asyncio.run(live_against(url, inbox, seed=seed, sessions=sessions, at_once=at_once, progress=show))
    if as_json:
        write_json(seen)
    else:
        _tell(seen)
    return FOUND if seen.violations else 0


def _tell(seen: Seen) -> None:
    console = out()
    waited = sorted(seen.answer_seconds)
    rows = [
        ("sessions", str(seen.sessions)),
        ("messages", f"{seen.messages}, {seen.repeated} of them sent twice"),
        ("answers", str(seen.answers)),
        ("resumed", str(seen.resumed)),
    ]
    if len(waited) > 1:
        cuts = statistics.quantiles(waited, n=20)
        rows.append(("answered in", f"{statistics.median(waited):.2f} s (median), {cuts[-1]:.2f} s (95 %)"))
    console.print(facts(*rows))
    for violation in seen.violations[:VIOLATIONS_SHOWN_MAX]:
        console.print(violation, style="bold red")
    console.print(f"{len(seen.violations)} promises were broken" if seen.violations else "every promise held")


@contextmanager
def _progress(total: int) -> Generator[Callable[[int], None]]:
    """A bar on standard error, where somebody watches."""
    console = err()
    columns = (TextColumn("sessions"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("sessions", total=total)
        yield lambda done: progress.update(task, completed=done)
