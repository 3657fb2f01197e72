"""The messages of sessions that are talked in now, as bots are shown them."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from chatsession.core import events as e
from chatsession.core.context import Line
from chatsession.core.session import Session
from chatsession.store import Store

Parts = list[dict[str, Any]]
FRAMES_PER_LINE = 4
"""About how many events one message brings along; so many frames are read to find enough messages."""


class History:
    """The newest lines of one session, complete up to a seq."""

    __slots__ = ("lines", "parts", "seq")

    def __init__(self, lines: list[Line], parts: dict[int, Parts], seq: int) -> None:
        self.lines = lines
        self.parts = parts
        self.seq = seq


class Histories:
    """The newest lines of each session, bounded in sessions and in lines."""

    def __init__(self, store: Store, sessions_max: int, lines_max: int) -> None:
        self._store = store
        self._sessions_max = sessions_max
        self._lines_max = lines_max
        self._known: OrderedDict[str, History] = OrderedDict()

    async def lines(self, session: Session) -> list[Line]:
        """The newest messages, oldest first."""
        known = await self._history(session)
        return [line for line in known.lines if line.seq <= session.seq]

    async def parts(self, session: Session, seq: int | None) -> Parts:
        """The parts of one of the newest messages."""
        return [] if seq is None else (await self._history(session)).parts.get(seq, [])

    def follow(self, session: Session, events: tuple[e.Event, ...]) -> None:
        """Add what was said, where the session's lines are at hand and nothing is missing before it."""
        known = self._known.get(session.id)
        if known is None or not events or events[-1].seq <= known.seq:
            return
        if events[0].seq > known.seq + 1:
            self.forget(session.id)
            return
        said = [event for event in events if isinstance(event, e.MessagePosted)]
        known.lines += [line_of(event) for event in said]
        known.parts |= _parts_of(said)
        known.seq = events[-1].seq
        for line in known.lines[: -self._lines_max]:
            known.parts.pop(line.seq, None)
        del known.lines[: -self._lines_max]

    def forget(self, session: str) -> None:
        """Drop a session's lines."""
        self._known.pop(session, None)

    async def _history(self, session: Session) -> History:
        known = self._known.get(session.id)
        if known is None or known.seq < session.seq:
            known = await self._read(session)
            self._keep(session.id, known)
        return known

    async def _read(self, session: Session) -> History:
        frames = await self._store.frames_before(session.id, session.seq + 1, self._lines_max * FRAMES_PER_LINE)
        said = [event for frame in frames if (event := _message(frame)) is not None][-self._lines_max :]
        return History([line_of(event) for event in said], _parts_of(said), session.seq)

    def _keep(self, session: str, history: History) -> None:
        self._known[session] = history
        self._known.move_to_end(session)
        if len(self._known) > self._sessions_max:
            self._known.popitem(last=False)


def line_of(event: e.MessagePosted) -> Line:
    """A message as a line of the history; files that came without a word say what they are called."""
    author = event.author
    text = event.text if event.text.strip() else ", ".join(_file_names(event.parts))
    return Line(role=author.kind, text=text, seq=event.seq, thread=event.thread, name=author.name, page=event.page)


def _file_names(parts: Parts) -> Iterable[str]:
    return (str(part["name"]) for part in parts if part.get("kind") == "file" and "name" in part)


def _parts_of(said: Iterable[e.MessagePosted]) -> dict[int, Parts]:
    return {event.seq: event.parts for event in said if event.parts}


def _message(frame: bytes) -> e.MessagePosted | None:
    if e.header(frame).type != "message_posted":
        return None
    event = e.decode(frame)
    return event if isinstance(event, e.MessagePosted) else None
