"""How a period ended for the visitor: provisional at the closing, final when it settles."""

import pytest
from cast import (
    NOON,
    POLICY,
    SECOND,
    ana,
    answered,
    bot,
    carl,
    clock,
    closed,
    decided,
    in_thread,
    open_session,
    queued,
    stepped,
    waiting,
    with_agent,
)
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.outcome import outcome_of, settled_on_return
from chatsession.core.session import Tally


def outcome(session, command=None):
    command = command or c.CloseSession(actor=ana)
    return next(event.outcome for event in decided(session, command) if type(event) is e.SessionClosed)


def says(text, session):
    return stepped(session, c.PostMessage(actor=ana, text=text))


def rated(session, **more):
    return stepped(session, c.GiveFeedback(actor=ana, **more))


def unknown():
    return stepped(open_session(), c.AnswerTurn(actor=bot, turn=1, attempt=1, text="No idea", known=False))


def failed():
    session = stepped(open_session(), c.FailTurn(actor=bot, turn=1, attempt=1, reason="error"))
    return stepped(session, c.FailTurn(actor=bot, turn=1, attempt=2, reason="error"))


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        (open_session(text=None), "empty"),
        (waiting(), "assumed"),
        (rated(waiting(), score=5), "confirmed"),
        (rated(waiting(), score=4), "confirmed"),
        (rated(waiting(), score=3), "assumed"),
        (rated(waiting(), solved=True), "confirmed"),
        (rated(waiting(), score=2), "unresolved"),
        (rated(waiting(), solved=False), "unresolved"),
        (rated(waiting(), score=5, solved=False), "unresolved"),
        (unknown(), "unresolved"),
        (failed(), "unresolved"),
        (open_session(), "abandoned"),
        (queued(), "abandoned"),
        (with_agent(), "abandoned"),
        (stepped(open_session(), c.StopTurn(actor=ana)), "abandoned"),
        (says("And?", unknown()), "abandoned"),
        (stepped(stepped(unknown(), c.OpenTurn(actor=bot)), c.StopTurn(actor=ana)), "unresolved"),
        (says("And?", rated(waiting(), score=5)), "abandoned"),
    ],
)
def test_the_first_that_holds_is_the_outcome(session, expected):
    assert outcome(session) == expected


def test_an_agents_answer_makes_up_for_what_the_bot_did_not_know():
    session = stepped(unknown(), c.ClaimSession(actor=carl))

    answered_by_carl = stepped(session, c.PostMessage(actor=carl, text="I do"))

    assert outcome(answered_by_carl) == "assumed"


def test_what_the_agent_declares_holds_unless_the_visitor_objected():
    resolve = c.ResolveSession(actor=carl)

    assert outcome(with_agent(), resolve) == "confirmed"
    assert outcome(rated(with_agent(), score=1), resolve) == "unresolved"


def test_a_judgement_after_the_closing_changes_the_provisional_outcome():
    assert rated(closed(), score=5).outcome == "confirmed"
    assert rated(closed(), score=1).outcome == "unresolved"


def test_a_settled_outcome_does_not_change():
    settled = stepped(closed(), c.ArchiveSession(actor=clock))

    assert rated(settled, score=1).outcome == "assumed"


def test_a_return_takes_an_assumed_resolution_back():
    resumed = stepped(closed(), c.ResumeSession(actor=ana, policy=POLICY.hash))

    (settled,) = [e_ for e_ in decided(resumed, c.PostMessage(actor=ana, text="Again")) if type(e_) is e.OutcomeSettled]

    assert (settled.period, settled.outcome, settled.was) == (1, "returned", "assumed")


def test_a_return_about_something_else_leaves_the_outcome_as_it_was():
    session = stepped(waiting(), c.StartThread(actor=ana, topic="delivery"))
    session = answered(says("Where is it?", session))
    session = stepped(session, c.CloseSession(actor=ana))
    resumed = stepped(session, c.ResumeSession(actor=ana, policy=POLICY.hash))
    elsewhere = stepped(resumed, c.StartThread(actor=ana, topic="refund"))

    events = decided(elsewhere, c.PostMessage(actor=ana, text="My money"))

    assert [event.outcome for event in events if type(event) is e.OutcomeSettled] == ["assumed"]


def test_which_thread_a_return_is_about_is_what_its_message_says():
    session = answered(says("About a", in_thread(waiting(), "thr_a")))
    session = in_thread(session, "thr_b")
    session = stepped(session, c.CloseSession(actor=ana))

    events = decided(session, c.ResumeSession(actor=ana, policy=POLICY.hash, text="A again", thread="thr_a"))

    assert [event.outcome for event in events if type(event) is e.OutcomeSettled] == ["returned"]


def test_a_return_without_a_word_leaves_the_outcome_as_it_was():
    resumed = stepped(closed(), c.ResumeSession(actor=ana, policy=POLICY.hash), at=NOON + SECOND)

    events = decided(resumed, c.CloseSession(actor=ana))

    assert [(type(event), event.outcome) for event in events[:2]] == [
        (e.OutcomeSettled, "assumed"),
        (e.SessionClosed, "empty"),
    ]


tallies = st.builds(
    Tally,
    visitor_messages=st.integers(0, 2),
    last_author=st.sampled_from([None, "visitor", "bot", "agent"]),
    last_turn=st.sampled_from([None, "answered", "unknown", "failed", "superseded"]),
    rated_down=st.booleans(),
    confirmed=st.booleans(),
)


@given(tally=tallies, waiting_on=st.sampled_from(["visitor", "bot", "agent"]))
def test_only_who_was_answered_and_did_not_object_counts_as_helped(tally, waiting_on):
    found = outcome_of(replace(waiting(), tally=tally, waiting_on=waiting_on))

    assert (found == "empty") == (tally.visitor_messages == 0)
    if found in ("confirmed", "assumed"):
        assert not tally.rated_down
    if found == "assumed":
        assert waiting_on == "visitor"
        assert tally.last_author != "visitor"
        assert tally.last_turn not in ("failed", "unknown")


@given(st.sampled_from(["confirmed", "assumed", "unresolved", "abandoned", "empty"]), st.booleans())
def test_only_a_resolution_is_taken_back_and_only_for_the_same_thread(outcome_, same):
    taken_back = settled_on_return(outcome_, same_thread=same) == "returned"

    assert taken_back == (same and outcome_ in ("confirmed", "assumed"))
