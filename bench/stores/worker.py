"""One store in a process of its own: it imports once, then does the jobs it reads, one JSON line each.

python worker.py columns.ours:OursPrepared
"""

import asyncio
import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import workloads
from column import Column


async def run(make: Callable[[Path], Column], job: dict[str, Any]) -> dict[str, Any] | None:
    """Do one job in its folder."""
    folder = Path(job["folder"])
    match job["work"]:
        case "resume":
            return await workloads.resume(make, folder)
        case "size":
            return await workloads.size(make, folder, **job["how"])
        case "missing":
            return await workloads.missing(make, folder, job["acknowledged"])
        case "settings":
            return {"settings": await within(make(folder), lambda column: column.settings())}
        case "acknowledge":
            return await within(make(folder), lambda column: workloads.acknowledge(column, tell))
        case work:
            return await within(make(folder), lambda column: getattr(workloads, work)(column, **job["how"]))


async def within(column: Column, work: Callable[[Column], Any]) -> Any:
    """Do work with an open store."""
    await column.open()
    try:
        return await work(column)
    finally:
        await column.close()


def tell(line: str) -> None:
    """Say it at once: a line is on its way before the next statement runs."""
    os.write(ANSWERS, line.encode() + b"\n")


def main() -> None:
    """Answer jobs until nobody asks."""
    module, name = sys.argv[1].split(":")
    make = getattr(importlib.import_module(module), name)
    tell("ready")
    for line in sys.stdin:
        tell(json.dumps(asyncio.run(run(make, json.loads(line)))))


if __name__ == "__main__":
    # What a library prints must not be taken for an answer.
    ANSWERS = os.dup(1)
    os.dup2(2, 1)
    main()
