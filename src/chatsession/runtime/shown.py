"""What the screens of a session are shown while an answer is written: signals, stored for nobody."""

import msgspec

from chatsession.bot import SpanKind


class TextAdded(msgspec.Struct, frozen=True, kw_only=True, tag="delta"):
    """The next piece of an attempt's text; it begins at `offset`, counted in Unicode characters."""

    turn: int
    attempt: int
    offset: int
    text: str


class TextSoFar(msgspec.Struct, frozen=True, kw_only=True, tag="partial", omit_defaults=True):
    """Everything an attempt has shown until now, for a newcomer; `working` names what the bot is busy with."""

    turn: int
    attempt: int
    offset: int
    text: str
    working: str | None = None


class AtWork(msgspec.Struct, frozen=True, kw_only=True, tag="working"):
    """What the bot is busy with, until its next text."""

    turn: int
    attempt: int
    what: SpanKind
    name: str
