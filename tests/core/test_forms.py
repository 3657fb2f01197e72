"""Forms: what may be asked, and whether an answer is one."""

from typing import Any

import pytest
from cast import ana, bot, carl, decided, key, kinds, open_session, refused, stepped, waiting, with_agent
from hypothesis import given
from hypothesis import strategies as st

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.parts import FilePart, Form, FormField
from chatsession.core.session import Facts

MESSAGE = "msg_1_5"
FORM = Form(
    id="order",
    title="Your order",
    submit="Send",
    fields=[
        FormField(name="number", label="Order number", required=True, pattern="[A-Z]{2}-\\d{4}"),
        FormField(name="mail", label="E-mail", type="email"),
        FormField(name="phone", label="Telephone", type="tel"),
        FormField(name="count", label="How many", type="number", max=9),
        FormField(name="day", label="Day", type="date"),
        FormField(name="why", label="Reason", type="select", options=["damaged", "too late"]),
        FormField(name="sure", label="I am sure", type="checkbox"),
        FormField(name="more", label="Anything else", type="textarea", max=20),
    ],
)
GOOD = {
    "number": "AB-1234", "mail": "ana@example.org", "phone": "+43 1 234 (56)", "count": 2, "day": "2026-01-31",
    "why": "damaged", "sure": True, "more": "two\nlines",
}  # fmt: skip
FACTS = Facts(form=FORM, form_message=MESSAGE)


def field(**given: Any) -> dict:
    return {"kind": "form", "id": "f", "fields": [{"name": "a", "label": "A", **given}]}


def answer(values: dict, **more: Any) -> c.PostMessage:
    return c.PostMessage(actor=ana, parts=[{"kind": "form_answer", "form": MESSAGE, "values": values}], **more)


def ask(*parts: dict, by: c.Actor = bot) -> c.PostMessage:
    return c.PostMessage(actor=by, text="Please", parts=list(parts))


def test_a_form_is_posted_as_it_is_by_bot_and_program():
    part = {"kind": "form", "id": "order", "fields": [{"name": "number", "label": "Order number", "required": True}]}

    for who in (bot, key):
        (posted,) = decided(waiting(), ask(part, by=who))
        assert posted.parts == [part]


def test_an_agent_asks_with_a_form_too():
    (posted,) = decided(with_agent(), ask(field(), by=carl))

    assert posted.parts == [field()]


WRONG_FORMS = {
    "no id": ({"kind": "form", "fields": [{"name": "a", "label": "A"}]}, "parts[0]"),
    "an id that is none": ({**field(), "id": "a b"}, "parts[0].id"),
    "an unknown field of the form": ({**field(), "action": "https://evil.example"}, "parts[0]"),
    "no fields": ({**field(), "fields": []}, "parts[0].fields"),
    "too many fields": (
        {**field(), "fields": [{"name": f"n{n}", "label": "A"} for n in range(limits.FORM_FIELDS_MAX + 1)]},
        "parts[0].fields",
    ),
    "an empty title": ({**field(), "title": " "}, "parts[0].title"),
    "a submit of two lines": ({**field(), "submit": "Send\nnow"}, "parts[0].submit"),
    "a name that is none": (field(name="a b"), "parts[0].fields[0].name"),
    "two fields of one name": ({**field(), "fields": [{"name": "a", "label": "A"}] * 2}, "parts[0].fields[1].name"),
    "an empty label": (field(label=""), "parts[0].fields[0].label"),
    "a label that is too long": (field(label="x" * 201), "parts[0].fields[0].label"),
    "a type that is not there": (field(type="password"), "parts[0].fields[0].type"),
    "a select without options": (field(type="select"), "parts[0].fields[0].options"),
    "the same option twice": (field(type="select", options=["x", "x"]), "parts[0].fields[0].options"),
    "an empty option": (field(type="select", options=["x", ""]), "parts[0].fields[0].options[1]"),
    "options of a text": (field(options=["x"]), "parts[0].fields[0].options"),
    "a pattern of a date": (field(type="date", pattern="x"), "parts[0].fields[0].pattern"),
    "a pattern that cannot be read": (field(pattern="(a+)+"), "parts[0].fields[0].pattern"),
    "a longest of a checkbox": (field(type="checkbox", max=1), "parts[0].fields[0].max"),
    "half a character": (field(max=1.5), "parts[0].fields[0].max"),
    "no character": (field(max=0), "parts[0].fields[0].max"),
    "too many characters": (field(max=limits.FORM_SHORT_CHARS_MAX + 1), "parts[0].fields[0].max"),
    "a number for a text": (field(label=7), "parts[0].fields[0].label"),
}


