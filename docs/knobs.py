"""The table of a policy's knobs, read off its types."""

from datetime import timedelta
from typing import Any, get_args, get_origin

import msgspec

from chatsession.core import durations
from chatsession.core.policy import KeyRule, Limits, Policy, Texts
from chatsession.core.policy_text import KEEP_OPEN_MIN, policy_to_text


def table_of_knobs() -> str:
    """Every knob of a policy, those within its tables too, with its default and what it can be."""
    lines = ["| knob | default | values |", "|---|---|---|"]
    text = policy_to_text(Policy())
    for field in msgspec.structs.fields(Policy):
        match field.name:
            case "limits" | "texts" as table:
                parts = msgspec.structs.fields(Limits if table == "limits" else Texts)
                lines += [_knob(f"{table}.{part.name}", part.type, text[table][part.name]) for part in parts]
            case "context_keys":
                parts = msgspec.structs.fields(KeyRule)
                lines += [_knob(f"context_keys.NAME.{part.name}", part.type, _key_default(part)) for part in parts]
            case name:
                lines.append(_knob(name, field.type, text[name]))
    return "\n".join(lines)


def _key_default(field: msgspec.structs.FieldInfo) -> Any:
    return durations.render(field.default) if field.name == "ttl" else field.default


def _knob(name: str, kind: Any, default: Any) -> str:
    return f"| `{name}` | {_shown(default)} | {_values(name, kind)} |"


def _shown(default: Any) -> str:
    match default:
        case bool():
            return str(default).lower()
        case str() | int():
            return str(default)
        case {"default": rule}:
            return str(rule)
        case _:
            return "none"


def _values(name: str, kind: Any) -> str:
    """What a knob can be, read off its type."""
    words = [f"`{word}`" for word in get_args(kind) if isinstance(word, str)]
    if words:
        return " ".join(words)
    if name == "carry_over":
        return "`fresh` `keep_all` `summary` or a list of keys; for all close reasons, or a table by reason"
    if name == "keep_open_max":
        return f"`off`, or a number from {KEEP_OPEN_MIN}"
    if name == "resume_window":
        return "`off`, `0`, or a duration"
    names = {bool: "`true` `false`", int: "number", str: "text", timedelta: "duration", tuple: "list of names"}
    parts = get_args(kind) if type(None) in get_args(kind) else (kind,)
    found = next(names[get_origin(part) or part] for part in parts if part is not type(None))
    return f"`off`, or a {found}" if type(None) in parts else found
