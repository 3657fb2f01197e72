"""A command that waits for its session, and the answer it will get."""

import asyncio
from collections.abc import Callable, Iterable

import msgspec

from chatsession.core.commands import Command, PostMessage
from chatsession.core.events import Event
from chatsession.core.session import NO_FACTS, Facts, Session
from chatsession.runtime.refused import RefusedError
from chatsession.tracing import Trace


class Answer(msgspec.Struct, frozen=True):
    """What came of a command: everything in it is durable."""

    session: Session
    """The session after it."""
    events: tuple[Event, ...] = ()
    seq: int = 0
    """Of the message, or of the last event; of the first answer where the command was a repetition."""
    message_id: str | None = None
    repeated: bool = False


Told = Answer | RefusedError
Tell = Callable[[Told], None]
"""How whoever asked is told what came of it; nothing must be raised to whoever tells."""


class Pending:
    """A command with what was looked up for it, and how to tell whoever asked."""

    __slots__ = ("_tell", "author", "client_id", "command", "facts", "is_admitted", "is_doubted", "trace")

    def __init__(self, command: Command, author: str, tell: Tell, trace: Trace | None) -> None:
        self.command = command
        self.author = author
        self.client_id: str | None = getattr(command, "client_id", None)
        self.facts: Facts = NO_FACTS
        self._tell: Tell | None = tell
        self.trace = trace
        self.is_admitted = False
        """Whether the message rate was counted: a command that is decided again after a conflict counts once."""
        self.is_doubted = self.client_id is not None and not isinstance(command, PostMessage)
        """Whether the store is asked for an earlier answer first. A message need not be: its append finds that out."""

    def tell(self, told: Told) -> None:
        """Tell whoever asked; the first word is the one that counts."""
        if self._tell is not None:
            tell, self._tell = self._tell, None
            tell(told)


def doubt(batch: Iterable[Pending]) -> None:
    """Have the store asked for earlier answers before these commands are decided."""
    for pending in batch:
        pending.is_doubted = pending.client_id is not None


def answer_all(answers: Iterable[tuple[Pending, Told]]) -> None:
    """Tell everybody what came of it."""
    for pending, answer in answers:
        pending.tell(answer)


def refuse_all(batch: Iterable[Pending], refused: RefusedError) -> None:
    """Tell everybody the same."""
    for pending in batch:
        pending.tell(refused)


def tell_future(future: "asyncio.Future[Answer]", told: Told) -> None:
    """Tell a task that waits, if it still does."""
    if future.done():
        return
    if isinstance(told, Answer):
        future.set_result(told)
    else:
        future.set_exception(told)
