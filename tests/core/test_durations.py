"""Durations as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatsession.core import durations


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("1h30m", 5_400), (" 2 D ", 172_800), ("1.5h", 5_400), ("250ms", 0.25), ("0", 0)],
)
def test_a_duration_reads_like_a_person_writes_it(text, seconds):
    assert durations.parse(text) == timedelta(seconds=seconds)


def test_off_is_a_clock_that_never_fires():
    assert durations.parse("off") is None
    assert durations.render(None) == "off"


@pytest.mark.parametrize("text", ["", "15", "m", "15 minutes", "-1m", "1h-5m", "1m x", "٣m", "m15", "1..5h"])
def test_what_is_no_duration_is_told_how_one_looks(text):
    with pytest.raises(durations.DurationError, match='write it like "90s", "15m"'):
        durations.parse(text)


@pytest.mark.parametrize("text", ["401d", "9" * 500 + "d"])
def test_nothing_lasts_longer_than_400_days(text):
    with pytest.raises(durations.DurationError, match="longer than the longest"):
        durations.parse(text)


@given(st.integers(0, int(durations.LONGEST / timedelta(milliseconds=1))))
def test_what_is_written_reads_back_the_same(milliseconds):
    duration = timedelta(milliseconds=milliseconds)

    assert durations.parse(durations.render(duration)) == duration


@given(st.text())
def test_any_text_is_a_duration_or_a_clear_mistake(text):
    found, said = None, f'"{text}"'
    try:
        found = durations.parse(text)
    except durations.DurationError as error:
        said = str(error)

    assert f'"{text}"' in said
    assert found is None or timedelta(0) <= found <= durations.LONGEST
