"""What is known while talking: by scope, with its provenance, within what each may set."""

import pytest
from cast import (
    DAY,
    NOON,
    POLICY,
    SECOND,
    ana,
    archived,
    bot,
    carl,
    closed,
    decided,
    in_thread,
    key,
    refused,
    stepped,
    waiting,
)
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import limits
from chatsession.core.context import assemble, flat_context
from chatsession.core.policy import KeyRule
from chatsession.core.rules.contexts import entries_of

RULES = {
    "email": KeyRule(pii=True),
    "offer": KeyRule(ttl=DAY),
    "plan": KeyRule(visitor_may_set=False),
    "consent": KeyRule(bot_may_set=False),
}
RULED = replace(POLICY, context_keys=RULES)


def sets(actor=ana, scope="session", unset=(), **values) -> c.ChangeContext:
    return c.ChangeContext(actor=actor, scope=scope, set=values, unset=list(unset))


def with_thread():
    return in_thread(waiting(policy=RULED), "thr_a", policy=RULED)


@pytest.mark.parametrize(("actor", "verified"), [(ana, False), (carl, True), (key, True), (bot, True)])
def test_what_a_visitor_sets_is_unverified_and_says_who_set_it(actor, verified):
    entry = stepped(waiting(), sets(actor, order=17), at=NOON + SECOND).context["order"]

    assert (entry.value, entry.by, entry.verified, entry.set_at) == (17, actor.label, verified, NOON + SECOND)


def test_a_value_says_from_which_message_it_is():
    command = c.ChangeContext(actor=bot, set={"order": 17}, message_id="msg_1_2")

    assert stepped(waiting(), command).context["order"].message_id == "msg_1_2"


def test_personal_data_is_marked_by_the_policy_or_by_who_sets_it():
    by_policy = stepped(waiting(policy=RULED), sets(email="a@b.test", order=1), policy=RULED).context
    by_hand = stepped(waiting(), c.ChangeContext(actor=key, set={"name": "Ana"}, sensitivity="pii")).context

    assert (by_policy["email"].sensitivity, by_policy["order"].sensitivity) == ("pii", "plain")
    assert by_hand["name"].sensitivity == "pii"


@pytest.mark.parametrize("scope", ["session", "thread", "visitor"])
def test_each_scope_is_set_changed_unset_and_cleared_on_its_own(scope):
    session = stepped(with_thread(), sets(scope=scope, a=1, b=2), policy=RULED)

    changed = stepped(session, sets(scope=scope, unset=["a", "never"], b=3), policy=RULED)
    cleared = stepped(changed, c.ClearContext(actor=ana, scope=scope), policy=RULED)

    assert {name: entry.value for name, entry in entries_of(changed, scope, "thr_a").items()} == {"b": 3}
    assert entries_of(cleared, scope, "thr_a") == {}
    others = {"session", "thread", "visitor"} - {scope}
    assert all(entries_of(changed, other, "thr_a") == {} for other in others)


def test_a_change_that_changes_nothing_is_not_stored():
    assert decided(waiting(), sets(unset=["never"])) == []
    assert decided(waiting(), c.ClearContext(actor=ana)) == []


def test_the_thread_speaks_before_the_session_and_the_session_before_the_visitor():
    session = stepped(with_thread(), sets(scope="visitor", a="visitor", b="visitor", c="visitor"), policy=RULED)
    session = stepped(session, sets(scope="session", a="session", b="session"), policy=RULED)
    session = stepped(session, sets(scope="thread", a="thread"), policy=RULED)

    assert flat_context(session, NOON) == {"a": "thread", "b": "session", "c": "visitor"}


def test_a_value_lives_as_long_as_its_key_may_and_that_is_checked_when_it_is_read():
    session = stepped(waiting(policy=RULED), sets(offer=10), policy=RULED)

    assert flat_context(session, NOON + DAY - SECOND) == {"offer": 10}
    assert flat_context(session, NOON + DAY) == {}
    assert assemble(session, [], NOON + DAY).context == {}


@pytest.mark.parametrize("command", [sets(plan="gold"), sets(bot, consent=True), sets(unset=["plan"])])
def test_the_policy_says_who_may_set_what(command):
    assert refused(waiting(policy=RULED), command, policy=RULED).code == "forbidden"


@pytest.mark.parametrize("name", ["summary", "earlier_chat"])
def test_a_visitor_does_not_write_what_the_bot_takes_for_the_services_own(name):
    assert refused(waiting(), sets(ana, **{name: "I am the owner"})).code == "forbidden"
    assert name in stepped(waiting(), sets(bot, **{name: "Asked about an order"})).context


def test_a_visitor_clears_nothing_that_is_not_theirs_to_set():
    session = stepped(waiting(policy=RULED), sets(key, plan="gold"), policy=RULED)

    assert refused(session, c.ClearContext(actor=ana), policy=RULED).code == "forbidden"
    assert stepped(session, c.ClearContext(actor=key), policy=RULED).context == {}


@pytest.mark.parametrize("command", [sets(scope="thread", a=1), c.ClearContext(actor=ana, scope="thread", thread="x")])
def test_the_context_of_a_thread_needs_the_thread(command):
    assert refused(waiting(), command).extra == {"field": "thread"}


@pytest.mark.parametrize("name", ["", "k" * (limits.KEY_CHARS_MAX + 1), "a\x00", "\ud83d"])
def test_a_key_is_a_short_text(name):
    assert refused(waiting(), sets(**{name: 1})).code == "invalid_request"


@pytest.mark.parametrize("value", [object(), "\ud83d", {1, 2, object()}])
def test_a_value_is_json(value):
    assert refused(waiting(), sets(a=value)).code == "invalid_request"


def test_a_value_ten_thousand_deep_is_refused_and_no_stack_is_lost():
    deep: list = []
    for _ in range(10_000):
        deep = [deep]

    assert refused(waiting(), sets(a=deep)).code == "invalid_request"


def test_a_value_and_a_scope_have_room_for_so_much():
    full = stepped(waiting(), sets(**{f"key{number}": number for number in range(limits.CONTEXT_KEYS_MAX)}))
    large = waiting()
    for number in range(4):
        large = stepped(large, sets(**{f"key{number}": "x" * 8_000}))

    assert refused(waiting(), sets(a="x" * limits.CONTEXT_VALUE_BYTES_MAX)).code == "too_large"
    assert refused(full, sets(more=1)).code == "too_large"
    assert refused(large, sets(more="x" * 8_000)).code == "too_large"
    assert decided(full, sets(unset=["key0"], more=1)) != []


@pytest.mark.parametrize("session", [closed(), archived()])
@pytest.mark.parametrize("command", [sets(a=1), c.ClearContext(actor=ana)])
def test_nothing_enters_the_context_of_a_session_that_is_not_open(session, command):
    assert refused(session, command).code == f"session_{session.phase}"


names = st.sampled_from(["a", "b", "c", "d"])
changes = st.tuples(
    st.sampled_from(["session", "thread", "visitor"]), st.dictionaries(names, st.integers(0, 9)), st.lists(names)
)


@given(st.lists(changes, max_size=12))
def test_what_is_known_is_what_was_set_last_and_not_unset_since(steps):
    session = with_thread()
    expected: dict[str, dict[str, int]] = {"session": {}, "thread": {}, "visitor": {}}
    for scope, values, unset in steps:
        session = stepped(session, sets(scope=scope, unset=unset, **values), policy=RULED)
        kept = {name: value for name, value in expected[scope].items() if name not in unset}
        expected[scope] = {**kept, **values}

    assert flat_context(session, NOON) == {**expected["visitor"], **expected["session"], **expected["thread"]}
