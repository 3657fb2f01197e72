"""The messages of sessions that are talked in now, as bots are shown them."""

from collections import OrderedDict

from chatsession.core import events as e
from chatsession.core.context import Line
from chatsession.core.session import Session
from chatsession.store import Store

FRAMES_PER_LINE = 4
"""About how many events one message brings along; so many frames are read to find enough messages."""


class History:
    """The newest lines of one session, complete up to a seq."""

    __slots__ = ("lines", "seq")

    def __init__(self, lines: list[Line], seq: int) -> None:
        self.lines = lines
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
        known = self._known.get(session.id)
        if known is None or known.seq < session.seq:
            known = await self._read(session)
            self._keep(session.id, known)
        return [line for line in known.lines if line.seq <= session.seq]

    def follow(self, session: Session, events: tuple[e.Event, ...]) -> None:
        """Add what was said, where the session's lines are at hand and nothing is missing before it."""
        known = self._known.get(session.id)
        if known is None or not events or events[-1].seq <= known.seq:
            return
        if events[0].seq > known.seq + 1:
            self.forget(session.id)
            return
        known.lines += [line_of(event) for event in events if isinstance(event, e.MessagePosted)]
        known.seq = events[-1].seq
        del known.lines[: -self._lines_max]

    def forget(self, session: str) -> None:
        """Drop a session's lines."""
        self._known.pop(session, None)

    async def _read(self, session: Session) -> History:
        frames = await self._store.frames_before(session.id, session.seq + 1, self._lines_max * FRAMES_PER_LINE)
        lines = [line for frame in frames if (line := _line(frame)) is not None][-self._lines_max :]
        return History(lines, session.seq)

    def _keep(self, session: str, history: History) -> None:
        self._known[session] = history
        self._known.move_to_end(session)
        if len(self._known) > self._sessions_max:
            self._known.popitem(last=False)


def line_of(event: e.MessagePosted) -> Line:
    """A message as a line of the history."""
    author = event.author
    return Line(role=author.kind, text=event.text, seq=event.seq, thread=event.thread, name=author.name)


def _line(frame: bytes) -> Line | None:
    if e.header(frame).type != "message_posted":
        return None
    event = e.decode(frame)
    return line_of(event) if isinstance(event, e.MessagePosted) else None
