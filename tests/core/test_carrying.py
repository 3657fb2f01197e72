"""What of the context crosses a boundary, by which rule, with a ledger entry for each."""

from datetime import timedelta

import pytest
from cast import DAY, HOUR, NOON, POLICY, ana, carl, clock, decided, in_thread, key, open_session, stepped, waiting
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.policy import KeyRule
from chatsession.core.session import Facts

KEYS = ("order", "language", "offer", "summary")


def policy_with(rule, *, preferences=(), ttl=None, **reasons):
    return replace(
        POLICY,
        carry_over={"default": rule, **reasons},
        preferences=preferences,
        context_keys={"offer": KeyRule(ttl=ttl)} if ttl else {},
    )


def filled(policy, session_values=None, visitor_values=None, thread_values=None):
    session = in_thread(waiting(policy=policy), "thr_a", topic="delivery", policy=policy)
    scopes = {"session": session_values, "visitor": visitor_values, "thread": thread_values}
    for scope, values in scopes.items():
        if values:
            session = stepped(session, c.ChangeContext(actor=key, scope=scope, set=values), policy=policy)
    return stepped(session, c.CloseSession(actor=ana), policy=policy)


def ledger(session, policy, at=NOON):
    events = decided(session, c.ArchiveSession(actor=clock), at=at, policy=policy)
    return next(event for event in events if type(event) is e.ContextCarried)


def values(entries):
    return {name: entry.value for name, entry in entries.items()}


def test_a_fresh_start_carries_nothing_but_declared_preferences():
    policy = policy_with("fresh", preferences=("language",))

    carried = ledger(filled(policy, {"order": 17}, {"language": "de", "order": 3}), policy)

    assert carried.session_entries == {}
    assert values(carried.visitor_entries) == {"language": "de"}
    assert (carried.rule, carried.kept, carried.dropped) == ("fresh", ["language"], ["order"])


def test_keep_all_carries_everything_of_every_scope():
    policy = policy_with("keep_all")

    carried = ledger(filled(policy, {"order": 17}, {"language": "de"}, {"parcel": 5}), policy)

    assert values(carried.session_entries) == {"order": 17}
    assert values(carried.visitor_entries) == {"language": "de"}
    assert values(carried.thread_entries["thr_a"]) == {"parcel": 5}
    assert carried.dropped == []


def test_named_keys_are_carried_and_no_others():
    policy = policy_with(("order",))

    carried = ledger(filled(policy, {"order": 17, "mood": "angry"}, {"language": "de"}), policy)

    assert (carried.rule, carried.kept, carried.dropped) == ("keep_keys", ["order"], ["language", "mood"])


def test_a_summary_carries_the_facts_in_a_few_words_and_leaves_what_was_said_behind():
    policy = policy_with("summary")

    carried = ledger(filled(policy, {"order": 17, "summary": "Asked about an order"}), policy)

    assert set(carried.session_entries) == {"summary", "earlier_chat"}
    assert carried.session_entries["earlier_chat"].value == {
        "closed_because": "visitor",
        "outcome": "assumed",
        "visitor_messages": 1,
        "with_agent": False,
        "topics": ["delivery"],
    }
    assert (carried.summarised, carried.dropped) == (["order"], [])


def test_a_summary_needs_nobody_to_have_written_one():
    policy = policy_with("summary")

    assert set(ledger(filled(policy), policy).session_entries) == {"earlier_chat"}


def test_the_rule_depends_on_why_the_session_closed():
    policy = policy_with("fresh", resolved="keep_all")
    session = stepped(waiting(policy=policy), c.ChangeContext(actor=key, set={"order": 17}), policy=policy)
    resolved = stepped(session, c.ResolveSession(actor=carl), policy=policy)

    assert ledger(resolved, policy).rule == "keep_all"
    assert ledger(filled(policy), policy).rule == "fresh"


