"""What a run has met: every legal cell of phase × floor × waiting_on × command, every event, reason and fault."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, get_args

from chatsession.core import commands as c
from chatsession.core.events import EVENT_TYPES
from chatsession.core.table import TABLE, legal
from chatsession.core.words import CloseReason, Floor, Phase, WaitingOn

HITS_MIN = 50
"""So often a run of SESSIONS_FULL sessions meets each cell, at least."""
SESSIONS_FULL = 10_000
COMMAND_NAMES = {kind: name for name, kind in c.COMMAND_TYPES.items()}
FAULTS = (
    "news_lost",
    "news_doubled",
    "news_reordered",
    "died_before_commit",
    "died_after_commit",
    "died_mid_answer",
    "died_at_rest",
    "store_conflict",
    "store_read_only",
    "store_away",
    "store_slow",
    "clock_set_ahead",
    "clock_set_back",
    "process_frozen",
    "outage_over_no_deadline",
    "outage_over_the_warning",
    "outage_over_both_deadlines",
    "send_doubled",
    "sends_reordered",
    "send_with_another_body",
    "openings_raced",
    "claims_raced",
    "closings_raced",
    "too_many_at_once",
    "bot_raises",
    "bot_hangs",
    "bot_streams_garbage",
    "bot_says_too_much",
    "bot_answers_late",
    "bot_answers_twice",
    "bot_answers_for_another_attempt",
    "bot_says_nothing",
)
"""Everything that goes wrong on purpose."""


class Cell(NamedTuple):
    """A command, asked where a session stands."""

    command: str
    phase: str
    floor: str
    waiting_on: str


UNREACHABLE = {
    ("bot", "agent"): "on the bot's floor the session waits on the visitor, or on the bot while a turn is open",
    ("queue", "visitor"): "in the queue everybody waits for an agent",
    ("queue", "bot"): "a turn ends before the floor goes to the queue, and none opens there",
    ("agent", "bot"): "a turn ends before an agent gets the floor, and none opens there",
}
"""Floors and waits that no list of events leads to, in any phase (closing keeps both), and why.

A hit in one of them is a failure like a gap.
"""
NEVER_APPENDED = frozenset(("redacted",))
"""A tombstone takes the place of an event in the store; nobody appends it."""
OPENING = Cell("open_session", "none", "none", "none")


class Coverage:
    """Counts what happens."""

    def __init__(self) -> None:
        self.cells: Counter[Cell] = Counter()
        self.events: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()

    def command(self, command: type[c.Command], where: tuple[str, str, str]) -> None:
        """A command was answered where the session stood."""
        self.cells[Cell(COMMAND_NAMES[command], *where)] += 1

    def times(self, command: type[c.Command], where: tuple[str, str, str]) -> int:
        """How often a command was answered there."""
        return self.cells[Cell(COMMAND_NAMES[command], *where)]

    def fault(self, name: str) -> None:
        """Something went wrong on purpose."""
        self.faults[name] += 1

    def add(self, other: "Coverage") -> None:
        """Count what another world has met."""
        self.cells.update(other.cells)
        self.events.update(other.events)
        self.reasons.update(other.reasons)
        self.faults.update(other.faults)
        self.refusals.update(other.refusals)

    def gaps(self, hits_min: int) -> list[str]:
        """What was met too seldom, or never could be and was met."""
        expected = expected_cells()
        wanted: list[tuple[str, Counter[str], list[str]]] = [
            ("event", self.events, sorted(EVENT_TYPES.keys() - NEVER_APPENDED)),
            ("close reason", self.reasons, list(get_args(CloseReason))),
            ("fault", self.faults, list(FAULTS)),
        ]
        found = [f"cell {' · '.join(cell)}: {self.cells[cell]}" for cell in expected if self.cells[cell] < hits_min]
        for kind, table, names in wanted:
            found += [f"{kind} {name}: {table[name]}" for name in names if table[name] < hits_min]
        return found + [
            f"cell {' · '.join(cell)}: met, and is not legal" for cell in sorted(self.cells - _as(expected))
        ]


def expected_cells() -> list[Cell]:
    """Every legal cell that can be reached, as the rules' own table has it."""
    return [OPENING, *(cell for cell in legal_cells() if (cell.floor, cell.waiting_on) not in UNREACHABLE)]


def legal_cells() -> Iterator[Cell]:
    """Every cell in which a command is answered, be it with nothing new."""
    for command, rule in TABLE.items():
        for phase in get_args(Phase):
            for floor in get_args(Floor):
                if legal(command, phase, floor) or phase in rule.already:
                    yield from (Cell(COMMAND_NAMES[command], phase, floor, each) for each in get_args(WaitingOn))


def hits_min_for(sessions: int) -> int:
    """How often a run of this size is to meet each cell; one that is too small to tell is not asked."""
    return HITS_MIN if sessions >= SESSIONS_FULL else 0


def _as(cells: list[Cell]) -> Counter[Cell]:
    return Counter(dict.fromkeys(cells, 1 << 62))
