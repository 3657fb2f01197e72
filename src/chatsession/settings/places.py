"""Where in a TOML text a key is, as the TOML parser itself sees it."""

import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, cast


def line_of(text: str, path: Sequence[str]) -> int | None:
    """The line on which a key begins, or the nearest table around it; None where not even that is in the text.

    The parser tells no lines, but it tells which beginnings of a text are valid and what they hold. A key ends on the
    first line whose beginning holds it, and begins after the longest valid beginning before that.
    """
    whole = tomllib.loads(text)
    known = next((path[:length] for length in range(len(path), 0, -1) if _holds(whole, path[:length])), None)
    if known is None:
        return None
    lines = text.splitlines(keepends=True)
    end = bisect_left(range(len(lines)), 1, key=lambda count: int(_holds(_beginning(lines, count)[1], known)))
    return _beginning(lines, end - 1)[0] + 1


def _beginning(lines: list[str], at_most: int) -> tuple[int, dict[str, Any]]:
    """The longest valid beginning of at most so many lines: how long it is, and what it holds."""
    for count in range(at_most, 0, -1):
        try:
            return count, tomllib.loads("".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
    return 0, {}


def _holds(table: Any, path: Sequence[str]) -> bool:
    for part in path:
        if not isinstance(table, dict) or part not in table:
            return False
        table = cast("dict[str, Any]", table)[part]
    return True
