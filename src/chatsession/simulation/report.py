"""What a run has shown, for people and for programs."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from chatsession.simulation.checks.violations import Violation
from chatsession.simulation.coverage import Coverage, expected_cells

DAYS_PER_YEAR = 365.25


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """A violation, and the world that shows it again."""

    world: int
    violation: Violation


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a run."""

    seed: int
    asked: int
    """How many sessions the run was to see."""
    sessions: int
    worlds: int
    events: int
    virtual_time: timedelta
    wall_seconds: float
    digest: str
    hits_min: int
    coverage: Coverage
    gaps: list[str]
    violations: list[Broken]

    @property
    def is_clean(self) -> bool:
        """Whether every invariant held and everything was met often enough."""
        return not self.violations and not self.gaps

    def lines(self) -> Iterator[str]:
        """The report as text, the verdict last."""
        years = self.virtual_time.days / DAYS_PER_YEAR
        yield f"seed {self.seed}: {self.sessions} sessions, {self.events} events in {self.worlds} worlds"
        yield f"{years:.1f} years of virtual time in {self.wall_seconds:.1f} s"
        yield from self._tables()
        for broken in self.violations:
            yield from self._told(broken)
        yield from (f"too seldom met (at least {self.hits_min} times): {gap}" for gap in self.gaps)
        yield f"digest {self.digest}"
        yield "every invariant held" if not self.violations else f"{len(self.violations)} promises were broken"

    def _tables(self) -> Iterator[str]:
        cells = expected_cells()
        fewest = min(cells, key=lambda cell: self.coverage.cells[cell])
        met, rarest = sum(self.coverage.cells[cell] > 0 for cell in cells), self.coverage.cells[fewest]
        yield f"cells met: {met} of {len(cells)}; the rarest, {' · '.join(fewest)}, {rarest} times"
        for title, table in (
            ("events", self.coverage.events),
            ("close reasons", self.coverage.reasons),
            ("faults", self.coverage.faults),
            ("refusals", self.coverage.refusals),
        ):
            yield f"{title}: " + ", ".join(f"{name} {count}" for name, count in sorted(table.items()))

    def _told(self, broken: Broken) -> Iterator[str]:
        violation = broken.violation
        yield f"{violation.invariant} broken in world {broken.world} of seed {self.seed}: {violation.detail}"
        yield from (f"    {event}" for event in violation.events)
        yield f"  again: chatsession simulate --seed {self.seed} --sessions {self.asked} --only-world {broken.world}"
