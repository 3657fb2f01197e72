"""The messages of sessions that are talked in now, as bots are shown them."""

from collections import OrderedDict

from chatsession.core import events as e
from chatsession.core.context import Line
from chatsession.core.session import Session
from chatsession.store import Store

FRAMES_PER_LINE = 4
"""About how many events one message brings along; so many frames are read to find enough messages."""


class Histories:
    """The newest lines of each session, bounded in sessions and in lines."""

    def __init__(self, store: Store, sessions_max: int, lines_max: int) -> None:
        self._store = store
        self._sessions_max = sessions_max
        self._lines_max = lines_max
        self._lines: OrderedDict[str, list[Line]] = OrderedDict()

    async def lines(self, session: Session) -> list[Line]:
        """The newest messages, oldest first."""
        known = self._lines.get(session.id)
        if known is None:
            frames = await self._store.frames_before(session.id, session.seq + 1, self._lines_max * FRAMES_PER_LINE)
            known = [line for frame in frames if (line := _line(frame)) is not None][-self._lines_max :]
            self._lines[session.id] = known
            if len(self._lines) > self._sessions_max:
                self._lines.popitem(last=False)
        self._lines.move_to_end(session.id)
        return [line for line in known if line.seq <= session.seq]

    def follow(self, session: Session, events: tuple[e.Event, ...]) -> None:
        """Add what was said, where the session's lines are at hand."""
        known = self._lines.get(session.id)
        if known is None:
            return
        newest = known[-1].seq if known else 0
        known += [line_of(event) for event in events if isinstance(event, e.MessagePosted) and event.seq > newest]
        del known[: -self._lines_max]

    def forget(self, session: str) -> None:
        """Drop a session's lines."""
        self._lines.pop(session, None)


def line_of(event: e.MessagePosted) -> Line:
    """A message as a line of the history."""
    author = event.author
    return Line(role=author.kind, text=event.text, seq=event.seq, thread=event.thread, name=author.name)


def _line(frame: bytes) -> Line | None:
    if e.header(frame).type != "message_posted":
        return None
    event = e.decode(frame)
    return line_of(event) if isinstance(event, e.MessagePosted) else None
