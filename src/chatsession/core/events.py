"""Every event: what happened in a session, in the order of `seq`, never changed afterwards.

An event is at once the rule's value, the stored bytes and the wire frame: `encode` is called once per event.
"""

from datetime import datetime
from typing import Any, ClassVar

import msgspec

from chatsession.core.words import (
    Audience,
    AuthorKind,
    CloseReason,
    Floor,
    FloorReason,
    LimitName,
    LimitSpan,
    Outcome,
    Part,
    QueueChoice,
    Scope,
    Sensitivity,
    SupersededReason,
    ThreadStatus,
    TurnResult,
    WarningReason,
)


def snake_case(name: str) -> str:
    """The name a type has on the wire."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _null() -> str | None:
    """A null that is written out: a plain default would be left out of the frame, and outsiders read the key."""
    return None


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of an event; unknown fields from a newer version are tolerated."""


class Author(Value, frozen=True):
    """Who wrote: a visitor, the bot or an agent (always a human)."""

    kind: AuthorKind
    id: str | None = None
    name: str | None = None


class Source(Value, frozen=True):
    """Where an answer comes from: a document, its heading and its address."""

    title: str
    url: str | None = None
    passage: str | None = None


class Entry(Value, frozen=True):
    """One context value with its provenance: who set it, from which message, and how sensitive it is."""

    value: Any
    by: str
    message_id: str | None = None
    verified: bool = False
    sensitivity: Sensitivity = "plain"
    set_at: datetime | None = None
    expires_at: datetime | None = None


class Usage(Value, frozen=True):
    """What a turn cost: tokens, money in millionths of a US dollar, calls of a model."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost_microusd: int = 0
    model_calls: int = 0


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag=snake_case):
    """What every event says: its place in the session's order, and when."""

    audience: ClassVar[Audience] = "all"

    seq: int
    at: datetime


class SessionOpened(Event, frozen=True):
    """A session began: who, where, under which policy, after which earlier session."""

    session: str
    inbox: str
    visitor: str
    policy: str
    metadata: dict[str, Any] = {}
    previous: str | None = None


class SessionWarned(Event, frozen=True):
    """The session will close at `closes_at` unless something happens; `extendable` if the visitor can prevent it."""

    reason: WarningReason
    closes_at: datetime
    extendable: bool


class WarningLifted(Event, frozen=True):
    """The warning of this reason no longer stands."""

    by: str
    reason: WarningReason = "timeout"


class SessionKeptOpen(Event, frozen=True):
    """Somebody asked for more time; the idle clock starts anew."""

    by: str


class ActivitySeen(Event, frozen=True):
    """A visitor or bot was active without a message; clocks count from `covers_until`."""

    audience = "service"

    by: AuthorKind
    covers_until: datetime
    turn: int | None = None
    attempt: int | None = None


class SessionClosed(Event, frozen=True):
    """A period ended, for one reason, with a provisional outcome; resumable until the promised instant."""

    period: int
    reason: CloseReason
    by: str
    outcome: Outcome
    declared: Outcome | None = None
    resumable: bool = True
    resumable_until: datetime | None = None
    merged_into: str | None = None


class SessionResumed(Event, frozen=True):
    """The next period of a closed session began, with the full history and context of the one before."""

    period: int
    by: str
    floor: Floor
    policy: str
    agent: str | None = None
    agent_name: str | None = None


class OutcomeSettled(Event, frozen=True):
    """The outcome of the last period became final."""

    period: int
    outcome: Outcome
    was: Outcome


class ContextCarried(Event, frozen=True):
    """Context ledger entry of a boundary: what was kept, summarised, dropped, by which rule; the document itself."""

    audience = "service"

    boundary: str
    rule: str
    kept: list[str] = []
    summarised: list[str] = []
    dropped: list[str] = []
    session_entries: dict[str, Entry] = {}
    visitor_entries: dict[str, Entry] = {}
    thread_entries: dict[str, dict[str, Entry]] = {}


class ContextReceived(Event, frozen=True):
    """What an earlier session of the visitor handed on to this one."""

    audience = "service"

    from_session: str
    session_entries: dict[str, Entry] = {}
    visitor_entries: dict[str, Entry] = {}


