"""What one turn saw, did and cost; and the names under which the service logs and counts."""

from datetime import datetime
from typing import Any

import msgspec

from chatsession.bot import Span, TurnInput
from chatsession.core.events import Source, Usage

LOG_REQUEST = "request"
LOG_UNEXPECTED = "unexpected"
LOG_SERVING = "serving"
LOG_DRAINING = "draining"
LOG_STOPPED = "stopped"
LOG_DROPPED = "dropped"
"""A reader was too slow, and has to come back."""


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
    """The trace without the values of keys that hold personal data."""
    context: dict[str, Any] = {
        key: "[redacted]" if key in pii_keys else value for key, value in trace.shown.context.items()
    }
    carried: dict[str, Any] = {
        key: "[redacted]" if key in pii_keys else value for key, value in trace.shown.carried.items()
    }
    return msgspec.structs.replace(trace, shown=msgspec.structs.replace(trace.shown, context=context, carried=carried))