@pytest.mark.parametrize(("part", "place"), WRONG_FORMS.values(), ids=WRONG_FORMS)
def test_a_form_that_nobody_could_fill_in_is_refused_and_the_place_named(part, place):
    refusal = refused(waiting(), ask(part))

    assert (refusal.code, refusal.extra["field"]) == ("invalid_request", place)


@pytest.mark.parametrize(("part", "place"), WRONG_FORMS.values(), ids=WRONG_FORMS)
def test_a_bots_answer_with_such_a_form_fails_the_attempt(part, place):
    del place

    (retried,) = decided(open_session(), c.AnswerTurn(actor=bot, turn=1, attempt=1, text="Please", parts=[part]))

    assert (type(retried), retried.reason) == (e.TurnRetried, "unfit")


def test_every_kind_of_bound_can_be_asked_for():
    parts = field(type="select", options=["x"]), field(max=10), field(type="number", max=-0.5), field(pattern="\\d+")

    assert [decided(waiting(), ask(part))[0].parts for part in parts] == [[part] for part in parts]


def test_a_bots_answer_brings_its_form():
    posted, _ = decided(open_session(), c.AnswerTurn(actor=bot, turn=1, attempt=1, parts=[field()]))

    assert posted.parts == [field()]


def test_a_visitor_cannot_pass_off_a_question_as_ours():
    for part in (field(), {"kind": "quick_replies", "options": ["Yes"]}):
        assert refused(waiting(), ask(part, by=ana)).code == "forbidden"


@pytest.mark.parametrize("who", [bot, key])
def test_only_the_visitor_answers_a_form(who):
    command = c.PostMessage(actor=who, parts=[{"kind": "form_answer", "form": MESSAGE, "values": GOOD}])

    assert refused(waiting(), command, facts=FACTS).code == "forbidden"


def test_an_answer_is_posted_with_its_words_and_its_message():
    posted, opened = decided(waiting(), answer(GOOD), facts=FACTS)

    assert posted.parts == [{"kind": "form_answer", "form": MESSAGE, "values": GOOD, "message": MESSAGE}]
    assert posted.text.splitlines() == [
        "Order number: AB-1234", "E-mail: ana@example.org", "Telephone: +43 1 234 (56)", "How many: 2",
        "Day: 2026-01-31", "Reason: damaged", "I am sure: ✓", "Anything else: two", "lines",
    ]  # fmt: skip
    assert kinds([opened]) == [e.TurnOpened]


def test_words_of_the_visitors_own_are_kept():
    posted, _ = decided(waiting(), answer({"number": "AB-1234"}, text="Here it is"), facts=FACTS)

    assert posted.text == "Here it is"


def test_what_is_not_needed_may_be_left_out_or_left_empty():
    empty = {"mail": "", "phone": None, "count": None, "sure": False, "more": "  "}

    posted, _ = decided(waiting(), answer({"number": "AB-1234", **empty}), facts=FACTS)

    assert posted.text == "Order number: AB-1234"


WRONG_VALUES = [
    ({}, "number"),
    ({"number": ""}, "number"),
    ({"number": "   "}, "number"),
    ({"number": "12"}, "number"),
    ({"number": 1234}, "number"),
    ({**GOOD, "colour": "red"}, "colour"),
    *[({**GOOD, "mail": value}, "mail") for value in ("ana", "ana@", "@b.c", "a@b", "a b@c.d", "a@b@c.d", 7, "a@.")],
    *[({**GOOD, "phone": value}, "phone") for value in ("call me", "1", 431, "+" * 9)],
    *[({**GOOD, "count": value}, "count") for value in ("2", 10, True, float("inf"), [1])],
    *[({**GOOD, "day": value}, "day") for value in ("31.1.2026", "2026-02-30", 20260131, "20260131", "2026-W05-6")],
    *[({**GOOD, "why": value}, "why") for value in ("because", 0, ["damaged"], {"a": 1})],
    *[({**GOOD, "sure": value}, "sure") for value in ("yes", 1)],
    *[({**GOOD, "more": value}, "more") for value in ("x" * 21, "a\x00b", "a\x1b[2J", "hidden\U000e0041", ["x"])],
    ({**GOOD, "number": "AB-1234\n"}, "number"),
]


