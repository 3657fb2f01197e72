"""One line of the doctor's: what was looked at, how it is, and what to do about it."""

from typing import Literal

import msgspec

Level = Literal["ok", "warning", "problem"]


class Finding(msgspec.Struct, frozen=True):
    """How something is; `advice` says what to do where it is not well."""

    about: str
    level: Level
    says: str
    advice: str = ""
    paste: str = ""
    """A line to be copied as it is."""


def ok(about: str, says: str) -> Finding:
    """It is well."""
    return Finding(about, "ok", says)


def warning(about: str, says: str, advice: str) -> Finding:
    """It works, and something should be known."""
    return Finding(about, "warning", says, advice)


def problem(about: str, says: str, advice: str) -> Finding:
    """It will not work like this."""
    return Finding(about, "problem", says, advice)
