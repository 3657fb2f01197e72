"""Policies as people write them, every mistake named with the nearest right key or value."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatsession.core import durations
from chatsession.core.policy import PRESETS, KeyRule, Limits, Policy, Texts, canonical, from_canonical
from chatsession.core.policy_text import DURATIONS, PolicyTextError, checked, policy_from_text, policy_to_text

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_knobs_are_read_over_the_defaults():
    policy = policy_from_text(
        {
            "idle_timeout": "15m",
            "max_duration": "off",
            "keep_open_max": 12,
            "threads": "manual",
            "preferences": ["language"],
            "several_open": True,
            "context_keys": {"email": {"pii": True, "ttl": "30d"}},
            "limits": {"session_tokens": 1_000, "session_turns": "off"},
            "texts": {"apology": "Sorry!"},
        }
    )

    assert policy == Policy(
        idle_timeout=15 * MINUTE,
        keep_open_max=12,
        threads="manual",
        preferences=("language",),
        several_open=True,
        context_keys={"email": KeyRule(pii=True, ttl=timedelta(days=30))},
        limits=Limits(session_tokens=1_000, session_turns=None),
        texts=Texts(apology="Sorry!"),
    )


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_a_starting_point(name):
    assert policy_from_text({"preset": name}) == checked(PRESETS[name])
    assert policy_from_text({"preset": name, "bot_silence": "9s"}).bot_silence == timedelta(seconds=9)


def test_the_presets_idle_as_long_as_their_traffic_needs():
    lengths = {name: durations.render(policy.idle_timeout) for name, policy in PRESETS.items()}

    assert lengths == {"default": "30m", "support": "15m", "sales": "4h", "messaging": "1d"}


def test_knobs_are_read_over_a_base():
    base = Policy(idle_timeout=HOUR, limits=Limits(session_tokens=5))

    policy = policy_from_text({"limits": {"session_turns": 3}}, base)

    assert (policy.idle_timeout, policy.limits) == (HOUR, Limits(session_tokens=5, session_turns=3))


@pytest.mark.parametrize("rule", ["keep_all", ["order", "language"]])
def test_one_rule_for_what_is_carried_holds_for_every_close_reason(rule):
    policy = policy_from_text({"carry_over": rule})

    assert policy.carry_rule("timeout") == (rule if isinstance(rule, str) else tuple(rule))


def test_a_close_reason_may_have_its_own_rule_of_what_is_carried():
    policy = policy_from_text({"carry_over": {"timeout": "keep_all"}})

    assert (policy.carry_rule("timeout"), policy.carry_rule("visitor"), policy.carry_rule(None)) == (
        "keep_all",
        "fresh",
        "fresh",
    )
    assert Policy(carry_over={}).carry_rule("visitor") == "fresh"


MISTAKES = [
    ({"idle_timout": "15m"}, "idle_timout", "idle_timeout"),
    ({"zzz": 1}, "zzz", None),
    ({"idle_timeout": 15}, "idle_timeout", None),
    ({"idle_timeout": "15 minutes"}, "idle_timeout", None),
    ({"idle_timeout": "500ms"}, "idle_timeout", None),
    ({"retention": "0"}, "retention", None),
    ({"retention": "401d"}, "retention", None),
    ({"warn_before": "off"}, "warn_before", None),
    ({"warn_before": "500ms"}, "warn_before", None),
    ({"warn_before": "30m"}, "warn_before", None),
    ({"max_duration": "1m"}, "warn_before", None),
    ({"keep_open_max": 9}, "keep_open_max", None),
    ({"keep_open_max": "many"}, "keep_open_max", None),
    ({"keep_open_max": True}, "keep_open_max", None),
    ({"queue_offers_max": 0}, "queue_offers_max", None),
    ({"queue_offers_max": "three"}, "queue_offers_max", None),
    ({"on_return": "resum"}, "on_return", "resume"),
    ({"on_return": 7}, "on_return", None),
    ({"open_on": ["open"]}, "open_on", "open"),
    ({"threads": "on"}, "threads", None),
    ({"several_open": "yes"}, "several_open", None),
    ({"preferences": "language"}, "preferences", None),
    ({"preset": "suport"}, "preset", "support"),
    ({"preset": ["support"]}, "preset", "support"),
    ({"carry_over": "keep-all"}, "carry_over.default", "keep_all"),
    ({"carry_over": {"timeut": "fresh"}}, "carry_over.timeut", "timeout"),
    ({"carry_over": {"timeout": 3}}, "carry_over.timeout", None),
    ({"carry_over": 3}, "carry_over.default", None),
    ({"context_keys": ["email"]}, "context_keys", None),
    ({"context_keys": {"email": True}}, "context_keys.email", None),
    ({"context_keys": {"email": {"pi": True}}}, "context_keys.email.pi", "pii"),
    ({"context_keys": {"email": {"ttl": 3}}}, "context_keys.email.ttl", None),
    ({"context_keys": {"email": {"pii": "yes"}}}, "context_keys.email.pii", None),
    ({"limits": {"session_token": 1}}, "limits.session_token", "session_tokens"),
    ({"limits": {"session_tokens": -1}}, "limits.session_tokens", None),
    ({"limits": {"session_tokens": "lots"}}, "limits.session_tokens", None),
    ({"limits": 3}, "limits", None),
    ({"texts": {"apolgy": "Sorry"}}, "texts.apolgy", "apology"),
    ({"texts": {"apology": " "}}, "texts.apology", None),
    ({"texts": {"apology": "a\x00"}}, "texts.apology", None),
    ({"texts": {"apology": 1}}, "texts.apology", None),
]


@pytest.mark.parametrize(("text", "named", "nearest"), MISTAKES)
def test_a_mistake_is_named_with_the_nearest_right_one(text, named, nearest):
    with pytest.raises(PolicyTextError) as caught:
        policy_from_text(text)

    assert (caught.value.key, caught.value.nearest) == (named, nearest)
    assert str(caught.value).startswith(f"{named}: ")
    assert nearest is None or f'did you mean "{nearest}"?' in str(caught.value)


def test_a_window_of_nothing_is_allowed():
    assert policy_from_text({"resume_window": "0"}).resume_window == timedelta(0)


lengths = st.none() | st.integers(1_000, int(durations.LONGEST / timedelta(milliseconds=1))).map(
    lambda milliseconds: timedelta(milliseconds=milliseconds)
)
names = st.text(min_size=1, max_size=8)
amounts = st.none() | st.integers(0, 10**9)
policies = st.builds(
    Policy,
    warn_before=st.just(timedelta(seconds=1)),
    **{name: lengths for name in DURATIONS if name not in ("idle_timeout", "max_duration")},
    idle_timeout=lengths.filter(lambda length: length != timedelta(seconds=1)),
    max_duration=lengths.filter(lambda length: length != timedelta(seconds=1)),
    open_on=st.sampled_from(["first_message", "open"]),
    on_return=st.sampled_from(["resume", "new"]),
    keep_open_max=st.none() | st.integers(10, 99),
    several_open=st.booleans(),
    carry_over=st.dictionaries(
        st.sampled_from(["timeout", "visitor", "merged"]),
        st.sampled_from(["fresh", "keep_all", "summary"]) | st.lists(names).map(tuple),
    ).map(lambda rules: {"default": "fresh", **rules}),
    preferences=st.lists(names).map(tuple),
    context_keys=st.dictionaries(names, st.builds(KeyRule, pii=st.booleans(), ttl=lengths), max_size=3),
    topics=st.lists(names).map(tuple),
    limits=st.builds(Limits, session_tokens=amounts, inbox_day_cost_microusd=amounts, session_turns=amounts),
)


@given(policies)
def test_what_is_written_reads_back_as_the_same_policy(policy):
    assert policy_from_text(policy_to_text(policy)) == policy


@given(policies)
def test_what_is_stored_reads_back_under_the_same_name(policy):
    again = from_canonical(canonical(policy))

    assert again == policy
    assert again.hash == policy.hash


@given(policies, policies)
def test_policies_have_one_name_exactly_if_they_are_the_same(one, two):
    assert (one.hash == two.hash) == (one == two)


def test_a_name_does_not_depend_on_the_order_of_keys():
    one = Policy(carry_over={"default": "fresh", "timeout": "summary"})

    assert replace(one, carry_over={"timeout": "summary", "default": "fresh"}).hash == one.hash


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
knobs = st.sampled_from([*Policy.__struct_fields__, "preset", "idle_timout"])


@given(st.dictionaries(knobs, json, max_size=4))
def test_whatever_is_written_is_a_policy_or_a_mistake_with_a_name(text):
    policy, named = None, None
    try:
        policy = policy_from_text(text)
    except PolicyTextError as error:
        named = error.key.split(".")[0]

    assert (policy is None) == (named in {*text, "warn_before"})
    assert policy is None or checked(policy) == policy