@pytest.mark.parametrize(("values", "name"), WRONG_VALUES)
def test_what_does_not_answer_the_form_is_refused_and_the_field_named(values, name):
    refusal = refused(waiting(), answer(values), facts=FACTS)

    assert (refusal.code, refusal.extra["field"]) == ("invalid_request", f"values.{name}")


def test_a_ticked_box_can_be_needed():
    form = Form(id="terms", fields=[FormField(name="agree", label="I agree", type="checkbox", required=True)])
    facts = Facts(form=form, form_message=MESSAGE)

    assert "needed" in refused(waiting(), answer({"agree": False}), facts=facts).detail
    assert decided(waiting(), answer({"agree": True}), facts=facts)[0].text == "I agree: ✓"


def test_a_form_that_is_not_there_cannot_be_answered():
    assert refused(waiting(), answer(GOOD)).extra["field"] == "form"


def test_a_form_is_answered_once():
    facts = Facts(form=FORM, form_message=MESSAGE, is_form_answered=True)

    assert refused(waiting(), answer(GOOD), facts=facts).code == "wrong_state"


def test_an_answer_can_come_with_the_return():
    closed = stepped(waiting(), c.CloseSession(actor=ana))
    parts = [{"kind": "form_answer", "form": MESSAGE, "values": GOOD}]

    events = decided(closed, c.ResumeSession(actor=ana, policy="pol", parts=parts), facts=FACTS)

    assert [event.text.partition("\n")[0] for event in events if isinstance(event, e.MessagePosted)] == [
        "Order number: AB-1234"
    ]


def test_quick_replies_are_posted_as_they_are():
    part = {"kind": "quick_replies", "options": ["Yes", "No"]}

    assert decided(waiting(), ask(part))[0].parts == [part]


@pytest.mark.parametrize(
    "options", [[], ["x"] * 2, [""], ["x" * 201], [7], ["a\nb"], [str(n) for n in range(limits.QUICK_REPLIES_MAX + 1)]]
)
def test_quick_replies_that_cannot_be_tapped_are_refused(options):
    refusal = refused(waiting(), ask({"kind": "quick_replies", "options": options}))

    assert (refusal.code, refusal.extra["field"].startswith("parts[0].options")) == ("invalid_request", True)


@pytest.mark.parametrize("part", [field(), {"kind": "quick_replies", "options": ["Yes"]}])
def test_a_message_asks_one_thing(part):
    assert refused(waiting(), ask(part, part)).extra["field"] == "parts"


def test_parts_of_an_applications_own_pass_as_they_are():
    parts = [{"kind": "map", "at": [48.2, 16.4]}, {"no": "kind"}, {"kind": 7}]

    assert decided(waiting(), ask(*parts))[0].parts == parts


def test_a_file_is_posted_as_what_it_is_whatever_the_sender_says_of_it():
    file = FilePart(file="fil_1_a", name="photo.png", type="image/png", bytes=120)
    claimed = {"kind": "file", "file": "fil_1_a", "name": "invoice.exe", "type": "text/html", "bytes": 1}

    posted, _ = decided(waiting(), c.PostMessage(actor=ana, parts=[claimed]), facts=Facts(files={"fil_1_a": file}))

    assert posted.parts == [{"kind": "file", "file": "fil_1_a", "name": "photo.png", "type": "image/png", "bytes": 120}]


@pytest.mark.parametrize("part", [{"kind": "file", "file": "fil_2_b"}, {"kind": "file"}, {"kind": "file", "file": 1}])
def test_a_file_of_another_session_is_not_there(part):
    assert refused(waiting(), c.PostMessage(actor=ana, text="See", parts=[part])).code == "invalid_request"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from([*GOOD, "other"])


@given(st.dictionaries(names, values, max_size=9))
def test_whatever_is_filled_in_is_taken_or_refused_by_name(filled):
    decided_on = c.PostMessage(
        actor=ana, parts=[{"kind": "form_answer", "form": MESSAGE, "values": {**GOOD, **filled}}]
    )

    try:
        (posted, *_) = decided(waiting(), decided_on, facts=FACTS)
    except AssertionError:
        refusal = refused(waiting(), decided_on, facts=FACTS)
        assert refusal.code in ("invalid_request", "too_large")
        assert refusal.detail
    else:
        assert posted.parts[0]["values"] == {**GOOD, **filled}
