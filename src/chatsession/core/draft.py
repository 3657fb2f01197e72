"""Events in the making: each one is numbered, timed and folded at once, so that the next rule sees its effect."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chatsession.core.apply import apply
from chatsession.core.events import Event
from chatsession.core.policy import Policy
from chatsession.core.session import Facts, Session


class Draft:
    """What the rules work on: the session as it stands after the events added so far."""

    def __init__(self, session: Session | None, policy: Policy, now: datetime, facts: Facts) -> None:
        self.events: list[Event] = []
        self.policy = policy
        self.facts = facts
        # An event is never before the one before it, whatever the clock says.
        self.now = now if session is None else max(now, session.at)
        self._session = session

    @property
    def session(self) -> Session:
        """The session after the events so far."""
        if self._session is None:
            raise RuntimeError("a draft begins with session_opened")
        return self._session

    def add(self, kind: Callable[..., Event], **fields: Any) -> None:
        """Append an event of this kind and fold it."""
        session = self._session
        event = kind(seq=1 if session is None else session.seq + 1, at=self.now, **fields)
        self._session = apply(session, event)
        self.events.append(event)

    def message_id(self) -> str:
        """The id of the message that is added next."""
        session = self.session
        return derived_id("msg", session.id, session.seq + 1)

    def thread_id(self) -> str:
        """The id of the thread that is started next."""
        return derived_id("thr", self.session.id, self.session.seq + 1)


def derived_id(kind: str, session: str, seq: int) -> str:
    """An id that names its session and its place: unique without randomness, sortable within the session."""
    return f"{kind}_{session.removeprefix('ses_')}_{seq}"
