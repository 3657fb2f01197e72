"""Every command: what somebody asks of a session. Commands refuse unknown fields; the door names their actor."""

from datetime import datetime
from typing import Any

import msgspec

from chatsession.core.events import Source, Usage, snake_case
from chatsession.core.words import (
    ActorKind,
    LimitName,
    LimitSpan,
    Outcome,
    Part,
    QueueChoice,
    Scope,
    Sensitivity,
    ThreadStatus,
    TurnResult,
)


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks. The door takes it from the credentials, never from the request's body."""

    kind: ActorKind
    id: str | None = None
    name: str | None = None
    verified: bool = False

    @property
    def label(self) -> str:
        """How events name the actor: its kind, and its id where it has one."""
        return self.kind if self.id is None or self.kind == "visitor" else f"{self.kind}:{self.id}"


CLOCK = Actor(kind="clock")
BOT = Actor(kind="bot")


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag=snake_case):
    """What every command says: who asks for it."""

    actor: Actor


class OpenSession(Command, frozen=True):
    """Begin a session; the new id, the visitor and the policy's hash come from the door."""

    session: str
    inbox: str
    visitor: str
    policy: str
    metadata: dict[str, Any] = {}
    previous: str | None = None
    client_id: str | None = None
    text: str | None = None
    """The first message, so that opening and saying happen both or neither."""
    parts: list[dict[str, Any]] = []
    page: str | None = None
    thread: str | None = None


class PostMessage(Command, frozen=True):
    """Say something; the same `client_id` and body again is answered as before and changes nothing."""

    text: str = ""
    client_id: str | None = None
    digest: bytes = b""
    thread: str | None = None
    parts: list[dict[str, Any]] = []
    page: str | None = None


class AnswerTurn(Command, frozen=True):
    """The bot's final word on (turn, attempt): refused `turn_over` unless both are current."""

    turn: int
    attempt: int
    text: str = ""
    result: TurnResult = "answered"
    known: bool = True
    resolved: bool = False
    sources: list[Source] = []
    parts: list[dict[str, Any]] = []
    usage: Usage = Usage()
    release: str | None = None
    context: dict[str, Any] = {}
    topic: str | None = None


class FailTurn(Command, frozen=True):
    """The attempt broke: the next attempt begins, or the visitor gets an apology."""

    turn: int
    attempt: int
    reason: str
    usage: Usage = Usage()


class OpenTurn(Command, frozen=True):
    """The bot speaks first, or again without having been asked."""

    thread: str | None = None


class RefuseTurn(Command, frozen=True):
    """The door found a limit of the visitor's or inbox's day reached: the turn ends with a sentence and an offer."""

    turn: int
    attempt: int
    limit: LimitName
    span: LimitSpan
    used: int
    allowed: int


class StopTurn(Command, frozen=True):
    """End the running answer; apart from disconnecting."""


class RetryTurn(Command, frozen=True):
    """Ask the bot again about the message whose answer failed or was stopped, as long as nothing was said since."""


class Touch(Command, frozen=True):
    """Typing, or a bot's delta of (turn, attempt): activity without a message."""

    turn: int | None = None
    attempt: int | None = None


class KeepOpen(Command, frozen=True):
    """Ask for more time."""


class CloseSession(Command, frozen=True):
    """End the period. Closing again is answered with the first reason."""

    merged_into: str | None = None


class ResolveSession(Command, frozen=True):
    """End the period as resolved, or one thread of it."""

    outcome: Outcome = "confirmed"
    thread: str | None = None


class ResumeSession(Command, frozen=True):
    """Open a closed session again: same id, next period, full history and context."""

    policy: str
    """The hash of the inbox's current policy, which a new period always adopts."""
    text: str | None = None
    """A message that comes with the return, so that both happen or neither."""
    client_id: str | None = None
    digest: bytes = b""
    parts: list[dict[str, Any]] = []
    page: str | None = None
    thread: str | None = None


class ArchiveSession(Command, frozen=True):
    """Give the resume window up, because a new session begins."""

    reason: str = "fresh_start"


class RequestHandoff(Command, frozen=True):
    """Ask for a human."""

    note: str | None = None


class ClaimSession(Command, frozen=True):
    """An agent takes the floor. `term`, if given, must be the current one: of several who claim at once, one wins."""

    term: int | None = None


class ReturnFloor(Command, frozen=True):
    """An agent hands the session back to the bot or to the queue."""

    to: str = "bot"
    note: str | None = None


class AnswerQueueOffer(Command, frozen=True):
    """The visitor waits on, goes back to the bot, or leaves a message and goes."""

    choice: QueueChoice


class SnoozeSession(Command, frozen=True):
    """An agent puts the session aside until an instant; a visitor's message ends it sooner."""

    until: datetime


class EndSnooze(Command, frozen=True):
    """An agent takes a snoozed session up again."""


class PostNote(Command, frozen=True):
    """An agent's note for colleagues."""

    text: str


class GiveFeedback(Command, frozen=True):
    """Judge the session or a part of it: 1 to 5, solved or not, a comment. The last word counts, for 24 hours."""

    score: int | None = None
    solved: bool | None = None
    comment: str | None = None
    part: Part = "session"


class ChangeContext(Command, frozen=True):
    """Set and unset context values in one scope; what a visitor sets is unverified."""

    scope: Scope = "session"
    set: dict[str, Any] = {}
    unset: list[str] = []
    thread: str | None = None
    sensitivity: Sensitivity | None = None
    message_id: str | None = None


class ClearContext(Command, frozen=True):
    """Clear a whole scope."""

    scope: Scope = "session"
    thread: str | None = None


class StartThread(Command, frozen=True):
    """Begin a thread, or continue one of an earlier session (`thread` names it)."""

    topic: str | None = None
    title: str | None = None
    thread: str | None = None
    continued_from: str | None = None


class ChangeThread(Command, frozen=True):
    """Give a thread another topic, title or status, or make it the current one."""

    thread: str
    topic: str | None = None
    title: str | None = None
    status: ThreadStatus | None = None
    current: bool = False


class AdoptPolicy(Command, frozen=True):
    """Let another policy apply from now on; the door passes it to the rules along with its hash."""

    policy: str
    rule: str = "by_hand"


class IdentifyVisitor(Command, frozen=True):
    """The anonymous visitor of this session is an identified one from now on."""

    visitor: str


class Tick(Command, frozen=True):
    """The clock: fire what is due. `served_since` is when we began to serve without a break, as known at `asked_at`."""

    actor: Actor = CLOCK
    served_since: datetime | None = None
    asked_at: datetime | None = None


AnyCommand = (
    OpenSession | PostMessage | AnswerTurn | FailTurn | OpenTurn | RefuseTurn | StopTurn | RetryTurn | Touch
    | KeepOpen | CloseSession | ResolveSession | ResumeSession | ArchiveSession | RequestHandoff | ClaimSession
    | ReturnFloor | AnswerQueueOffer | SnoozeSession | EndSnooze | PostNote | GiveFeedback | ChangeContext
    | ClearContext | StartThread | ChangeThread | AdoptPolicy | IdentifyVisitor | Tick
)  # fmt: skip

COMMAND_TYPES: dict[str, type[Command]] = {kind.__struct_config__.tag: kind for kind in AnyCommand.__args__}  # type: ignore[misc]
