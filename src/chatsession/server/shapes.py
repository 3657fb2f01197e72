"""What goes in and comes out over HTTP, where it is not the rules' or the runtime's own type."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from chatsession.core.events import AnyEvent
from chatsession.core.words import Outcome, Part, QueueChoice, Scope, Sensitivity, ThreadStatus
from chatsession.runtime.keys import KeyView
from chatsession.runtime.opening import MessageIn
from chatsession.runtime.views import SessionView, ThreadView
from chatsession.tracing import Trace

SEQ_MAX = 2**53 - 1
"""Of positions in requests: what every JSON reader holds exactly."""
LIMIT_MAX = 500

Instant = Annotated[datetime, Meta(tz=True)]


def whole(number: float | None) -> int | None:
    """A number that has nothing after its point: JSON knows one kind of number, so 5.0 is 5."""
    return None if number is None else int(number)


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body; a field it does not have is refused by name."""


class NoFields(Body, frozen=True, kw_only=True):
    """Nothing but an empty object; the body may be left out."""


class NewVisitor(Body, frozen=True, kw_only=True):
    """How somebody comes in: anonymously, or with an identity the website signed (`jwt`)."""

    jwt: str | None = None
    token: str | None = None
    """The anonymous token the same person had until now; the `Authorization` header says the same."""
    resume: str | None = None
    """The secret of a resume link, to go on as the visitor who made it."""


class Resumption(Body, frozen=True, kw_only=True):
    """A return, perhaps with the first thing said."""

    message: MessageIn | None = None


class HandoffRequest(Body, frozen=True, kw_only=True):
    """The wish for a human, perhaps with a word on why."""

    note: str | None = None


class Feedback(Body, frozen=True, kw_only=True):
    """A judgement of the session or a part of it; the last one counts."""

    score: Annotated[float, Meta(ge=1, le=5, multiple_of=1)] | None = None
    solved: bool | None = None
    comment: str | None = None
    part: Part = "session"

    def __post_init__(self) -> None:
        """Take 5.0 for 5."""
        msgspec.structs.force_setattr(self, "score", whole(self.score))


class Resolution(Body, frozen=True, kw_only=True):
    """How a session, or one thread of it, was resolved."""

    outcome: Outcome = "confirmed"
    thread: str | None = None


class QueueAnswer(Body, frozen=True, kw_only=True):
    """What the visitor wants to do about the wait."""

    choice: QueueChoice


class Claim(Body, frozen=True, kw_only=True):
    """An agent takes the floor; with `term`, only if nobody was faster."""

    term: Annotated[float, Meta(ge=0, le=SEQ_MAX, multiple_of=1)] | None = None

    def __post_init__(self) -> None:
        """Take 5.0 for 5."""
        msgspec.structs.force_setattr(self, "term", whole(self.term))


class Return(Body, frozen=True, kw_only=True):
    """An agent gives the floor back."""

    to: Literal["bot", "queue"] = "bot"
    note: str | None = None


class Snooze(Body, frozen=True, kw_only=True):
    """Until when the session is put aside."""

    until: Instant


class Note(Body, frozen=True, kw_only=True):
    """A note for colleagues."""

    text: str


class ContextChange(Body, frozen=True, kw_only=True):
    """Context values to set and keys to unset in one scope."""

    set: dict[str, Any] = {}
    unset: list[str] = []
    scope: Scope = "session"
    thread: str | None = None
    sensitivity: Sensitivity | None = None
    message_id: str | None = None


class NewThread(Body, frozen=True, kw_only=True):
    """A thread to begin, or one of an earlier session to continue (`thread`, `continued_from`)."""

    topic: str | None = None
    title: str | None = None
    thread: str | None = None
    continued_from: str | None = None


class ThreadChange(Body, frozen=True, kw_only=True):
    """What becomes different about a thread."""

    topic: str | None = None
    title: str | None = None
    status: ThreadStatus | None = None
    current: bool = False


class ReadUpTo(Body, frozen=True, kw_only=True):
    """How far the caller has read: the seq of the last event they saw."""

    seq: Annotated[float, Meta(ge=1, le=SEQ_MAX, multiple_of=1)]


class TicketRequest(Body, frozen=True, kw_only=True):
    """The session a stream of which is to be opened with a ticket."""

    session: str


class Out(msgspec.Struct, frozen=True, kw_only=True):
    """An answer; more fields may come."""


class VisitorGranted(Out, frozen=True, kw_only=True):
    """A visitor, and the token that proves it: shown this once."""

    id: str
    token: str
    inbox: str
    name: str | None
    identified: bool
    session: str | None = None
    """The session a resume link was about."""


class ResumeLinkMade(Out, frozen=True, kw_only=True):
    """The secret of a link to go on elsewhere, shown this once; it works once, within `expires_in` seconds."""

    token: str
    expires_in: int


class FileAccepted(Out, frozen=True, kw_only=True):
    """A file that was taken in: `{"kind": "file", "file": id}` in a message's `parts` shows it."""

    id: str
    name: str
    type: str
    bytes: int


class MessageAccepted(Out, frozen=True, kw_only=True):
    """Where a message is, durably."""

    id: str
    seq: int


class OpenedSession(SessionView, frozen=True, kw_only=True):
    """The session the visitor is in now, how that came about, and where the message is that came along."""

    how: Literal["opened", "resumed", "continued"]
    message: MessageAccepted | None


class SessionList(Out, frozen=True, kw_only=True):
    """Sessions, newest first; `cursor` asks for the next page."""

    sessions: list[SessionView]
    cursor: str | None = None
    as_of: datetime | None = None
    """How far the search had followed, where words were searched."""


class Hidden(msgspec.Struct, frozen=True, kw_only=True, tag="hidden", tag_field="type"):
    """The place of an event that is for the service alone."""

    seq: int
    at: datetime


class EventList(Out, frozen=True, kw_only=True):
    """Events in order; `next` is the last seq of the page if there is more."""

    events: list[AnyEvent | Hidden]
    next: int | None


class ThreadList(Out, frozen=True, kw_only=True):
    """Threads, of the newest session first."""

    threads: list[ThreadView]


class NoteAccepted(Out, frozen=True, kw_only=True):
    """Where a note is."""

    seq: int


class Ticket(Out, frozen=True, kw_only=True):
    """A credential for one stream or socket of one session, once, within `expires_in` seconds."""

    ticket: str
    expires_in: int


class KeyList(Out, frozen=True, kw_only=True):
    """API keys, in the order of their ids."""

    keys: list[KeyView]


class TraceList(Out, frozen=True, kw_only=True):
    """What each attempt of each turn saw, did and cost."""

    traces: list[Trace]


class Health(Out, frozen=True, kw_only=True):
    """That the process serves, and what an acknowledged write survives."""

    status: Literal["ok", "ready"]
    durability: Literal["none", "D1", "D2", "D3"]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """An error (RFC 9457): `code` is stable, `detail` is a sentence for a person."""

    type: str
    title: str
    status: int
    code: str
    detail: str
