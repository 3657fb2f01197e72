"""Many synthetic visitors at once against a running server."""

import asyncio
from collections.abc import Callable

from chatsession.cli.failing import CommandError
from chatsession.cli.remote import Remote
from chatsession.cli.simulate.visitor import Report, SyntheticVisitor

AT_ONCE_MAX = 200


async def against(  # noqa: PLR0913  where, how many, from which seed
    url: str, inbox: str, *, seed: int, sessions: int, at_once: int, progress: Callable[[int], None]
) -> Report:
    """Let so many visitors live, some at a time; what they saw."""
    report = Report()
    places = asyncio.Semaphore(min(at_once, AT_ONCE_MAX))

    async def one(number: int) -> None:
        async with places, Remote(url) as remote:
            try:
                await SyntheticVisitor(remote, inbox, seed * 1_000_003 + number, report).live()
            except CommandError as error:
                if error.code == "unreachable" and not report.sessions:
                    raise
                report.violations.append(f"visitor {number}: {error} ({error.code})")
            progress(report.sessions)

    async with Remote(url) as remote:
        await remote.get("/healthz")
    try:
        async with asyncio.TaskGroup() as group:
            for number in range(sessions):
                group.create_task(one(number))
    except* CommandError as several:
        raise several.exceptions[0] from None
    return report
