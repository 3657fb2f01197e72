"""What lists show of a session, read off its state."""

import base64
import binascii

from chatsession.core.session import Session
from chatsession.store import Row, StoreError


def row_of(session: Session) -> Row:
    """The row of a session as it stands."""
    thread = session.threads.get(session.thread or "")
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
        topic=thread.topic if thread else None,
    )


class BadCursorError(StoreError):
    """The cursor did not come from this store."""


def cursor_of(position: int) -> str:
    """An opaque cursor for a position."""
    return base64.urlsafe_b64encode(b"c%d" % position).decode().rstrip("=")


def position_of(cursor: str) -> int:
    """The position an opaque cursor stands for; raise BadCursorError for anything else."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        if not text.startswith(b"c"):
            raise BadCursorError(cursor)
        return int(text[1:])
    except (ValueError, binascii.Error) as error:
        raise BadCursorError("the cursor is not one of ours") from error
