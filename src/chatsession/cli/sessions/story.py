"""One session as a story: what came in, what was changed, what came out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

Kind = Literal["in", "changed", "out", "life"]
HIDDEN_FIELDS = ("type", "seq", "at", "session", "visitor", "policy", "client_id", "message_id", "asked_seq")
VALUE_CHARS_MAX = 200
ENDS = ("turn_answered", "turn_failed", "turn_superseded", "turn_retried")


class Row(msgspec.Struct, frozen=True):
    """One line of the story."""

    time: str
    kind: Kind
    who: str
    text: str


def story(events: Sequence[Mapping[str, Any]], traces: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """The rows in the order of the events; where a turn ends, what it was shown, did and cost stands before it."""
    by_attempt = {(trace["turn"], trace["attempt"]): trace for trace in traces}
    told: set[tuple[int, int]] = set()
    for event in events:
        attempt = _attempt(event)
        if attempt in by_attempt and attempt not in told and _ends(event):
            told.add(attempt)
            yield from _turn(_time(event), by_attempt[attempt])
        yield _event(event)


def _attempt(event: Mapping[str, Any]) -> tuple[int, int]:
    """The attempt an event speaks of; one that was given up is the one before the retry."""
    attempt = event.get("attempt", 0)
    return event.get("turn", 0), attempt - 1 if event["type"] == "turn_retried" else attempt


def _ends(event: Mapping[str, Any]) -> bool:
    return event["type"] in ENDS or event["type"] == "message_posted"


def _event(event: Mapping[str, Any]) -> Row:
    time, kind = _time(event), event["type"]
    match kind:
        case "message_posted":
            author = event["author"]
            who = author.get("name") or author["kind"]
            is_in = author["kind"] == "visitor"
            return Row(time, "in" if is_in else "out", who, event["text"] + _sources(event.get("sources", [])))
        case "note_posted":
            return Row(time, "changed", event["author"].get("name") or "note", event["text"])
        case _:
            said = ", ".join(f"{name} {_short(event[name])}" for name in event if name not in HIDDEN_FIELDS)
            return Row(time, "life", kind.replace("_", " "), said)


def _turn(time: str, trace: Mapping[str, Any]) -> Iterator[Row]:
    shown = trace["shown"]
    known = {**shown.get("carried", {}), **shown.get("context", {})}
    lines = len(shown["lines"])
    parts = ["1 line" if lines == 1 else f"{lines} lines"]
    if shown.get("dropped"):
        parts.append(f"{shown['dropped']} older ones left out")
    if known:
        parts.append(f"context {_short(known)}")
    yield Row(time, "changed", "shown", ", ".join(parts))
    for span in trace.get("spans", []):
        yield Row(time, "changed", span["kind"], _span(span))
    yield Row(time, "changed", trace["bot"], _cost(trace))


def _span(span: Mapping[str, Any]) -> str:
    parts = [f"{name} {_short(span[name])}" for name in ("input", "output", "error") if span.get(name) is not None]
    return ", ".join((f"{span['name']} in {span.get('ms', 0):.0f} ms", *parts))


def _cost(trace: Mapping[str, Any]) -> str:
    parts = [f"{trace.get('end', 'answered')} in {trace.get('ms', 0):.0f} ms", f"release {trace['release']}"]
    if not trace.get("known", True):
        parts.append("did not know")
    usage = trace.get("usage", {})
    if usage.get("model_calls"):
        parts.append(f"{usage.get('tokens_in', 0)} tokens in, {usage.get('tokens_out', 0)} out")
    if usage.get("cost_microusd"):
        parts.append(f"{usage['cost_microusd'] / 1_000_000:.6f} USD")
    if trace.get("error"):
        parts.append(str(trace["error"]))
    return ", ".join(parts)


def _sources(sources: Sequence[Mapping[str, Any]]) -> str:
    return "".join(
        f"\n  source: {each['title']}" + (f" <{each['url']}>" if each.get("url") else "") for each in sources
    )


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= VALUE_CHARS_MAX else f"{text[:VALUE_CHARS_MAX]} …"


def _time(event: Mapping[str, Any]) -> str:
    return str(event["at"])[11:19]