def test_what_has_expired_is_not_carried_and_the_ledger_says_so():
    policy = policy_with("keep_all", ttl=HOUR)

    carried = ledger(filled(policy, {"offer": 10, "order": 17}), policy, at=NOON + HOUR)

    assert (carried.kept, carried.dropped) == (["order"], ["offer"])


def test_sealing_writes_down_what_is_kept():
    session = stepped(waiting(), c.ChangeContext(actor=key, set={"order": 17}))

    sealed = decided(session, c.CloseSession(actor=ana))[1]

    assert (sealed.boundary, sealed.rule, sealed.kept, sealed.session_entries) == ("closed", "sealed", ["order"], {})


def test_an_archived_session_keeps_the_document_and_nothing_active():
    policy = policy_with("keep_all")
    session = filled(policy, {"order": 17}, {"language": "de"}, {"parcel": 5})

    after = stepped(session, c.ArchiveSession(actor=clock), policy=policy)

    assert values(after.carried.session_entries) == {"order": 17}
    assert (after.context, after.visitor_context, after.threads["thr_a"].context) == ({}, {}, {})


def test_sealing_alone_hands_nothing_on():
    assert filled(policy_with("keep_all"), {"order": 17}).carried is None


def test_the_next_session_knows_what_was_handed_on():
    policy = policy_with("keep_all")
    earlier = stepped(filled(policy, {"order": 17}, {"language": "de"}), c.ArchiveSession(actor=clock), policy=policy)

    later = open_session(policy=policy, previous="ses_0", facts=Facts(carried=earlier.carried))

    assert (values(later.context), values(later.visitor_context)) == ({"order": 17}, {"language": "de"})


@pytest.mark.parametrize("spoke", [True, False])
def test_the_summary_says_whether_a_human_took_part(spoke):
    policy = policy_with("summary")
    session = stepped(waiting(policy=policy), c.ClaimSession(actor=carl), policy=policy)
    if spoke:
        session = stepped(session, c.PostMessage(actor=carl, text="Hello"), policy=policy)
    session = stepped(session, c.CloseSession(actor=ana), policy=policy)

    earlier = ledger(session, policy).session_entries["earlier_chat"].value

    assert earlier["with_agent"] is spoke


def reference(rule, preferences, session_values, visitor_values, expired):
    """What may cross, said again in the plainest words."""
    session_values = {name: value for name, value in session_values.items() if name not in expired}
    visitor_values = {name: value for name, value in visitor_values.items() if name not in expired}
    named = rule if isinstance(rule, tuple) else KEYS if rule == "keep_all" else ()
    of_session = (*named, "summary") if rule == "summary" else named
    of_visitor = (*named, *preferences)
    return (
        {name: value for name, value in session_values.items() if name in of_session},
        {name: value for name, value in visitor_values.items() if name in of_visitor},
    )


context = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 9))


@given(
    rule=st.one_of(st.sampled_from(["fresh", "keep_all", "summary"]), st.lists(st.sampled_from(KEYS)).map(tuple)),
    preferences=st.lists(st.sampled_from(KEYS)).map(tuple),
    session_values=context,
    visitor_values=context,
    after=st.sampled_from([timedelta(0), HOUR, DAY]),
)
def test_nothing_crosses_that_the_rule_does_not_let_through(rule, preferences, session_values, visitor_values, after):
    policy = policy_with(rule, preferences=preferences, ttl=HOUR)

    carried = ledger(filled(policy, session_values, visitor_values), policy, at=NOON + after)

    expired = {"offer"} if after >= HOUR else set()
    expected = reference(rule, preferences, session_values, visitor_values, expired)
    session_entries = {name: entry for name, entry in carried.session_entries.items() if name != "earlier_chat"}
    assert (values(session_entries), values(carried.visitor_entries)) == expected
    every = {*session_values, *visitor_values}
    named = [*carried.kept, *carried.summarised, *carried.dropped]
    assert every == set(named) - {"earlier_chat"}
    assert set(carried.kept).isdisjoint(carried.dropped)
