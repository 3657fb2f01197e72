"""What lists show of a session, read off its state; and the cursors that lead from page to page."""

import base64
import binascii

from chatsession.core.session import Session
from chatsession.store import BadCursorError, Row


def row_of(session: Session) -> Row:
    """The row of a session as it stands."""
    return Row(
        id=session.id,
        inbox=session.inbox,
        visitor=session.visitor,
        phase=session.phase,
        period=session.period,
        floor=session.floor,
        opened_at=session.opened_at,
        changed_at=session.at,
        closed_at=session.closed_at,
        close_reason=session.close_reason,
        resumable_until=session.resumable_until,
        outcome=session.outcome,
        topic=topic_of(session),
    )


def topic_of(session: Session) -> str | None:
    """The topic of the session's current thread."""
    thread = session.threads.get(session.thread or "")
    return thread.topic if thread else None


def cursor_of(position: int) -> str:
    """An opaque cursor for a position."""
    return base64.urlsafe_b64encode(b"c%d" % position).decode().rstrip("=")


def position_of(cursor: str) -> int:
    """The position an opaque cursor stands for; raise BadCursorError for anything else."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        if not text.startswith(b"c") or not text[1:].isdigit():
            raise BadCursorError
        position = int(text[1:])
    except (ValueError, binascii.Error) as error:
        raise BadCursorError from error
    if position >= POSITION_END:
        raise BadCursorError
    return position


POSITION_END = 2**63
"""Positions are what a signed 64-bit integer holds."""
