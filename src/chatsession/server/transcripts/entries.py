"""What of a session stands in a transcript: messages, and in one line each what happened between them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from chatsession.core import events as e

BOT, AGENT, VISITOR = "Bot", "Agent", "Visitor"
HIDDEN = "hidden"


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message, or one thing that happened (then nobody is its author)."""

    at: datetime
    text: str
    by: str | None = None
    """`visitor`, `bot` or `agent`; None for what happened."""
    name: str | None = None
    is_note: bool = False
    files: list[str] = []
    sources: list[e.Source] = []


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """What those who talk are called where they have no name of their own."""

    visitor: str = VISITOR
    bot: str = BOT

    def of(self, author: e.Author) -> str:
        """The name to show."""
        match author.kind:
            case "visitor":
                return self.visitor
            case "bot":
                return author.name or self.bot
            case "agent":
                return author.name or AGENT


def entry_of(frame: bytes, names: Names) -> Entry | None:
    """What a frame has to say in a transcript; None where that is nothing, or not for this reader."""
    kind = e.EVENT_TYPES.get(e.header(frame).type)
    tell = None if kind is None else _TOLD.get(kind)
    return None if tell is None else tell(e.decode(frame), names)


def _posted(event: e.MessagePosted, names: Names) -> Entry:
    files = [str(part["name"]) for part in event.parts if part.get("kind") == "file"]
    return Entry(
        at=event.at,
        text=event.text,
        by=event.author.kind,
        name=names.of(event.author),
        files=files,
        sources=event.sources,
    )


def _noted(event: e.NotePosted, names: Names) -> Entry:
    return Entry(at=event.at, text=event.text, by=event.author.kind, name=names.of(event.author), is_note=True)


def _happened(said: str) -> Callable[[e.Event, Names], Entry]:
    return lambda event, _: Entry(at=event.at, text=said)


def _floor(event: e.FloorChanged, _: Names) -> Entry:
    match event.floor:
        case "agent":
            return Entry(at=event.at, text=f"{event.agent_name or AGENT} joined.")
        case "queue":
            return Entry(at=event.at, text="A person was asked for.")
        case "bot":
            return Entry(at=event.at, text="The bot answers again.")


def _redacted(event: e.Redacted, _: Names) -> Entry | None:
    return Entry(at=event.at, text="A message was removed.") if event.author else None


_TOLD: dict[type[e.Event], Callable[[Any, Names], Entry | None]] = {
    e.SessionOpened: _happened("The chat began."),
    e.SessionClosed: _happened("The chat ended."),
    e.SessionResumed: _happened("The chat went on."),
    e.FloorChanged: _floor,
    e.MessagePosted: _posted,
    e.NotePosted: _noted,
    e.Redacted: _redacted,
}
