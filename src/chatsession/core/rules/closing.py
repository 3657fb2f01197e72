"""How a period ends, and how a session that cannot be resumed any more is archived."""

from datetime import timedelta

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.draft import Draft
from chatsession.core.outcome import outcome_of
from chatsession.core.refusals import Refusal, session_archived, session_closed, wrong_state
from chatsession.core.rules.carrying import hand_on, ledger
from chatsession.core.words import ActorKind, CloseReason, Outcome

REASON_BY_ACTOR: dict[ActorKind, CloseReason] = {
    "visitor": "visitor",
    "agent": "agent",
    "key": "agent",
    "clock": "merged",
}


def close_on_request(draft: Draft, command: c.CloseSession) -> Refusal | None:
    """Close for the one who asks; the reason follows from who that is."""
    close(draft, REASON_BY_ACTOR[command.actor.kind], command.actor.label, merged_into=command.merged_into)
    return None


def resolve(draft: Draft, command: c.ResolveSession) -> Refusal | None:
    """Resolve one thread in whatever phase, or the open session as a whole."""
    session = draft.session
    if command.thread is not None:
        if command.thread not in session.threads:
            return Refusal("not_found", 404, "There is no such thread in this session.")
        if session.threads[command.thread].status != "resolved":
            draft.add(e.ThreadResolved, thread=command.thread, by=command.actor.label, outcome=command.outcome)
        return None
    match session.phase:
        case "open":
            return _resolve_open(draft, command)
        case "closed":
            return None if session.close_reason == "resolved" else session_closed()
        case "archived":
            return session_archived()


def _resolve_open(draft: Draft, command: c.ResolveSession) -> Refusal | None:
    if command.outcome not in ("confirmed", "unresolved", "assumed"):
        return wrong_state("A session is resolved as confirmed, assumed or unresolved.")
    if command.actor.kind == "bot" and draft.session.floor != "bot":
        return wrong_state("The bot does not have the floor.")
    declared = "assumed" if command.actor.kind == "bot" and command.outcome == "confirmed" else command.outcome
    close(draft, "resolved", command.actor.label, declared=declared)
    return None


def close(
    draft: Draft, reason: CloseReason, by: str, *, merged_into: str | None = None, declared: Outcome | None = None
) -> None:
    """End the period in one batch: the turn, the context, the outcome and the promise to the visitor."""
    session = draft.session
    if session.turn is not None:
        draft.add(e.TurnSuperseded, turn=session.turn.number, attempt=session.turn.attempt, reason="closed")
    if session.unsettled is not None:
        before = session.unsettled
        draft.add(e.OutcomeSettled, period=before.period, outcome=before.outcome, was=before.outcome)
    window = timedelta(0) if reason == "merged" else draft.policy.resume_window
    draft.add(
        e.SessionClosed,
        period=session.period,
        reason=reason,
        by=by,
        outcome=outcome_of(draft.session, declared),
        declared=declared,
        resumable=window != timedelta(0),
        resumable_until=None if window is None else draft.now + window,
        merged_into=merged_into,
    )
    ledger(draft, "closed", "sealed")
    if window == timedelta(0):
        archive(draft, "merged" if reason == "merged" else "no_window")


def archive_on_request(draft: Draft, command: c.ArchiveSession) -> Refusal | None:
    """Archive before the window is over, because a new session begins."""
    archive(draft, command.reason)
    return None


def archive(draft: Draft, reason: str) -> None:
    """Settle the outcome, compute what is handed on, and clear the active context."""
    session = draft.session
    outcome = session.outcome or "empty"
    draft.add(e.OutcomeSettled, period=session.period, outcome=outcome, was=outcome)
    hand_on(draft)
    draft.add(e.SessionArchived, reason=reason)
