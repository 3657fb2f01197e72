"""Limits on what people and programs may write: a clear refusal, never a stack trace."""

import pytest
from cast import NOON, POLICY, ana, decided, waiting
from hypothesis import given
from hypothesis import strategies as st

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.decide import decide
from chatsession.core.refusals import TITLES, Refusal
from chatsession.core.rules.checks import json_refused, metadata_refused, parts_refused, text_refused


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\x00b", "invalid_request"),
        ("\x00", "invalid_request"),
        ("\ud83d", "invalid_request"),
        ("ok \udc00", "invalid_request"),
        ("x" * 1_048_576, "too_large"),
    ],
    ids=["NUL", "NUL alone", "high surrogate", "low surrogate", "1 MiB"],
)
def test_what_is_no_text_for_a_message_is_refused(text, code):
    assert text_refused(text).code == code


@pytest.mark.parametrize("text", ["", "👩‍👩‍👧‍👦", "\u202e", "٣", "x" * limits.TEXT_CHARS_MAX])
def test_every_other_text_is_fine(text):
    assert text_refused(text) is None


def test_metadata_has_a_limit_of_keys_and_of_bytes():
    assert metadata_refused({f"key{number}": "x" for number in range(limits.METADATA_KEYS_MAX)}) is None
    assert metadata_refused({f"key{number}": "x" for number in range(limits.METADATA_KEYS_MAX + 1)}).code == "too_large"
    assert metadata_refused({"page": "x" * limits.METADATA_BYTES_MAX}).code == "too_large"
    assert metadata_refused({"k" * 65: 1}).code == "invalid_request"


def test_json_ten_thousand_deep_is_refused():
    deep: dict = {}
    for _ in range(10_000):
        deep = {"a": deep}

    assert json_refused(deep, "metadata", 10**9).code == "invalid_request"
    assert parts_refused([deep]).code == "invalid_request"


def test_json_is_taken_only_so_deep_that_it_can_always_be_read_again():
    def nested(levels: int) -> dict:
        return {"a": "x"} if levels == 1 else {"a": [nested(levels - 2)] if levels > 2 else nested(1)}

    assert json_refused(nested(limits.JSON_DEPTH_MAX), "metadata", 10**9) is None
    assert json_refused(nested(limits.JSON_DEPTH_MAX + 1), "metadata", 10**9).code == "invalid_request"


@pytest.mark.parametrize(
    ("number", "is_taken"), [(2**64 - 1, True), (2**64, False), (-(2**63), True), (-(2**63) - 1, False)]
)
def test_a_whole_number_is_taken_only_if_a_snapshot_can_hold_it(number, is_taken):
    refusal = json_refused({"a": [number]}, "metadata", 10**9)

    assert (refusal is None) == is_taken
    assert is_taken or refusal.code == "invalid_request"


def test_no_parts_are_fine():
    assert parts_refused([]) is None


@given(st.text(alphabet=st.characters(), max_size=200) | st.text(alphabet="\x00\ud800\udfff a", max_size=10))
def test_a_text_that_is_accepted_can_be_stored_and_read_back(text):
    answer = decide(waiting(), c.PostMessage(actor=ana, text=text, client_id=text[:10] or None), POLICY, NOON)

    if isinstance(answer, Refusal):
        assert answer.code in TITLES
        return
    assert e.decode(e.encode(answer[0])).text == text


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(max_size=5), values, max_size=4))
def test_metadata_that_is_accepted_can_be_stored(metadata):
    command = c.OpenSession(
        actor=ana, session="ses_1", inbox="shop", visitor="vis_ana", policy=POLICY.hash, metadata=metadata
    )

    answer = decide(None, command, POLICY, NOON)

    if isinstance(answer, Refusal):
        assert answer.code in ("invalid_request", "too_large")
    else:
        assert e.encode(answer[0])


def test_a_refusal_changes_nothing():
    session = waiting()

    decide(session, c.PostMessage(actor=ana, text=""), POLICY, NOON)

    assert decided(session, c.PostMessage(actor=ana, text="Hi"))[0].seq == session.seq + 1
