"""How decided events become an append, and what everybody is told once it is on the disk."""

from collections.abc import Sequence

from chatsession.bus import Bus, News
from chatsession.core import events as e
from chatsession.core.limits import SNAPSHOT_EVERY_EVENTS
from chatsession.core.policy import Policy
from chatsession.core.session import Receipt, Session
from chatsession.runtime.parts import form_receipts
from chatsession.runtime.pending import Pending
from chatsession.runtime.waking import wakes_at
from chatsession.store import Append, NewReceipt
from chatsession.tracing import Trace

ENDINGS = (e.SessionClosed, e.SessionArchived)


def append_of(  # noqa: PLR0913  everything one append is made of
    session: Session,
    events: Sequence[e.Event],
    policy: Policy,
    *,
    snapshot_seq: int,
    receipts: Sequence[NewReceipt] = (),
    traces: Sequence[Trace] = (),
) -> Append:
    """The append for events that led to this state; a snapshot goes along at closing and every 64 events."""
    closed = any(isinstance(event, ENDINGS) for event in events)
    return Append(
        session=session,
        events=tuple(events),
        frames=tuple([e.encode(event) for event in events]),
        expected_seq=events[0].seq - 1,
        wake_at=wakes_at(session, policy, session.at),
        receipts=tuple(receipts),
        traces=tuple(traces),
        snapshot=closed or session.seq - snapshot_seq >= SNAPSHOT_EVERY_EVENTS,
        exclusive=not policy.several_open,
    )


def receipts_for(pending: Pending, events: Sequence[e.Event]) -> list[NewReceipt]:
    """The receipt of a message that came with a client id, and that of the form it answers."""
    receipts = form_receipts(events)
    for event in events:
        if isinstance(event, e.MessagePosted) and pending.client_id and event.client_id == pending.client_id:
            digest = getattr(pending.command, "digest", b"")
            receipt = Receipt(seq=event.seq, digest=digest, message_id=event.message_id)
            receipts.append(NewReceipt(pending.author, pending.client_id, receipt))
    return receipts


def publish(bus: Bus, append: Append) -> None:
    """Tell all who follow the session what is on the disk now."""
    audiences = tuple([event.audience == "service" for event in append.events])
    bus.publish(News(append.session.id, append.session.seq, append.frames, audiences))
