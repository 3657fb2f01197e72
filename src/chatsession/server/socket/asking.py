"""What a client may ask for over a socket: command frames, each with the fields of the HTTP body of the same thing."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from chatsession.core import commands as c
from chatsession.core.limits import CLIENT_ID_CHARS_MAX
from chatsession.core.session import Session
from chatsession.core.words import Outcome, Part, QueueChoice, Scope, Sensitivity, ThreadStatus
from chatsession.runtime.opening import MessageIn, message_command
from chatsession.runtime.principal import Principal
from chatsession.runtime.visible import visible

PolicyHash = Callable[[str], str]
"""The hash of an inbox's current policy."""


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


class Ask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="command", tag=_snake):
    """A command as it comes in; `client_id` comes back in its `ack` or `problem`."""

    type: Literal["command"]
    client_id: Annotated[str, msgspec.Meta(min_length=1, max_length=CLIENT_ID_CHARS_MAX)] | None = None


class PostMessage(Ask, frozen=True, kw_only=True):
    """Say something; `client_id` makes it safe to send again."""

    text: str = ""
    parts: list[dict[str, Any]] = []
    page: str | None = None
    thread: str | None = None


class KeepOpen(Ask, frozen=True, kw_only=True):
    """Ask for more time."""


class CloseSession(Ask, frozen=True, kw_only=True):
    """End the session; it can be resumed within its window."""


class ResumeSession(Ask, frozen=True, kw_only=True):
    """Open the closed session again, with a message perhaps."""

    message: MessageIn | None = None


class RequestHandoff(Ask, frozen=True, kw_only=True):
    """Ask for a human."""

    note: str | None = None


class StopTurn(Ask, frozen=True, kw_only=True):
    """Stop the answer that is being written."""


class GiveFeedback(Ask, frozen=True, kw_only=True):
    """Judge the session or a part of it; the last word counts."""

    score: int | None = None
    solved: bool | None = None
    comment: str | None = None
    part: Part = "session"


class ChangeContext(Ask, frozen=True, kw_only=True):
    """Set and unset context values."""

    set: dict[str, Any] = {}
    unset: list[str] = []
    scope: Scope = "session"
    thread: str | None = None
    sensitivity: Sensitivity | None = None
    message_id: str | None = None


class AnswerQueueOffer(Ask, frozen=True, kw_only=True):
    """Wait on, go back to the bot, or leave a message."""

    choice: QueueChoice


class StartThread(Ask, frozen=True, kw_only=True):
    """Begin a thread, or continue one of an earlier session."""

    topic: str | None = None
    title: str | None = None
    thread: str | None = None
    continued_from: str | None = None


class ChangeThread(Ask, frozen=True, kw_only=True):
    """Change a thread, or make it the current one."""

    thread: str
    topic: str | None = None
    title: str | None = None
    status: ThreadStatus | None = None
    current: bool = False


class ClaimSession(Ask, frozen=True, kw_only=True):
    """An agent takes the floor; with `term`, only if nobody was faster."""

    term: int | None = None


class ReturnFloor(Ask, frozen=True, kw_only=True):
    """An agent gives the floor back."""

    to: Literal["bot", "queue"] = "bot"
    note: str | None = None


class SnoozeSession(Ask, frozen=True, kw_only=True):
    """An agent puts the session aside."""

    until: datetime


class EndSnooze(Ask, frozen=True, kw_only=True):
    """An agent takes a snoozed session up again."""


class PostNote(Ask, frozen=True, kw_only=True):
    """Leave a note for colleagues."""

    text: str


class ResolveSession(Ask, frozen=True, kw_only=True):
    """Close the session, or one thread of it, as resolved."""

    outcome: Outcome = "confirmed"
    thread: str | None = None


AnyAsk = (
    PostMessage | KeepOpen | CloseSession | ResumeSession | RequestHandoff | StopTurn | GiveFeedback | ChangeContext
    | AnswerQueueOffer | StartThread | ChangeThread | ClaimSession | ReturnFloor | SnoozeSession | EndSnooze | PostNote
    | ResolveSession
)  # fmt: skip
ASKS: dict[str, type[Ask]] = {str(kind.__struct_config__.tag): kind for kind in AnyAsk.__args__}

_SAME: dict[type[Ask], type[c.Command]] = {
    KeepOpen: c.KeepOpen,
    CloseSession: c.CloseSession,
    RequestHandoff: c.RequestHandoff,
    StopTurn: c.StopTurn,
    GiveFeedback: c.GiveFeedback,
    ChangeContext: c.ChangeContext,
    AnswerQueueOffer: c.AnswerQueueOffer,
    StartThread: c.StartThread,
    ChangeThread: c.ChangeThread,
    ClaimSession: c.ClaimSession,
    ReturnFloor: c.ReturnFloor,
    SnoozeSession: c.SnoozeSession,
    EndSnooze: c.EndSnooze,
    PostNote: c.PostNote,
    ResolveSession: c.ResolveSession,
}
"""The frames whose fields are those of their command."""


def command_of(ask: Ask, principal: Principal, session: Session, policy_hash: PolicyHash) -> c.Command:
    """The command of the rules, in the name of whoever asks."""
    match ask:
        case PostMessage():
            message = MessageIn(
                text=ask.text, client_id=ask.client_id, parts=ask.parts, page=ask.page, thread=ask.thread
            )
            return message_command(principal, message)
        case ResumeSession(message=message):
            return _resume(principal, policy_hash(session.inbox), message)
        case _:
            fields = {name: getattr(ask, name) for name in ask.__struct_fields__ if name not in ("type", "client_id")}
            return _SAME[type(ask)](actor=principal.actor, **fields)


def _resume(principal: Principal, policy: str, message: MessageIn | None) -> c.ResumeSession:
    if message is None:
        return c.ResumeSession(actor=principal.actor, policy=policy)
    return c.ResumeSession(
        actor=principal.actor,
        policy=policy,
        text=visible(message.text),
        client_id=message.client_id,
        parts=message.parts,
        page=message.page,
    )
