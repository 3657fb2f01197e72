"""Policies as people write them, in TOML and over HTTP: durations as text, each mistake named."""

import difflib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar, cast, get_args

import msgspec

from chatsession.core import durations
from chatsession.core.policy import PRESETS, KeyRule, Limits, Policy, Texts
from chatsession.core.refusals import invalid
from chatsession.core.rules.checks import text_refused
from chatsession.core.words import CloseReason

DURATIONS = ("idle_timeout", "resume_window", "max_duration", "bot_silence", "queue_wait", "agent_silence", "retention")
"""The knobs that are clocks: off, or 1 s to 400 d (`resume_window` may be 0 too)."""
KEEP_OPEN_MIN = 10
"""WCAG 2.2.1: a visitor must be able to extend a time limit at least ten times."""
CARRY_WORDS = ("fresh", "keep_all", "summary")

Part = TypeVar("Part", KeyRule, Limits, Texts)


class PolicyTextError(ValueError):
    """A knob is unknown or cannot have this value; `key` names it, `nearest` is the likeliest right key or value."""

    def __init__(self, key: str, detail: str, nearest: str | None = None) -> None:
        super().__init__(f"{key}: {detail}" + (f' (did you mean "{nearest}"?)' if nearest else ""))
        self.key = key
        self.detail = detail
        self.nearest = nearest


def policy_from_text(text: Mapping[str, Any], base: Policy | None = None) -> Policy:
    """Read a policy over a preset (key `preset`) or a base; raise PolicyTextError for the first mistake."""
    knobs = dict(text)
    start = base or Policy()
    if (preset := knobs.pop("preset", None)) is not None:
        if not isinstance(preset, str) or preset not in PRESETS:
            raise PolicyTextError("preset", f'there is no preset "{preset}"', _nearest(str(preset), PRESETS))
        start = PRESETS[preset]
    changes = {key: _knob(key, value, start) for key, value in knobs.items()}
    return checked(msgspec.structs.replace(start, **changes))


def policy_to_text(policy: Policy) -> dict[str, Any]:
    """Write a policy so that `policy_from_text` reads the same one back."""
    plain: dict[str, Any] = {}
    for name in policy.__struct_fields__:
        value = getattr(policy, name)
        plain[name] = durations.render(value) if name in (*DURATIONS, "warn_before") else msgspec.to_builtins(value)
    plain["keep_open_max"] = "off" if policy.keep_open_max is None else policy.keep_open_max
    plain["context_keys"] = {
        key: {**msgspec.to_builtins(rule), "ttl": durations.render(rule.ttl)}
        for key, rule in policy.context_keys.items()
    }
    plain["limits"] = {key: "off" if value is None else value for key, value in plain["limits"].items()}
    return plain


def checked(policy: Policy) -> Policy:
    """Return the policy if its knobs agree with each other; raise PolicyTextError naming the one that does not."""
    for name in DURATIONS:
        _check_length(name, getattr(policy, name))
    if policy.warn_before < timedelta(seconds=1):
        raise PolicyTextError("warn_before", 'must be at least "1s"')
    for name in ("idle_timeout", "max_duration"):
        limit = getattr(policy, name)
        if limit is not None and policy.warn_before >= limit:
            raise PolicyTextError(
                "warn_before",
                f'"{durations.render(policy.warn_before)}" must be shorter than {name} "{durations.render(limit)}"',
            )
    if policy.keep_open_max is not None and policy.keep_open_max < KEEP_OPEN_MIN:
        raise PolicyTextError("keep_open_max", f'must be "off" or at least {KEEP_OPEN_MIN} (WCAG 2.2.1)')
    if policy.queue_offers_max < 1:
        raise PolicyTextError("queue_offers_max", "must be at least 1")
    _check_limits_and_texts(policy)
    return policy


def _check_limits_and_texts(policy: Policy) -> None:
    for name in policy.limits.__struct_fields__:
        allowed = getattr(policy.limits, name)
        if allowed is not None and allowed < 0:
            raise PolicyTextError(f"limits.{name}", f'must be "off" or at least 0, not {allowed}')
    for name in policy.texts.__struct_fields__:
        text = getattr(policy.texts, name)
        refusal = text_refused(text) if text.strip() else invalid("It says nothing.")
        if refusal is not None:
            raise PolicyTextError(f"texts.{name}", refusal.detail)


