"""When a session wants to be looked at again."""

from datetime import datetime, timedelta

from chatsession.core.due import due_at
from chatsession.core.policy import Policy
from chatsession.core.session import Session

HORIZON = timedelta(minutes=10)
"""Deadlines further away are left to the store; its scan, at least twice in this time, brings them back."""


def wakes_at(session: Session, policy: Policy, now: datetime, served_since: datetime | None = None) -> datetime | None:
    """At its next deadline; while a turn is open, within the horizon: whoever serves after us asks the store for that.

    A turn without a deadline of its own would otherwise never be found again if its process dies.
    """
    due = due_at(session, policy, served_since)
    if session.turn is None:
        return due
    return now + HORIZON if due is None else min(due, now + HORIZON)
