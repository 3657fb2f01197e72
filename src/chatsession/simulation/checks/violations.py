"""A broken promise, and where it was seen."""

from typing import Literal

import msgspec

Invariant = Literal[
    "I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I13", "I14", "I15", "I16", "I17", "calm"
]
"""The numbers are those of the design; `calm` is that nothing breaks unasked: no internal error, no failed task."""


class Violation(msgspec.Struct, frozen=True):
    """What was promised and did not hold."""

    invariant: Invariant
    detail: str
    session: str | None = None
    events: tuple[str, ...] = ()
    """The last events of the session, oldest first."""


class Violations:
    """Keeps the first few; more would say nothing new."""

    KEPT_MAX = 5

    def __init__(self) -> None:
        self.found: list[Violation] = []

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, invariant: Invariant, detail: str, session: str | None = None, events: tuple[str, ...] = ()) -> None:
        """Note that a promise was broken."""
        if len(self.found) < self.KEPT_MAX:
            self.found.append(Violation(invariant, detail, session, events))
