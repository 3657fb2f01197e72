r"""Patterns of form fields: a small part of what regular expressions are, matched in a time that is known beforehand.

A bot writes the pattern and a visitor the text, and with a full engine the two together can take for ever. Here a
pattern is a sequence of characters, classes such as `[A-Z0-9]`, `\d`, `\w`, `\s` and `.`, each once or as often as
`?`, `*`, `+`, `{2}`, `{2,}` or `{2,4}` says. It has to match the whole text, and means the same to a browser.
"""

import re
from functools import lru_cache
from typing import NamedTuple

PATTERN_CHARS_MAX = 100
REPEATS_MAX = 200
PATTERNS_CACHED_MAX = 256
_STEP = re.compile(
    r"""(?P<one>\\[dws] | \\[^A-Za-z0-9] | \[\^?(?:\\[dws]|\\[^A-Za-z0-9]|[^\]\\\[])+\] | [^\\\[\](){}?*+|^$])
        (?: (?P<mark>[?*+]) | \{(?P<least>\d{1,3})(?P<comma>,(?P<most>\d{1,3})?)?\} )?""",
    re.VERBOSE | re.DOTALL,
)


class PatternError(Exception):
    """The pattern is none of these; the message says where."""


class Step(NamedTuple):
    """One character or class, and how often it may stand there; `most` None is any number of times."""

    one: re.Pattern[str]
    least: int
    most: int | None


@lru_cache(maxsize=PATTERNS_CACHED_MAX)
def steps_of(pattern: str) -> tuple[Step, ...]:
    """Read a pattern; raise PatternError."""
    if not 0 < len(pattern) <= PATTERN_CHARS_MAX:
        raise PatternError(f"a pattern has 1 to {PATTERN_CHARS_MAX} characters")
    steps: list[Step] = []
    at = 0
    while at < len(pattern):
        found = _STEP.match(pattern, at)
        if found is None:
            raise PatternError(f"it cannot be read from character {at + 1} on: {pattern[at:]}")
        steps.append(_step(found))
        at = found.end()
    return tuple(steps)


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern matches all of the text; the time grows with the length of both, and with nothing else."""
    # Bit n says that the steps so far can end after n characters.
    ends = 1
    for step in steps_of(pattern):
        fits = sum(1 << place for place, letter in enumerate(text) if step.one.match(letter))
        for _ in range(step.least):
            ends = (ends & fits) << 1
        reached = ends
        for _ in range(len(text) if step.most is None else step.most - step.least):
            ends = (ends & fits) << 1
            reached |= ends
        ends = reached
    return bool(ends >> len(text) & 1)


def _step(found: re.Match[str]) -> Step:
    least, most = _times(found)
    if most is not None and not least <= most <= REPEATS_MAX:
        raise PatternError(f"{found[0]} repeats too often, or fewer times than none")
    try:
        # One character at a time: no engine can be led astray by that.
        return Step(re.compile(found["one"], re.ASCII | re.DOTALL), least, most)
    except re.error as error:
        raise PatternError(f"{found['one']} is no class of characters: {error}") from None


def _times(found: re.Match[str]) -> tuple[int, int | None]:
    if found["least"] is not None:
        least = int(found["least"])
        open_ended = found["comma"] is not None and found["most"] is None
        return least, None if open_ended else int(found["most"] or least)
    match found["mark"]:
        case "?":
            return 0, 1
        case "*":
            return 0, None
        case "+":
            return 1, None
        case _:
            return 1, 1
