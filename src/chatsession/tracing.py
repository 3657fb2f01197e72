"""What one turn saw, did and cost; and the names under which the service logs and counts."""

from datetime import datetime
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from chatsession.bot import Span, TurnInput
from chatsession.core.events import Source, Usage

LOG_REQUEST = "request"
LOG_UNEXPECTED = "unexpected"
LOG_SERVING = "serving"
LOG_DRAINING = "draining"
LOG_STOPPED = "stopped"
LOG_DROPPED = "dropped"
"""A reader was too slow, and has to come back."""
LOG_FIELDS = (
    "method", "route", "status", "bytes", "ms", "caller", "kind", "session", "turn", "attempt", "task", "instance",
    "url", "durability", "reason",
)  # fmt: skip
"""Everything a log line may say besides its event; texts are not among it."""

METRIC_REQUESTS = "chatsession_http_requests"
METRIC_SECONDS = "chatsession_http_request_seconds"
METRIC_OPEN = "chatsession_open"
"""What is open now, by kind: streams, long polls, followers, running turns, sessions at hand."""
METRIC_INFO = "chatsession"
LOG_TRACE_LOST = "trace lost"
LOG_FILES_LEFT = "files left"
"""Files of an erased session could not be removed; the next start tries again."""

REDACTED = "[redacted]"
NESTED_MAX = 32
"""How deep values are searched for personal data; what lies deeper is redacted as a whole."""


class Trace(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The record of one attempt of one turn: what came in, what was done, what came out."""

    session: str
    turn: int
    attempt: int
    bot: str
    release: str
    policy: str
    started_at: datetime
    shown: TurnInput
    spans: list[Span] = []
    text: str = ""
    """The answer as the visitor got it, byte for byte; of an attempt that was given up, what had been streamed."""
    end: str = "answered"
    """`answered`, `needs_agent`, `failed`, `superseded`, or the reason of a broken attempt."""
    known: bool = True
    sources: list[Source] = []
    usage: Usage = Usage()
    first_delta_ms: float | None = None
    ms: float = 0.0
    error: str | None = None


def redacted(trace: Trace, pii_keys: frozenset[str]) -> Trace:
    """The trace without the values of keys that hold personal data, in what was shown and in what was called."""
    if not pii_keys:
        return trace
    shown = replace(
        trace.shown,
        context=_without(trace.shown.context, pii_keys, NESTED_MAX),
        carried=_without(trace.shown.carried, pii_keys, NESTED_MAX),
    )
    spans = [
        replace(
            span,
            input=_without(span.input, pii_keys, NESTED_MAX),
            output=_without(span.output, pii_keys, NESTED_MAX),
        )
        for span in trace.spans
    ]
    return replace(trace, shown=shown, spans=spans)


def _without(value: Any, keys: frozenset[str], levels: int) -> Any:
    match value:
        case dict() | list() if levels == 0:
            return REDACTED
        case dict():
            known = cast("dict[str, Any]", value)
            return {key: REDACTED if key in keys else _without(each, keys, levels - 1) for key, each in known.items()}
        case list():
            return [_without(each, keys, levels - 1) for each in cast("list[Any]", value)]
        case _:
            return value
