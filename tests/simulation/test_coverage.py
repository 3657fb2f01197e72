"""Coverage: what a run has to meet is read off the rules' own table, and what it has not met is told."""

from collections import Counter

import pytest

from chatsession.core.table import TABLE
from chatsession.simulation import run
from chatsession.simulation.actors.asks import MAKERS
from chatsession.simulation.coverage import (
    FAULTS,
    SESSIONS_FULL,
    UNREACHABLE,
    Cell,
    Coverage,
    expected_cells,
    hits_min_for,
    legal_cells,
)


@pytest.fixture
def full():
    """A run that has met everything fifty times."""
    coverage = Coverage()
    coverage.cells = Counter(dict.fromkeys(expected_cells(), 50))
    coverage.faults = Counter(dict.fromkeys(FAULTS, 50))
    missing = [gap.split() for gap in coverage.gaps(50)]
    coverage.events = Counter({name.removesuffix(":"): 50 for kind, name, *_ in missing if kind == "event"})
    coverage.reasons = Counter({gap[2].removesuffix(":"): 50 for gap in missing if gap[0] == "close"})
    return coverage


def test_a_full_run_has_no_gaps(full):
    assert full.gaps(50) == []


def test_a_cell_met_once_too_seldom_is_a_gap(full):
    cell = Cell("claim_session", "open", "queue", "agent")

    full.cells[cell] = 49

    assert full.gaps(50) == ["cell claim_session · open · queue · agent: 49"]


@pytest.mark.parametrize(
    ("table", "name", "told"),
    [
        ("faults", "died_mid_answer", "fault died_mid_answer: 0"),
        ("reasons", "merged", "close reason merged: 0"),
        ("events", "snooze_ended", "event snooze_ended: 0"),
    ],
)
def test_a_fault_a_reason_and_an_event_that_were_not_met_are_gaps(full, table, name, told):
    del getattr(full, table)[name]

    assert full.gaps(50) == [told]


def test_a_hit_where_nobody_can_get_is_a_gap_too(full):
    full.command(next(iter(TABLE)), ("open", "queue", "visitor"))

    assert full.gaps(50) == ["cell post_message · open · queue · visitor: met, and is not legal"]


def test_a_hit_where_the_command_is_not_legal_is_a_gap_too(full):
    full.command(next(iter(TABLE)), ("closed", "bot", "visitor"))

    assert full.gaps(50) == ["cell post_message · closed · bot · visitor: met, and is not legal"]


def test_a_run_that_meets_too_little_is_not_clean():
    report = run(7, 25, hits_min=1)

    assert report.violations == []
    assert not report.is_clean
    assert any(line.startswith("too seldom met (at least 1 times): cell ") for line in report.lines())


@pytest.mark.slow
def test_a_run_of_fifteen_hundred_sessions_meets_everything():
    report = run(7, 1_500, hits_min=1)

    assert report.is_clean, "\n".join(report.lines())


def test_full_runs_must_meet_each_cell_and_small_ones_are_not_asked():
    assert hits_min_for(SESSIONS_FULL) == 50
    assert hits_min_for(SESSIONS_FULL - 1) == 0


def test_every_command_of_the_table_has_somebody_who_asks_it():
    assert set(MAKERS) == set(TABLE)


def test_what_is_said_to_be_unreachable_is_a_legal_place_otherwise():
    places = {(cell.floor, cell.waiting_on) for cell in legal_cells()}

    assert set(UNREACHABLE) < places
    assert len(expected_cells()) == len(set(expected_cells())) > 150
