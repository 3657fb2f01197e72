"""Forms: what may be asked, and whether what a visitor filled in answers it."""

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from chatsession.core import limits
from chatsession.core.parts import Form, FormAnswer, FormField
from chatsession.core.patterns import PatternError, matches, steps_of
from chatsession.core.refusals import Refusal, invalid
from chatsession.core.rules.checks import is_text_of_lines, text_refused

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
TELEPHONE = re.compile(r"\+?[0-9 ()/.-]{3,40}")
WRITTEN = ("text", "email", "tel", "textarea")
"""Types whose value is what the visitor writes."""
MATCHED = ("text", "tel")
"""Types that may have a pattern."""
CHARS_MAX = {"textarea": limits.FORM_LONG_CHARS_MAX}
Mistake = str | None


def form_refused(form: Form, place: str) -> Refusal | None:
    """Refuse a form that nobody could fill in; the sentence names the field."""
    if not NAME.fullmatch(form.id):
        return invalid(f"{place}.id is 1 to 64 letters, digits, dots, - and _.", field=f"{place}.id")
    for name, text in (("title", form.title), ("submit", form.submit)):
        if text is not None and (refusal := label_refused(text, f"{place}.{name}")) is not None:
            return refusal
    if not 1 <= len(form.fields) <= limits.FORM_FIELDS_MAX:
        return invalid(f"{place}.fields has 1 to {limits.FORM_FIELDS_MAX} fields.", field=f"{place}.fields")
    names = [field.name for field in form.fields]
    for number, field in enumerate(form.fields):
        where = f"{place}.fields[{number}]"
        if names.index(field.name) != number:
            return invalid(f"{where}.name: there is a field {field.name} already.", field=f"{where}.name")
        if (refusal := _field_refused(field, where)) is not None:
            return refusal
    return None


def answer_refused(answer: FormAnswer, form: Form) -> Refusal | None:
    """Refuse what does not answer this form."""
    known = {field.name: field for field in form.fields}
    unknown = next((name for name in answer.values if name not in known), None)
    if unknown is not None:
        there_are = ", ".join(known)
        return invalid(f"The form has no field {unknown!r}; there are: {there_are}.", field=f"values.{unknown}")
    for name, field in known.items():
        if (mistake := _mistake(field, answer.values.get(name))) is not None:
            return invalid(f"{field.label}: {mistake}.", field=f"values.{name}")
    return None


def told(answer: FormAnswer, form: Form) -> str:
    """The answer in words, a line for each field that was filled in: what bots, agents and transcripts read."""
    filled = [(field.label, _shown(answer.values.get(field.name))) for field in form.fields]
    return "\n".join(f"{label}: {shown}" for label, shown in filled if shown)


def label_refused(text: str, place: str, chars_max: int = limits.LABEL_CHARS_MAX) -> Refusal | None:
    """Refuse a label that is empty, too long, or more than a line."""
    if not (text.strip() and len(text) <= chars_max and is_text_of_lines(text, lines_max=1)):
        return invalid(f"{place} is one line of 1 to {chars_max} characters.", field=place)
    return text_refused(text, place)


def _field_refused(field: FormField, place: str) -> Refusal | None:
    if not NAME.fullmatch(field.name):
        return invalid(f"{place}.name is 1 to 64 letters, digits, dots, - and _.", field=f"{place}.name")
    return (
        label_refused(field.label, f"{place}.label")
        or _options_refused(field, f"{place}.options")
        or _pattern_refused(field, f"{place}.pattern")
        or _max_refused(field, f"{place}.max")
    )


def _options_refused(field: FormField, place: str) -> Refusal | None:
    if field.type != "select":
        return invalid(f"{place} are for a select, not for a {field.type}.", field=place) if field.options else None
    return choices_refused(field.options, place, limits.FORM_OPTIONS_MAX)


def choices_refused(options: list[str], place: str, count_max: int) -> Refusal | None:
    """Refuse a choice with nothing to choose from, too much, or the same thing twice."""
    if not 1 <= len(options) <= count_max or len(set(options)) < len(options):
        return invalid(f"{place} are 1 to {count_max} different texts.", field=place)
    refusals = (label_refused(option, f"{place}[{number}]") for number, option in enumerate(options))
    return next((refusal for refusal in refusals if refusal is not None), None)


def _pattern_refused(field: FormField, place: str) -> Refusal | None:
    if field.pattern is None:
        return None
    if field.type not in MATCHED:
        return invalid(f"{place} is for a text or tel, not for a {field.type}.", field=place)
    try:
        steps_of(field.pattern)
    except PatternError as error:
        return invalid(f"{place}: {error}.", field=place)
    return None


def _max_refused(field: FormField, place: str) -> Refusal | None:
    if field.max is None or field.type == "number":
        return None
    if field.type not in WRITTEN:
        return invalid(f"{place} is for texts and numbers, not for a {field.type}.", field=place)
    most = _chars_max(field)
    is_length = field.max == int(field.max) and 1 <= field.max <= most
    return None if is_length else invalid(f"{place} is a whole number from 1 to {most}.", field=place)


def _chars_max(field: FormField) -> int:
    return CHARS_MAX.get(field.type, limits.FORM_SHORT_CHARS_MAX)


def _mistake(field: FormField, value: Any) -> Mistake:
    """What is wrong with the value of a field, in words for whoever filled it in."""
    if value is None or value == "" or (field.type == "checkbox" and value is False):
        return "this is needed" if field.required else None
    return _MISTAKES[field.type](field, value)


def _written(field: FormField, value: Any) -> Mistake:
    if not isinstance(value, str):
        return "this has to be a text"
    most = int(field.max or _chars_max(field))
    if len(value) > most:
        return f"this has {len(value)} characters; at most {most} are allowed"
    if not value.strip():
        return "this is needed" if field.required else None
    if not is_text_of_lines(value, lines_max=None if field.type == "textarea" else 1):
        return "this contains what is not text"
    if field.pattern is not None and not matches(field.pattern, value):
        return "this is not in the form that is asked for"
    return None


def _email(field: FormField, value: Any) -> Mistake:
    if (mistake := _written(field, value)) is not None:
        return mistake
    name, at, domain = str(value).rpartition("@")
    is_address = name and at and "." in domain.strip(".") and "@" not in name and " " not in value
    return None if is_address else "this is no e-mail address"


def _telephone(field: FormField, value: Any) -> Mistake:
    if (mistake := _written(field, value)) is not None:
        return mistake
    return None if TELEPHONE.fullmatch(value) else "this is no telephone number"


def _number(field: FormField, value: Any) -> Mistake:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "this has to be a number"
    return f"this may be {field.max:g} at most" if field.max is not None and value > field.max else None


def _date(_: FormField, value: Any) -> Mistake:
    try:
        return None if date.fromisoformat(value).isoformat() == value else "this has to be a date such as 2026-01-31"
    except (TypeError, ValueError):
        return "this has to be a date such as 2026-01-31"


def _select(field: FormField, value: Any) -> Mistake:
    return None if value in field.options else "this is none of the options"


def _checkbox(_: FormField, value: Any) -> Mistake:
    return None if isinstance(value, bool) else "this has to be ticked or not"


_MISTAKES: dict[str, Callable[[FormField, Any], Mistake]] = {
    "text": _written,
    "textarea": _written,
    "email": _email,
    "tel": _telephone,
    "number": _number,
    "date": _date,
    "select": _select,
    "checkbox": _checkbox,
}


def _shown(value: Any) -> str:
    match value:
        case True:
            return "✓"
        case None | False:
            return ""
        case _:
            return str(value).strip()
