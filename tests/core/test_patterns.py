"""Patterns of form fields: what they mean, and that nobody can make them take for ever."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatsession.core.patterns import PATTERN_CHARS_MAX, PatternError, matches, steps_of

MATCHING = [
    ("[A-Z]{2}-\\d{6}", "AB-123456", "AB-12345"),
    ("\\d+", "0042", ""),
    ("\\d*", "", "x"),
    ("ab?c", "ac", "abbc"),
    ("ab?c", "abc", "abcd"),
    ("x{2,4}", "xxx", "xxxxx"),
    ("x{2,}", "xxxxxxx", "x"),
    ("x{0,1}y", "y", "xxy"),
    (".+@.+", "a@b", "a@"),
    ("[^ ]+", "word", "two words"),
    ("[a\\-z]+", "a-z", "b"),
    ("[\\d\\s]+", "1 2", "a"),
    ("\\.\\[\\]", ".[]", "x[]"),
    ("\\w\\s\\w", "a b", "a  b"),
    ("é+", "éé", "e"),
]
WRONG = [
    "", "x" * (PATTERN_CHARS_MAX + 1), "(a)", "a|b", "^a", "a$", "a**", "*a", "a{", "a{3,2}", "a{999}", "[a", "[z-a]",
    "\\", "\\b", "\\1", "[]", "a{1}{2}", "a{,3}", "x{0,201}",
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "text", "other"), MATCHING)
def test_a_pattern_means_what_it_means_to_a_browser(pattern, text, other):
    assert matches(pattern, text)
    assert not matches(pattern, other)
    assert re.fullmatch(pattern, text, re.ASCII)
    assert not re.fullmatch(pattern, other, re.ASCII)


@pytest.mark.parametrize("pattern", WRONG)
def test_what_is_no_pattern_is_refused_when_it_is_written(pattern):
    with pytest.raises(PatternError):
        steps_of(pattern)


atoms = st.sampled_from(["a", "b", "[ab]", "[^a]", "\\d", "\\w", ".", "-", "\\s"])
marks = st.sampled_from(["", "?", "*", "+", "{2}", "{1,3}", "{2,}", "{0}"])
patterns = st.lists(st.tuples(atoms, marks).map("".join), min_size=1, max_size=8).map("".join)


@given(patterns, st.text("ab1- \n", max_size=12))
def test_it_agrees_with_a_full_engine_wherever_that_has_time(pattern, text):
    assert matches(pattern, text) == bool(re.fullmatch(pattern, text, re.ASCII | re.DOTALL))


def test_a_pattern_that_would_keep_an_engine_busy_for_ever_is_answered_at_once():
    started = time.process_time()

    assert not matches("a*" * 49 + "b", "a" * 200)

    assert time.process_time() - started < 1