class SessionArchived(Event, frozen=True):
    """The resume window is over or was given up; this session cannot be resumed any more."""

    reason: str


class MessagePosted(Event, frozen=True):
    """Somebody said something."""

    message_id: str
    author: Author
    text: str
    thread: str | None = msgspec.field(default_factory=_null)
    client_id: str | None = msgspec.field(default_factory=_null)
    parts: list[dict[str, Any]] = []
    sources: list[Source] = []
    turn: int | None = None
    attempt: int | None = None
    page: str | None = None
    left_message: bool = False


class NotePosted(Event, frozen=True):
    """An agent's note for colleagues; the visitor never sees it."""

    audience = "service"

    author: Author
    text: str


class TurnOpened(Event, frozen=True):
    """The bot was asked to answer; attempt 1 began. `asked_seq` is the message it answers, if there is one."""

    turn: int
    attempt: int
    by: str
    thread: str | None = None
    asked_seq: int | None = None


class TurnRetried(Event, frozen=True):
    """The running attempt was given up and the next one began; what it had streamed is withdrawn."""

    turn: int
    attempt: int
    reason: str


class TurnAnswered(Event, frozen=True):
    """A turn ended with an answer (or the bot's word that an agent is needed)."""

    turn: int
    attempt: int
    result: TurnResult
    known: bool = True
    release: str | None = None


class TurnFailed(Event, frozen=True):
    """A turn ended without an answer."""

    turn: int
    attempt: int
    reason: str


class UsageCounted(Event, frozen=True):
    """What an attempt of a turn used: tokens, money, calls of a model."""

    audience = "service"

    turn: int
    attempt: int
    usage: Usage


class TurnSuperseded(Event, frozen=True):
    """A turn ended because something else came first; a partial answer leaves the screen."""

    turn: int
    attempt: int
    reason: SupersededReason


class HumanOffered(Event, frozen=True):
    """The visitor was offered a human, and why."""

    reason: str


class LimitReached(Event, frozen=True):
    """A limit of the policy stopped further calls of the bot."""

    limit: LimitName
    span: LimitSpan
    used: int
    allowed: int


class FloorChanged(Event, frozen=True):
    """Somebody else speaks for the service now, under a new term number."""

    floor: Floor
    term: int
    reason: FloorReason
    by: str
    agent: str | None = None
    agent_name: str | None = None
    note: str | None = None


class QueueChoiceOffered(Event, frozen=True):
    """Nobody has come yet: the visitor is told how long it has been and what the choices are."""

    offer: int
    waited_seconds: int
    choices: list[QueueChoice]


class QueueChoiceMade(Event, frozen=True):
    """The visitor answered the offer of the queue."""

    choice: QueueChoice


class AgentNudged(Event, frozen=True):
    """The agent was reminded that the visitor is waiting."""

    audience = "service"

    agent: str


class SessionSnoozed(Event, frozen=True):
    """The agent put the session aside until a stated instant."""

    audience = "service"

    until: datetime
    by: str


class SnoozeEnded(Event, frozen=True):
    """The session waits for the agent again."""

    audience = "service"

    by: str


class ContextChanged(Event, frozen=True):
    """Context values were set or unset in one scope."""

    audience = "service"

    scope: Scope
    by: str
    thread: str | None = None
    set: dict[str, Entry] = {}
    unset: list[str] = []


class ContextCleared(Event, frozen=True):
    """A whole scope was cleared; nothing in it can be seen by the bot any more."""

    audience = "service"

    scope: Scope
    by: str
    thread: str | None = None


class ThreadStarted(Event, frozen=True):
    """A thread began here, or one of an earlier session is continued here."""

    thread: str
    by: str
    topic: str | None = None
    title: str | None = None
    continued_from: str | None = None


class ThreadChanged(Event, frozen=True):
    """A thread got another topic, title or status, or became the current one."""

    thread: str
    by: str
    topic: str | None = None
    title: str | None = None
    status: ThreadStatus | None = None
    current: bool = False


class ThreadResolved(Event, frozen=True):
    """A thread is done."""

    thread: str
    by: str
    outcome: Outcome | None = None