def _check_length(name: str, value: timedelta | None) -> None:
    if value is None or (name == "resume_window" and value == timedelta(0)):
        return
    if not timedelta(seconds=1) <= value <= durations.LONGEST:
        raise PolicyTextError(name, f'must be "off" or from "1s" to "400d", not "{durations.render(value)}"')


def _knob(key: str, value: Any, start: Policy) -> Any:
    if key not in start.__struct_fields__:
        raise PolicyTextError(key, "there is no such knob", _nearest(key, start.__struct_fields__))
    match key:
        case "warn_before":
            length = _duration(key, value)
            if length is None:
                raise PolicyTextError(key, "a visitor is always warned; it cannot be off")
            return length
        case _ if key in DURATIONS:
            return _duration(key, value)
        case "keep_open_max":
            return None if value == "off" else _typed(key, value, int)
        case "carry_over":
            return _carry_over(value)
        case "context_keys":
            return {name: _key_rule(f"{key}.{name}", rule) for name, rule in _table(key, value).items()}
        case "limits":
            return _fields(
                key, {name: None if each == "off" else each for name, each in _table(key, value).items()}, start.limits
            )
        case "texts":
            return _fields(key, _table(key, value), start.texts)
        case _:
            return _choice(key, value)


def _choice(key: str, value: Any) -> Any:
    kind = next(field.type for field in msgspec.structs.fields(Policy) if field.name == key)
    choices = [word for word in get_args(kind) if isinstance(word, str)]
    if choices and value not in choices:
        names = ", ".join(f'"{word}"' for word in choices)
        raise PolicyTextError(key, f"must be one of {names}", _nearest(str(value), choices))
    return _typed(key, value, kind)


def _typed(key: str, value: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise PolicyTextError(key, str(error)) from None


def _duration(key: str, value: Any) -> timedelta | None:
    if not isinstance(value, str):
        raise PolicyTextError(key, f'must be a duration in quotes such as "15m", not {value!r}')
    try:
        return durations.parse(value)
    except durations.DurationError as error:
        raise PolicyTextError(key, str(error)) from None


def _table(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise PolicyTextError(key, "must be a table")
    return dict(cast("Mapping[str, Any]", value))


def _carry_over(value: Any) -> dict[str, Any]:
    table = _table("carry_over", value) if isinstance(value, Mapping) else {"default": value}
    reasons = ("default", *get_args(CloseReason))
    rules: dict[str, Any] = {}
    for reason, rule in table.items():
        if reason not in reasons:
            raise PolicyTextError(f"carry_over.{reason}", "there is no such close reason", _nearest(reason, reasons))
        if isinstance(rule, str) and rule not in CARRY_WORDS:
            raise PolicyTextError(
                f"carry_over.{reason}",
                'must be "fresh", "keep_all", "summary" or a list of keys',
                _nearest(rule, CARRY_WORDS),
            )
        rules[reason] = rule if isinstance(rule, str) else _typed(f"carry_over.{reason}", rule, tuple[str, ...])
    return {"default": "fresh", **rules}


def _key_rule(key: str, value: Any) -> KeyRule:
    table = _table(key, value)
    if "ttl" in table:
        table["ttl"] = _duration(f"{key}.ttl", table["ttl"])
    return _fields(key, table, KeyRule())


def _fields(key: str, table: dict[str, Any], start: Part) -> Part:
    for name in table:
        if name not in start.__struct_fields__:
            raise PolicyTextError(f"{key}.{name}", "there is no such knob", _nearest(name, start.__struct_fields__))
    kinds = {field.name: field.type for field in msgspec.structs.fields(start)}
    return msgspec.structs.replace(
        start, **{name: _typed(f"{key}.{name}", each, kinds[name]) for name, each in table.items()}
    )


def _nearest(word: str, choices: Any) -> str | None:
    found = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.5)
    return found[0] if found else None
