"""The turns of the bot: every one of them is answered, failed or superseded."""

import pytest
from cast import (
    MINUTE,
    NOON,
    POLICY,
    SECOND,
    ana,
    answered,
    bot,
    carl,
    closed,
    decided,
    kinds,
    open_session,
    queued,
    refused,
    stepped,
    waiting,
)
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.apply import apply
from chatsession.core.draft import Draft
from chatsession.core.due import due_at
from chatsession.core.rules.turns import attempt_failed
from chatsession.core.session import NO_FACTS

SILENCE = POLICY.bot_silence
USAGE = e.Usage(tokens_in=10, tokens_out=5, cost_microusd=300, model_calls=1)


def answer(text: str = "Yes", attempt: int = 1, turn: int = 1, **more) -> c.AnswerTurn:
    return c.AnswerTurn(actor=bot, turn=turn, attempt=attempt, text=text, **more)


def fail(attempt: int = 1, reason: str = "error") -> c.FailTurn:
    return c.FailTurn(actor=bot, turn=1, attempt=attempt, reason=reason)


def test_an_answer_is_posted_and_ends_the_turn():
    source = e.Source(title="Returns", url="/returns")

    posted, ended = decided(open_session(), answer(sources=[source], release="v1"))

    assert (posted.author.kind, posted.turn, posted.attempt, posted.sources) == ("bot", 1, 1, [source])
    assert (ended.result, ended.release) == ("answered", "v1")


@pytest.mark.parametrize(("turn", "attempt"), [(1, 2), (2, 1)])
def test_an_answer_to_another_turn_or_attempt_is_too_late(turn, attempt):
    late = [
        answer(turn=turn, attempt=attempt),
        c.FailTurn(actor=bot, turn=turn, attempt=attempt, reason="error"),
        c.RefuseTurn(actor=bot, turn=turn, attempt=attempt, limit="turns", span="inbox_day", used=1, allowed=1),
    ]

    assert {refused(open_session(), command).code for command in late} == {"turn_over"}


@pytest.mark.parametrize("session", [waiting(), queued(), closed()], ids=["no turn", "queue", "closed"])
def test_an_answer_without_an_open_turn_is_too_late(session):
    assert refused(session, answer()).code == "turn_over"


def test_a_silent_bot_is_tried_again_and_then_excused_with_the_offer_of_a_human():
    session = open_session()

    (retried,) = decided(session, c.Tick(), at=NOON + SILENCE)
    session = stepped(session, c.Tick(), at=NOON + SILENCE)
    given_up = decided(session, c.Tick(), at=NOON + 2 * SILENCE)

    assert (retried.attempt, retried.reason) == (2, "silence")
    assert kinds(given_up) == [e.MessagePosted, e.HumanOffered, e.TurnFailed]
    assert given_up[0].text == POLICY.texts.apology


def test_silence_counts_from_the_last_covered_delta():
    session = stepped(open_session(), c.Touch(actor=bot, turn=1, attempt=1), at=NOON + 10 * SECOND)

    assert due_at(session, POLICY) == NOON + 13 * SECOND + SILENCE


def test_an_attempt_that_breaks_is_like_a_silent_one():
    session = stepped(open_session(), fail())

    assert session.turn.attempt == 2
    assert kinds(decided(session, fail(attempt=2))) == [e.MessagePosted, e.HumanOffered, e.TurnFailed]


def test_an_end_of_our_own_process_is_not_the_bots_failure():
    session = open_session()

    session = stepped(session, c.Tick(served_since=NOON + SECOND), at=NOON + SECOND)
    session = stepped(session, fail(attempt=2))

    assert (session.turn.attempt, session.turn.silences) == (3, 1)


def test_a_turn_is_not_tried_for_ever_however_often_we_die():
    session = open_session()
    for life in range(1, limits.TURN_ATTEMPTS_MAX + 1):
        at = NOON + life * SECOND
        session = stepped(session, c.Tick(served_since=at), at=at)

    assert session.turn is None
    assert session.tally.last_turn == "failed"


def test_a_turn_of_a_bot_without_a_deadline_is_taken_up_by_the_next_process():
    patient = replace(POLICY, bot_silence=None)

    session = open_session(policy=patient)

    assert due_at(session, patient) is None
    assert due_at(session, patient, NOON + MINUTE) == NOON + MINUTE


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (answer(""), "empty"),
        (answer("I", result="failed"), "failed"),
        (answer("x" * (limits.TEXT_CHARS_MAX + 1)), "unfit"),
        (answer("half \ud83d"), "unfit"),
        (answer("a\x00b"), "unfit"),
        (answer(parts=[{"data": "x" * limits.PARTS_BYTES_MAX}]), "unfit"),
        (answer(parts=[{"data": object()}]), "unfit"),
        (answer(sources=[e.Source(title="x" * limits.SOURCES_BYTES_MAX)]), "unfit"),
    ],
)
def test_an_answer_that_is_none_counts_as_a_failed_attempt(wrong, reason):
    (retried,) = decided(open_session(), wrong)

    assert (type(retried), retried.reason) == (e.TurnRetried, reason)


