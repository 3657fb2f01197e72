"""Durations as people write them: "90s", "15m", "1h30m", "2d", and "off" for a clock that never fires."""

import re
from datetime import timedelta

LONGEST = timedelta(days=400)
_UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_WHOLE = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|[dhms]))+", re.ASCII)
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[dhms])")


class DurationError(ValueError):
    """The text is not a duration."""


def parse(text: str) -> timedelta | None:
    """Read a duration; "off" is None, "0" is nothing at all. Raise DurationError with a sentence that shows how."""
    word = text.strip().lower().replace(" ", "")
    if word == "off":
        return None
    if word == "0":
        return timedelta(0)
    if not _WHOLE.fullmatch(word):
        raise DurationError(f'"{text}" is not a duration; write it like "90s", "15m", "1h30m", "2d" or "off"')
    ms = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(word))
    if ms > LONGEST / timedelta(milliseconds=1):
        raise DurationError(f'"{text}" is longer than the longest duration, "400d"')
    return timedelta(milliseconds=round(ms))


def render(duration: timedelta | None) -> str:
    """Write a duration so that `parse` reads the same value back."""
    if duration is None:
        return "off"
    left = round(duration / timedelta(milliseconds=1))
    parts: list[str] = []
    for unit, ms in _UNITS.items():
        count, left = divmod(left, ms)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0"
