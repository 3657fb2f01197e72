"""What a client may ask for over a socket: each command frame has the fields of the HTTP body of the same thing."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, Protocol, Union

import msgspec

from chatsession.core import commands as c
from chatsession.core.limits import CLIENT_ID_CHARS_MAX
from chatsession.core.session import Session
from chatsession.runtime.opening import MessageIn, message_command
from chatsession.runtime.principal import Principal
from chatsession.runtime.visible import visible
from chatsession.server import shapes as s

PolicyHash = Callable[[str], str]
"""The hash of an inbox's current policy."""

ClientId = Annotated[str, msgspec.Meta(min_length=1, max_length=CLIENT_ID_CHARS_MAX)]


class ThreadChange(s.ThreadChange, frozen=True, kw_only=True):
    """What becomes different about a thread, and which one; over HTTP its address says which."""

    thread: str


class Ask(Protocol):
    """A command as it comes in; `client_id` comes back in its `ack` or `problem`."""

    client_id: str | None


_BODIES: dict[str, tuple[type[msgspec.Struct], type[c.Command]]] = {
    "post_message": (MessageIn, c.PostMessage),
    "keep_open": (s.NoFields, c.KeepOpen),
    "close_session": (s.NoFields, c.CloseSession),
    "resume_session": (s.Resumption, c.ResumeSession),
    "request_handoff": (s.HandoffRequest, c.RequestHandoff),
    "answer_queue_offer": (s.QueueAnswer, c.AnswerQueueOffer),
    "stop_turn": (s.NoFields, c.StopTurn),
    "retry_turn": (s.NoFields, c.RetryTurn),
    "give_feedback": (s.Feedback, c.GiveFeedback),
    "change_context": (s.ContextChange, c.ChangeContext),
    "start_thread": (s.NewThread, c.StartThread),
    "change_thread": (ThreadChange, c.ChangeThread),
    "claim_session": (s.Claim, c.ClaimSession),
    "return_floor": (s.Return, c.ReturnFloor),
    "snooze_session": (s.Snooze, c.SnoozeSession),
    "end_snooze": (s.NoFields, c.EndSnooze),
    "post_note": (s.Note, c.PostNote),
    "resolve_session": (s.Resolution, c.ResolveSession),
}


def _frame(name: str, body: type[msgspec.Struct], command: type[c.Command]) -> type[Any]:
    """The body's fields, and what makes them a frame."""
    return msgspec.defstruct(
        name,
        [("type", Literal["command"]), ("client_id", Union[ClientId, None], None)],  # noqa: UP007  not a class
        bases=(body,),
        namespace={"__doc__": command.__doc__},
        tag_field="command",
        tag=name,
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
    )


ASKS = {name: _frame(name, body, command) for name, (body, command) in _BODIES.items()}
"""Every command frame by its name."""
AnyAsk: Any = Union[tuple(ASKS.values())]  # noqa: UP007  of types that are made here

_COMMANDS: dict[type[Any], tuple[type[c.Command], tuple[str, ...]]] = {
    ASKS[name]: (command, body.__struct_fields__) for name, (body, command) in _BODIES.items()
}


def command_of(ask: Ask, principal: Principal, session: Session, policy_hash: PolicyHash) -> c.Command:
    """The command of the rules, in the name of whoever asks."""
    if isinstance(ask, MessageIn):
        return message_command(principal, ask)
    if isinstance(ask, s.Resumption):
        return _resume(principal, policy_hash(session.inbox), ask.message)
    command, fields = _COMMANDS[type(ask)]
    return command(actor=principal.actor, **{name: getattr(ask, name) for name in fields})


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
        thread=message.thread,
    )