def test_an_answer_keeps_as_many_parts_and_sources_as_there_is_room_for():
    posted, _ = decided(open_session(), answer(parts=[{}] * 20, sources=[e.Source(title="Doc")] * 20))

    assert (len(posted.parts), len(posted.sources)) == (limits.PARTS_MAX, limits.SOURCES_MAX)


def test_parts_alone_are_an_answer():
    posted, _ = decided(open_session(), answer("", parts=[{"type": "buttons"}]))

    assert posted.parts == [{"type": "buttons"}]


def test_what_an_attempt_used_is_counted_whether_it_answered_or_failed():
    tried = stepped(open_session(), c.FailTurn(actor=bot, turn=1, attempt=1, reason="error", usage=USAGE))
    after = stepped(tried, answer(attempt=2, usage=USAGE))

    assert (after.spent.tokens, after.spent.cost_microusd, after.spent.model_calls) == (30, 600, 2)


def test_what_a_stopped_attempt_used_is_counted_when_it_says_so():
    stopped = stepped(open_session(), c.StopTurn(actor=ana))

    (counted,) = decided(stopped, c.FailTurn(actor=bot, turn=1, attempt=1, reason="superseded", usage=USAGE))

    assert (counted.turn, counted.attempt, counted.usage) == (1, 1, USAGE)


def test_what_the_bot_learnt_is_kept_with_its_name_on_it():
    after = stepped(open_session(), answer(context={"order": 17}))

    entry = after.context["order"]
    assert (entry.value, entry.by, entry.verified) == (17, "bot", True)


def test_a_slip_of_the_bot_in_its_context_does_not_cost_its_answer():
    slips = {"": 1, "k" * 65: 1, "big": "x" * 9_000, "odd": object(), "fine": 1}

    after = stepped(open_session(), answer(context=slips))

    assert set(after.context) == {"fine"}
    assert after.tally.last_turn == "answered"


def test_a_bot_that_learnt_nothing_fitting_changes_no_context():
    assert e.ContextChanged not in kinds(decided(open_session(), answer(context={"": 1})))


def test_a_bot_may_say_that_it_does_not_know():
    after = stepped(open_session(), answer("I do not know", known=False))

    assert after.tally.last_turn == "unknown"


@pytest.mark.parametrize(("known", "reason"), [(True, "bot_asked"), (False, "not_known")])
def test_a_bot_that_needs_an_agent_offers_one(known, reason):
    events = decided(open_session(), answer("", result="needs_agent", known=known))

    assert kinds(events) == [e.TurnAnswered, e.HumanOffered]
    assert events[1].reason == reason


def test_a_bot_that_needs_an_agent_fetches_one_where_the_policy_says_so():
    policy = replace(POLICY, on_needs_agent="queue")

    after = stepped(open_session(policy=policy), answer("One moment", result="needs_agent"), policy=policy)

    assert (after.floor, after.queue.since) == ("queue", NOON)


def test_a_bot_may_resolve_the_session_with_its_answer():
    closing = decided(open_session(), answer("Done", resolved=True))

    assert kinds(closing) == [e.MessagePosted, e.TurnAnswered, e.SessionClosed, e.ContextCarried]
    assert (closing[2].reason, closing[2].by) == ("resolved", "bot")


def test_the_visitor_stops_an_answer():
    (superseded,) = decided(open_session(), c.StopTurn(actor=ana))
    after = stepped(open_session(), c.StopTurn(actor=ana), at=NOON + SECOND)

    assert superseded.reason == "stopped"
    assert (after.waiting_on, after.idle_since) == ("visitor", NOON + SECOND)
    assert refused(after, answer()).code == "turn_over"


def test_where_nothing_is_running_nothing_is_stopped():
    assert decided(waiting(), c.StopTurn(actor=ana)) == []


def test_a_turn_ends_when_a_human_takes_over():
    events = decided(open_session(), c.ClaimSession(actor=carl))

    assert kinds(events) == [e.TurnSuperseded, e.FloorChanged]
    assert events[0].reason == "handoff"


def test_a_bot_that_is_speaking_opens_no_second_turn():
    assert decided(open_session(), c.OpenTurn(actor=bot)) == []


def test_a_bot_that_fails_without_having_been_asked_apologises_to_nobody():
    session = stepped(waiting(), c.OpenTurn(actor=bot))
    session = stepped(session, c.FailTurn(actor=bot, turn=2, attempt=1, reason="error"))

    events = decided(session, c.FailTurn(actor=bot, turn=2, attempt=2, reason="error"))
    after = stepped(session, c.FailTurn(actor=bot, turn=2, attempt=2, reason="error"))

    assert kinds(events) == [e.TurnFailed]
    assert after.tally.last_turn == "answered"


def test_turns_are_numbered_through_the_whole_session():
    session = answered(open_session())

    again = stepped(session, c.PostMessage(actor=ana, text="And?"))

    assert again.turn.number == 2


def test_an_attempt_that_is_over_fails_nobody():
    draft = Draft(waiting(), POLICY, NOON, NO_FACTS)

    attempt_failed(draft, "silence")

    assert draft.events == []


def test_a_retry_without_a_turn_changes_nothing_but_the_place_in_the_list():
    session = waiting()

    after = apply(session, e.TurnRetried(seq=session.seq + 1, at=NOON, turn=1, attempt=2, reason="silence"))

    assert after == replace(session, seq=session.seq + 1)
