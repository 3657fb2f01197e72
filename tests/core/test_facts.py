"""The numbers of a session, and time accounts that add up."""

from cast import HOUR, MINUTE, NOON, POLICY, SECOND, ana, bot, carl, decided, open_session
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.apply import apply
from chatsession.core.facts import Accounts, SessionFacts, follow

OPENING = c.OpenSession(actor=ana, session="ses_1", inbox="shop", visitor="vis_ana", policy=POLICY.hash, text="Hello")


def facts_of(*steps, policy=POLICY) -> SessionFacts:
    """The facts after commands, each with the seconds since noon at which it came."""
    session, facts = None, None
    for seconds, command in steps:
        for event in decided(session, command, at=NOON + seconds * SECOND, policy=policy):
            facts = follow(facts, session, event)
            session = apply(session, event)
    return facts


def says(text="Hi", actor=ana):
    return c.PostMessage(actor=actor, text=text)


def answer(turn=1, attempt=1, **more):
    return c.AnswerTurn(actor=bot, turn=turn, attempt=attempt, text="Yes", **more)


def test_every_moment_belongs_to_whom_the_session_waited_for():
    facts = facts_of(
        (0, OPENING),
        (2, answer()),
        (32, c.RequestHandoff(actor=ana)),
        (92, c.ClaimSession(actor=carl)),
        (102, says("Hello", carl)),
        (105, says()),
        (106, c.SnoozeSession(actor=carl, until=NOON + HOUR)),
        (116, c.EndSnooze(actor=carl)),
        (120, c.CloseSession(actor=ana)),
    )

    assert facts.accounts == Accounts(
        bot=2 * SECOND,
        visitor=33 * SECOND,
        queue=60 * SECOND,
        agent=15 * SECOND,
        snoozed=10 * SECOND,
    )
    assert facts.accounts.total == facts.duration == 120 * SECOND


def test_the_time_under_a_warning_is_an_account_of_its_own():
    policy = replace(POLICY, idle_timeout=10 * MINUTE, warn_before=MINUTE)

    facts = facts_of((0, OPENING), (0, answer()), (540, c.Tick()), (600, c.Tick()), policy=policy)

    assert (facts.accounts.visitor, facts.accounts.warned) == (9 * MINUTE, MINUTE)
    assert (facts.warnings, facts.outcome) == (1, "assumed")


def test_the_time_between_two_periods_belongs_to_nobody():
    facts = facts_of(
        (0, OPENING),
        (1, answer()),
        (2, c.CloseSession(actor=ana)),
        (1_002, c.ResumeSession(actor=ana, policy=POLICY.hash)),
        (1_005, c.CloseSession(actor=ana)),
    )

    assert (facts.periods, facts.duration, facts.accounts.total) == (2, 5 * SECOND, 5 * SECOND)


def test_messages_turns_and_first_response_are_counted():
    facts = facts_of(
        (0, OPENING),
        (3, answer(known=False)),
        (4, says()),
        (5, c.StopTurn(actor=ana)),
        (6, says()),
        (7, c.FailTurn(actor=bot, turn=3, attempt=1, reason="error")),
        (8, c.FailTurn(actor=bot, turn=3, attempt=2, reason="error")),
        (9, c.RequestHandoff(actor=ana)),
        (10, c.ClaimSession(actor=carl)),
        (11, says("Hello", carl)),
    )

    assert (facts.visitor_messages, facts.bot_messages, facts.agent_messages) == (3, 2, 1)
    assert (facts.turns, facts.turns_unknown, facts.turns_superseded, facts.turns_failed) == (3, 1, 1, 1)
    assert (facts.first_response, facts.handoffs, facts.human_took_part) == (3 * SECOND, 1, True)


def test_a_greeting_is_no_response():
    opening = replace(OPENING, text=None)

    facts = facts_of((0, opening), (1, says("Welcome", bot)), (60, says()), (65, answer()))

    assert facts.first_response == 5 * SECOND


def test_costs_are_summed_over_all_attempts():
    usage = e.Usage(tokens_in=100, tokens_out=20, cost_microusd=7, model_calls=1)

    facts = facts_of(
        (0, OPENING),
        (1, c.FailTurn(actor=bot, turn=1, attempt=1, reason="error", usage=usage)),
        (2, answer(attempt=2, usage=usage)),
    )

    assert (facts.tokens, facts.cost_microusd) == (240, 14)


def test_a_judgement_after_the_closing_is_seen_in_the_outcome_at_once():
    facts = facts_of(
        (0, OPENING), (1, answer()), (2, c.CloseSession(actor=ana)), (3, c.GiveFeedback(actor=ana, score=1))
    )

    assert (facts.score, facts.outcome) == (1, "unresolved")


def test_a_comment_takes_no_judgement_back():
    facts = facts_of(
        (0, OPENING),
        (1, c.GiveFeedback(actor=ana, score=2, solved=False)),
        (2, c.GiveFeedback(actor=ana, comment="Still broken")),
    )

    assert (facts.score, facts.solved, facts.outcome) == (2, False, None)


def test_a_return_takes_the_outcome_back():
    facts = facts_of(
        (0, OPENING),
        (1, answer()),
        (2, c.CloseSession(actor=ana)),
        (3, c.ResumeSession(actor=ana, policy=POLICY.hash, text="Again")),
    )

    assert facts.outcome == "returned"


def test_what_has_no_number_changes_only_until_when_the_accounts_are_kept():
    before = facts_of((0, OPENING))

    after = facts_of((0, OPENING), (5, c.ChangeContext(actor=ana, set={"order": 1})))

    assert after == replace(before, since=NOON + 5 * SECOND, accounts=Accounts(bot=5 * SECOND))


def test_facts_begin_with_the_opening():
    opened = decided(None, OPENING)[0]

    assert follow(None, None, opened) == SessionFacts(since=NOON)
    assert follow(None, open_session(), opened) == SessionFacts(since=NOON)


def test_the_facts_are_constant_in_size():
    steps = [(0, OPENING)]
    for turn in range(1, 50):
        steps += [(turn, answer(turn)), (turn, says())]

    assert len(repr(facts_of(*steps))) < len(repr(facts_of(*steps[:5]))) + 50
