"""How a turn's answer is waited for, whole or piece by piece."""

import asyncio
from collections.abc import AsyncIterator

import msgspec

from chatsession.core import events as e
from chatsession.core.events import Source
from chatsession.runtime.following import Delivery, Ended, EventFrame, SignalFrame
from chatsession.runtime.principal import Principal
from chatsession.runtime.service import Service

PAGE = 500
WAIT_SECONDS = 30.0
SIGNALS_WAITING_MAX = 1_000


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a turn ended with: the service's message and where it comes from. As text it is the message."""

    text: str
    seq: int
    sources: list[Source] = []
    known: bool = True
    """False where the bot honestly did not know."""
    failed: bool = False
    """True where the bot broke or stayed silent, and the text is our apology."""

    def __str__(self) -> str:
        return self.text


class NoReplyError(Exception):
    """The turn ended without an answer: it was stopped, replaced by a newer message, or the session closed."""


class _Signal(msgspec.Struct):
    type: str
    turn: int = 0
    attempt: int = 0
    offset: int = 0
    text: str = ""


async def reply_after(service: Service, principal: Principal, session: str, after: int) -> Reply:
    """The service's answer to what was said at a seq; raise NoReplyError where there will be none."""
    said: e.MessagePosted | None = None
    while True:
        page = await service.reading.events(principal, session, after, PAGE, WAIT_SECONDS)
        for frame in page.frames:
            event = e.decode(frame)
            after = event.seq
            match event:
                case e.MessagePosted(author=author) if author.kind != "visitor":
                    said = event
                case e.HumanOffered(reason="limit") if said is not None:
                    return _reply(said, known=True, failed=True)
                case e.TurnAnswered():
                    return _reply(said, known=event.known, failed=False)
                case e.TurnFailed():
                    return _reply(said, known=True, failed=True)
                case e.TurnSuperseded() | e.SessionClosed():
                    raise NoReplyError(f"the turn ended without an answer ({type(event).__name__})")
                case _:
                    pass


def _reply(said: e.MessagePosted | None, *, known: bool, failed: bool) -> Reply:
    if said is None:
        return Reply(text="", seq=0, known=known, failed=failed)
    return Reply(text=said.text, seq=said.seq, sources=said.sources, known=known, failed=failed)


async def pieces_after(service: Service, principal: Principal, session: str, after: int) -> AsyncIterator[str]:
    """The answer to what was said at a seq, as it is written.

    An attempt that is given up is followed by the next one from its beginning.
    """
    arrived: asyncio.Queue[Delivery] = asyncio.Queue()

    def deliver(delivery: Delivery) -> None:
        # A delta that finds no room is made good by the message itself, which brings the rest.
        if not isinstance(delivery, SignalFrame) or arrived.qsize() < SIGNALS_WAITING_MAX:
            arrived.put_nowait(delivery)

    writing = _Writing()
    follow = await service.following.follow(principal, session, after, deliver, _no_room_needed)
    try:
        while not writing.is_over:
            if piece := writing.take(await arrived.get()):
                yield piece
    finally:
        follow.close()


class _Writing:
    """An answer that is being written, as far as it was handed on."""

    def __init__(self) -> None:
        self.is_over = False
        self._text = ""

    def take(self, delivery: Delivery) -> str:
        """What is new in a delivery."""
        match delivery:
            case SignalFrame(data=data):
                return self._signal(msgspec.json.decode(data, type=_Signal))
            case EventFrame(data=data):
                return self._event(e.decode(data))
            case Ended():
                self.is_over = True
                return ""

    def _signal(self, signal: _Signal) -> str:
        if signal.type not in ("delta", "partial") or signal.offset > len(self._text):
            return ""
        new = signal.text[len(self._text) - signal.offset :]
        self._text += new
        return new

    def _event(self, event: e.Event) -> str:
        match event:
            case e.TurnRetried():
                self._text = ""
            case e.MessagePosted(author=author) if author.kind != "visitor":
                self.is_over = True
                return event.text.removeprefix(self._text)
            case e.TurnSuperseded() | e.SessionClosed():
                self.is_over = True
            case _:
                pass
        return ""


async def _no_room_needed() -> None:
    return None
