"""The parts a message can have beside its text. Parts of other kinds are an application's own, and pass as they are."""

from typing import Any, Literal

import msgspec

FieldType = Literal["text", "email", "tel", "number", "date", "select", "checkbox", "textarea"]


class MessagePart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of a kind that is known here; a field it does not have is refused by name."""


class FilePart(MessagePart, frozen=True, tag_field="kind", tag="file"):
    """A file of the same session; who posts names its id, the rules add what it is."""

    file: str
    name: str | None = None
    type: str | None = None
    bytes: int | None = None


class FormField(MessagePart, frozen=True):
    """One question of a form; `max` is the longest text, or the largest number."""

    name: str
    label: str
    type: FieldType = "text"
    required: bool = False
    options: list[str] = []
    pattern: str | None = None
    max: float | None = None


class Form(MessagePart, frozen=True, tag_field="kind", tag="form"):
    """Questions for the visitor, asked by the service; each form of a session is answered once."""

    id: str
    fields: list[FormField]
    title: str | None = None
    submit: str | None = None


class FormAnswer(MessagePart, frozen=True, tag_field="kind", tag="form_answer"):
    """The visitor's answer to a form: a value for each field by its name.

    `form` is the id of the message with the form, or the form's own id: then the newest one of that name is meant. The
    rules add which message that is.
    """

    form: str
    values: dict[str, Any]
    message: str | None = None


class QuickReplies(MessagePart, frozen=True, tag_field="kind", tag="quick_replies"):
    """Answers the visitor can give with one tap; each is sent as it reads."""

    options: list[str]


PART_KINDS: dict[str, type[MessagePart]] = {
    str(kind.__struct_config__.tag): kind for kind in (FilePart, Form, FormAnswer, QuickReplies)
}
"""Every kind of part that is known here, by its `kind`."""