class FeedbackGiven(Event, frozen=True):
    """The visitor judged the session or a part of it; the last word counts."""

    period: int
    part: Part = "session"
    score: int | None = None
    solved: bool | None = None
    comment: str | None = None


class PolicyAdopted(Event, frozen=True):
    """Another policy applies from here on."""

    audience = "service"

    policy: str
    by: str
    rule: str


class VisitorIdentified(Event, frozen=True):
    """The anonymous visitor turned out to be an identified one."""

    audience = "service"

    visitor: str
    was: str


class Redacted(Event, frozen=True):
    """The tombstone of an event whose payload was removed; it keeps its place; of a message, who wrote too."""

    was: str
    author: AuthorKind | None = None
    thread: str | None = None


AnyEvent = (
    SessionOpened | SessionWarned | WarningLifted | SessionKeptOpen | ActivitySeen | SessionClosed | SessionResumed
    | OutcomeSettled | ContextCarried | ContextReceived | SessionArchived | MessagePosted | NotePosted | TurnOpened
    | TurnRetried | TurnAnswered | TurnFailed | UsageCounted | TurnSuperseded | HumanOffered | LimitReached
    | FloorChanged | QueueChoiceOffered | QueueChoiceMade | AgentNudged | SessionSnoozed | SnoozeEnded | ContextChanged
    | ContextCleared | ThreadStarted | ThreadChanged | ThreadResolved | FeedbackGiven | PolicyAdopted
    | VisitorIdentified | Redacted
)  # fmt: skip

EVENT_TYPES: dict[str, type[Event]] = {kind.__struct_config__.tag: kind for kind in AnyEvent.__args__}  # type: ignore[misc]


class UnknownEventError(Exception):
    """An event type from a newer version: the session stays readable and refuses writes."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"event type {kind!r} comes from a newer version of chatsession")
        self.kind = kind


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(AnyEvent)


def encode(event: Event) -> bytes:
    """Turn an event into the bytes that are stored and sent."""
    return _encoder.encode(event)


def decode(data: bytes) -> Event:
    """Turn stored bytes back into the event; raise UnknownEventError for a type of a newer version."""
    try:
        return _decoder.decode(data)
    except msgspec.ValidationError:
        kind = header(data).type
        if kind in EVENT_TYPES:
            raise
        raise UnknownEventError(kind) from None


class Header(msgspec.Struct):
    """What every stored frame says, also one of a newer version."""

    type: str
    seq: int
    at: datetime


_headers = msgspec.json.Decoder(Header)


def header(frame: bytes) -> Header:
    """Read the type, the place and the time of a stored frame, whatever its type."""
    return _headers.decode(frame)


def is_for_all(frame: bytes) -> bool:
    """Whether visitors may see the frame; one of an unknown type stays with the service."""
    kind = EVENT_TYPES.get(_headers.decode(frame).type)
    return kind is not None and kind.audience == "all"


def hidden(frame: bytes) -> bytes:
    """What a visitor gets in place of an event for the service alone: its place in the order, nothing else."""
    head = _headers.decode(frame)
    return _encoder.encode({"seq": head.seq, "at": head.at, "type": "hidden"})


REDACTABLE = frozenset(("message_posted", "note_posted", "redacted"))
"""Of what was said, the fold needs who spoke and no word; without any other event the session would be another."""


def is_redactable(frame: bytes) -> bool:
    """Whether a session stays what it is if the event's payload is removed."""
    return _headers.decode(frame).type in REDACTABLE


def tombstone(frame: bytes) -> bytes:
    """What remains of a redacted event: its place, its time and its type, and what the fold needs of a message.

    Without that, a session folded anew would wait for somebody else than the one that went on running.
    """
    head = _headers.decode(frame)
    event = decode(frame) if head.type in EVENT_TYPES else None
    if isinstance(event, Redacted):
        return frame
    if isinstance(event, MessagePosted):
        kept = Redacted(seq=head.seq, at=head.at, was=head.type, author=event.author.kind, thread=event.thread)
        return _encoder.encode(kept)
    return _encoder.encode(Redacted(seq=head.seq, at=head.at, was=head.type))
