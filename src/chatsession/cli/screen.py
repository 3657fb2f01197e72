"""What commands write on: colours on a terminal, plain text everywhere else (and with NO_COLOR)."""

import sys
from typing import IO

import msgspec
from rich.console import Console


def out() -> Console:
    """Standard output. Text from others is text: nothing in it is taken for markup."""
    return _console(sys.stdout)


def err() -> Console:
    """Standard error, for what is no result: progress and remarks."""
    return _console(sys.stderr)


def _console(file: IO[str]) -> Console:
    # Whoever reads a pipe wants whole lines, not lines broken at 80 columns.
    width = None if file.isatty() else 10_000
    return Console(file=file, markup=False, highlight=False, emoji=False, width=width, soft_wrap=not file.isatty())


def facts(*rows: tuple[str, str]) -> str:
    """Names with what belongs to them, one a line."""
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:{width}}  {value}" for name, value in rows)


def write_json(value: object) -> None:
    """One value as one line of JSON on standard output."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


def printable(text: str) -> str:
    """Text from others without what would steer a terminal."""
    return "".join(each for each in text if each.isprintable() or each in "\n\t")
