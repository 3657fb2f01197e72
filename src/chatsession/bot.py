"""The contract of a bot: a turn goes in; deltas, signs of work, spans and at most one outcome come out."""

from collections.abc import AsyncIterator
from typing import Any, Literal, Protocol

import msgspec

from chatsession.core.context import Line
from chatsession.core.events import Source, Usage
from chatsession.core.words import TurnResult

SpanKind = Literal["retrieval", "tool", "model"]


class TurnInput(msgspec.Struct, frozen=True, kw_only=True):
    """What the bot is shown: the assembled context of one attempt of one turn."""

    session: str
    inbox: str
    visitor: str
    turn: int
    attempt: int
    text: str
    """The visitor's message that is to be answered; empty where the bot speaks first."""
    parts: list[dict[str, Any]] = []
    """What came with that message: the answer to a form, files."""
    lines: list[Line]
    """The history within the budget, newest last, the asked message included."""
    context: dict[str, Any]
    """Context values the bot may see: thread over session over visitor."""
    carried: dict[str, Any] = {}
    summary: str | None = None
    thread: str | None = None
    topic: str | None = None
    page: str | None = None
    """The address of the page on which the asked message was written."""
    human_part: str | None = None
    """Whether and how an agent took part, in one sentence."""
    locale: str | None = None
    dropped: int = 0
    """How many older messages did not fit."""
    patience_seconds: float | None = None
    """After so many seconds of silence the attempt is given up; None: never."""


class Delta(msgspec.Struct, frozen=True, tag="delta"):
    """The next piece of the answer's text."""

    text: str


class Working(msgspec.Struct, frozen=True, tag="working"):
    """What the bot is busy with, for the visitor to see while it lasts; never stored."""

    name: str
    what: SpanKind = "tool"


class Span(msgspec.Struct, frozen=True, kw_only=True, tag="span"):
    """Something the bot did on the way: what it retrieved, which tool or model it called, and how long that took.

    A span with the `id` of an earlier one takes its place: what is known while a call runs, then how it ended. So the
    cost of a call that is cut off is counted too.
    """

    kind: SpanKind
    name: str
    id: str | None = None
    ms: float = 0.0
    input: Any = None
    output: Any = None
    error: str | None = None
    usage: Usage = Usage()


class ContextSet(msgspec.Struct, frozen=True, tag="context_set"):
    """Context values (session scope) that the bot learnt in this turn."""

    values: dict[str, Any]


class Finished(msgspec.Struct, frozen=True, kw_only=True, tag="finished"):
    """How the turn ended. Without one, a stream that ends has answered."""

    result: TurnResult = "answered"
    known: bool = True
    """False where the bot honestly does not know."""
    resolved: bool = False
    sources: list[Source] = []
    parts: list[dict[str, Any]] = []
    topic: str | None = None
    text: str | None = None
    """Replaces the joined deltas where given."""


BotEvent = Delta | Working | Span | ContextSet | Finished


class Bot(Protocol):
    """Answers turns. A bot keeps no state of a session: all it needs is in the turn."""

    name: str

    def answer(self, turn: TurnInput) -> AsyncIterator[BotEvent]:
        """Stream the answer. Cancelling it or closing the iterator must stop the work, upstream requests included."""
        ...

    def release(self) -> str:
        """The content hash of everything that shapes answers: code, prompt, model, knowledge."""
        ...

    async def start(self) -> None:
        """Get ready (read the knowledge, open connections)."""
        ...

    async def close(self) -> None:
        """Let go of what `start` took."""
        ...


class BotError(Exception):
    """The bot could not answer; `reason` is a short stable word for the trace and the event."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


__all__ = [
    "Bot",
    "BotError",
    "BotEvent",
    "ContextSet",
    "Delta",
    "Finished",
    "Line",
    "Span",
    "SpanKind",
    "TurnInput",
    "Working",
]
