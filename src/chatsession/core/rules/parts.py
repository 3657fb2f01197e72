"""The parts of a message: which may be sent by whom, and whether each is what it says."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chatsession.core import limits
from chatsession.core.parts import PART_KINDS, FilePart, Form, FormAnswer, MessagePart, QuickReplies
from chatsession.core.refusals import Refusal, forbidden, invalid, wrong_state
from chatsession.core.rules.checks import parts_refused
from chatsession.core.rules.forms import answer_refused, choices_refused, form_refused, told
from chatsession.core.session import Facts
from chatsession.core.words import ActorKind

Parts = Sequence[Mapping[str, Any]]
ONCE = (Form, FormAnswer, QuickReplies)
"""Kinds of which a message has one at most."""


class Checked(msgspec.Struct, frozen=True):
    """Parts as they are posted, and what they say in words where the message has no text of its own."""

    parts: list[dict[str, Any]]
    words: str = ""


def shapes_refused(parts: Parts, by: ActorKind) -> Refusal | None:
    """Refuse too many or too large parts, and those that are not what their kind is, or not for this author."""
    if (refusal := parts_refused(parts)) is not None:
        return refusal
    read = [read_part(part, f"parts[{number}]") for number, part in enumerate(parts)]
    refusals = (_refused(part, f"parts[{number}]", by) for number, part in enumerate(read))
    found = next((refusal for refusal in refusals if refusal is not None), None)
    return found or _twice(read)


def check_parts(parts: Parts, by: ActorKind, facts: Facts) -> Checked | Refusal:
    """The parts as they may be posted: files are of this session, a form's answer answers the form."""
    if (refusal := shapes_refused(parts, by)) is not None:
        return refusal
    posted: list[dict[str, Any]] = []
    words = ""
    for number, given in enumerate(parts):
        match read_part(given, f"parts[{number}]"):
            case FilePart(file=file):
                known = facts.files.get(file)
                if known is None:
                    return invalid("There is no such file in this session.", field=f"parts[{number}].file")
                posted.append(msgspec.to_builtins(known))
            case FormAnswer() as answer:
                if facts.form is None:
                    return invalid("There is no such form in this session.", field="form")
                if facts.is_form_answered:
                    return wrong_state("This form was answered already; each form is answered once.")
                if (refusal := answer_refused(answer, facts.form)) is not None:
                    return refusal
                words = told(answer, facts.form)
                posted.append({**given, "message": facts.form_message})
            case _:
                posted.append(dict(given))
    return Checked(posted, words)


def read_part(part: Mapping[str, Any], place: str) -> MessagePart | Refusal | None:
    """The part as its kind has it, or how it is not; None for a kind that is an application's own."""
    kind = part.get("kind")
    known = PART_KINDS.get(kind) if isinstance(kind, str) else None
    if known is None:
        return None
    try:
        return msgspec.convert(part, known)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at ")
        field = place + path.strip("`").removeprefix("$")
        return invalid(f"{field}: {sentence}.", field=field)


def _refused(part: MessagePart | Refusal | None, place: str, by: ActorKind) -> Refusal | None:
    match part:
        case Refusal():
            return part
        case Form():
            return _not_from(by, part, place) or form_refused(part, place)
        case QuickReplies():
            return _not_from(by, part, place) or choices_refused(
                part.options, f"{place}.options", limits.QUICK_REPLIES_MAX
            )
        case FormAnswer() if by != "visitor":
            return forbidden("A form is answered by the visitor.")
        case _:
            return None


def _not_from(by: ActorKind, part: MessagePart, place: str) -> Refusal | None:
    """Questions are the service's to ask: a visitor's form could pass for ours on an agent's screen."""
    if by != "visitor":
        return None
    return forbidden(f"{place}: a visitor does not send parts of the kind {part.__struct_config__.tag}.")


def _twice(read: Sequence[MessagePart | Refusal | None]) -> Refusal | None:
    for kind in ONCE:
        if sum(isinstance(part, kind) for part in read) > 1:
            return invalid(f"A message has one part of the kind {kind.__struct_config__.tag} at most.", field="parts")
    return None
