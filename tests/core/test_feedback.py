"""The visitor's judgement: the last word counts, for 24 hours after the closing."""

import pytest
from cast import HOUR, NOON, SECOND, ana, archived, carl, closed, decided, refused, stepped, waiting

from chatsession.core import commands as c
from chatsession.core import limits


def judge(**more) -> c.GiveFeedback:
    return c.GiveFeedback(actor=ana, **more)


@pytest.mark.parametrize("session", [waiting(), closed(), archived()], ids=["open", "closed", "archived"])
def test_a_judgement_is_taken_in_every_phase(session):
    (given,) = decided(session, judge(score=4, comment="Quick", part="bot"))

    assert (given.score, given.comment, given.part, given.period) == (4, "Quick", "bot", 1)


def test_the_last_word_counts():
    session = stepped(stepped(closed(), judge(score=1)), judge(score=5))

    assert session.outcome == "confirmed"


def test_a_comment_alone_takes_no_judgement_back():
    session = stepped(stepped(closed(), judge(score=1)), judge(comment="It is still broken"))

    assert session.outcome == "unresolved"


def test_a_day_after_the_closing_the_judgement_stands():
    decided(closed(), judge(score=1), at=NOON + 24 * HOUR)

    assert refused(closed(), judge(score=1), at=NOON + 24 * HOUR + SECOND).code == "wrong_state"


@pytest.mark.parametrize("wrong", [judge(), judge(score=0), judge(score=6), judge(score=1, comment="a\x00")])
def test_a_judgement_says_something_that_counts(wrong):
    assert refused(closed(), wrong).code == "invalid_request"


def test_a_comment_has_a_limit():
    assert refused(closed(), judge(comment="x" * (limits.COMMENT_CHARS_MAX + 1))).code == "too_large"


def test_only_the_visitor_judges():
    assert refused(closed(), c.GiveFeedback(actor=carl, score=5)).code == "forbidden"
