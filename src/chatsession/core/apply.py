"""The fold: what a session is after one more event. It judges nothing; `decide` did."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from chatsession.core import events as e
from chatsession.core.folds import contexts, floors, lifecycle, messages, turns
from chatsession.core.session import Session

Fold = Callable[[Session, Any], Session]

FOLDS: dict[type[e.Event], Fold] = {
    e.SessionWarned: lifecycle.warned,
    e.WarningLifted: lifecycle.warning_lifted,
    e.SessionKeptOpen: lifecycle.kept_open,
    e.ActivitySeen: lifecycle.activity_seen,
    e.SessionClosed: lifecycle.closed,
    e.SessionResumed: lifecycle.resumed,
    e.OutcomeSettled: lifecycle.outcome_settled,
    e.SessionArchived: lifecycle.archived,
    e.PolicyAdopted: lifecycle.policy_adopted,
    e.VisitorIdentified: lifecycle.visitor_identified,
    e.FeedbackGiven: lifecycle.feedback_given,
    e.MessagePosted: messages.posted,
    e.Redacted: messages.redacted,
    e.TurnOpened: turns.opened,
    e.TurnRetried: turns.retried,
    e.TurnAnswered: turns.answered,
    e.TurnFailed: turns.failed,
    e.UsageCounted: turns.usage_counted,
    e.LimitReached: turns.limit_reached,
    e.TurnSuperseded: turns.superseded,
    e.FloorChanged: floors.changed,
    e.QueueChoiceOffered: floors.choice_offered,
    e.QueueChoiceMade: floors.choice_made,
    e.AgentNudged: floors.nudged,
    e.SessionSnoozed: floors.snoozed,
    e.SnoozeEnded: floors.snooze_ended,
    e.ContextCarried: contexts.carried,
    e.ContextReceived: contexts.received,
    e.ContextChanged: contexts.changed,
    e.ContextCleared: contexts.cleared,
    e.ThreadStarted: contexts.thread_started,
    e.ThreadChanged: contexts.thread_changed,
    e.ThreadResolved: contexts.thread_resolved,
}
"""Which function folds which event; the events not named change nothing but the seq and the time."""


def apply(session: Session | None, event: e.Event) -> Session:
    """Return the session after the event; the event must be the next of its list."""
    if session is None:
        return lifecycle.opened(event)
    if event.seq != session.seq + 1:
        raise ValueError(f"{session.id}: event {event.seq} does not follow {session.seq}")
    fold = FOLDS.get(type(event))
    changed = session if fold is None else fold(session, event)
    return replace(changed, seq=event.seq, at=event.at)


def fold(frames: Iterable[bytes], session: Session | None = None) -> Session | None:
    """Fold stored frames onto a session (None: from the beginning).

    An event of a newer version stops the fold: the session stays readable up to there and refuses writes
    (`unknown_from`).
    """
    for frame in frames:
        try:
            session = apply(session, e.decode(frame))
        except e.UnknownEventError:
            return session if session is None else replace(session, unknown_from=session.seq + 1)
    return session
