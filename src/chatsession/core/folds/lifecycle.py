"""How a session opens, is warned, kept open, closed, resumed, settled and archived."""

from msgspec.structs import replace

from chatsession.core import events as e
from chatsession.core.outcome import outcome_of
from chatsession.core.session import Queue, Session, StandingWarning, Tally, Unsettled

SCORE_GOOD_MIN = 4
SCORE_BAD_MAX = 2


def opened(event: e.Event) -> Session:
    """Begin a session; its list starts with nothing else."""
    if not isinstance(event, e.SessionOpened):
        raise TypeError(f"a session begins with session_opened, not with {type(event).__name__}")
    return Session(
        id=event.session,
        inbox=event.inbox,
        visitor=event.visitor,
        policy=event.policy,
        seq=event.seq,
        at=event.at,
        opened_at=event.at,
        period_opened_at=event.at,
        previous=event.previous,
        metadata=event.metadata,
        idle_since=event.at,
    )


def warned(session: Session, event: e.SessionWarned) -> Session:
    """Let the warning stand; a newer one replaces the older of its kind."""
    warning = StandingWarning(at=event.at, closes_at=event.closes_at)
    return (
        replace(session, idle_warning=warning) if event.reason == "timeout" else replace(session, limit_warning=warning)
    )


def warning_lifted(session: Session, event: e.WarningLifted) -> Session:
    """Take the warning back."""
    return replace(session, idle_warning=None) if event.reason == "timeout" else replace(session, limit_warning=None)


def kept_open(session: Session, event: e.SessionKeptOpen) -> Session:
    """Start the idle clock anew; what typing covered already is not taken back."""
    since = event.at if session.idle_since is None else max(session.idle_since, event.at)
    return replace(session, idle_since=since, keep_opens=session.keep_opens + 1)


def activity_seen(session: Session, event: e.ActivitySeen) -> Session:
    """Let clocks count from where the activity is covered until."""
    if event.turn is not None:
        turn = session.turn
        return replace(session, turn=turn and replace(turn, heard_at=max(turn.heard_at, event.covers_until)))
    idle_since = session.idle_since and max(session.idle_since, event.covers_until)
    seen = event.covers_until if event.by == "visitor" else session.visitor_seen_at
    return replace(session, idle_since=idle_since, visitor_seen_at=seen)


def closed(session: Session, event: e.SessionClosed) -> Session:
    """End the period. `waiting_on` stays: it says on whom the session waited when it ended."""
    return replace(
        session,
        phase="closed",
        idle_since=None,
        idle_warning=None,
        limit_warning=None,
        queue=None,
        queued_at=None,
        unanswered_since=None,
        nudged_at=None,
        snoozed_at=None,
        snoozed_until=None,
        closed_at=event.at,
        close_reason=event.reason,
        closed_by=event.by,
        outcome=event.outcome,
        outcome_settled=False,
        resumable_until=event.resumable_until,
        merged_into=event.merged_into,
        tally=replace(session.tally, declared=event.declared),
    )


def resumed(session: Session, event: e.SessionResumed) -> Session:
    """Begin the next period with everything the last one knew."""
    queue = Queue(since=event.at, asked_at=event.at) if event.floor == "queue" else None
    return replace(
        session,
        phase="open",
        period=event.period,
        period_opened_at=event.at,
        policy=event.policy,
        policy_by_hand=False,
        floor=event.floor,
        term=session.term + 1,
        agent=event.agent,
        agent_name=event.agent_name,
        queue=queue,
        queued_at=queue and event.at,
        waiting_on="agent" if queue else "visitor",
        idle_since=None if queue else event.at,
        visitor_seen_at=None,
        keep_opens=0,
        closed_at=None,
        close_reason=None,
        closed_by=None,
        outcome=None,
        outcome_settled=False,
        resumable_until=None,
        unsettled=Unsettled(period=session.period, outcome=session.outcome or "empty", threads=session.tally.threads),
        tally=Tally(),
    )


def outcome_settled(session: Session, event: e.OutcomeSettled) -> Session:
    """Make the outcome of a period final."""
    if session.unsettled is not None and event.period == session.unsettled.period:
        return replace(session, unsettled=None)
    return replace(session, outcome=event.outcome, outcome_settled=True)


def archived(session: Session, event: e.SessionArchived) -> Session:
    """Clear the active context: no bot of this session reads anything any more."""
    threads = {key: replace(thread, context={}) for key, thread in session.threads.items()}
    return replace(session, phase="archived", archived_at=event.at, context={}, visitor_context={}, threads=threads)


def policy_adopted(session: Session, event: e.PolicyAdopted) -> Session:
    """Let the named policy apply."""
    return replace(session, policy=event.policy, policy_by_hand=event.rule == "by_hand")


def visitor_identified(session: Session, event: e.VisitorIdentified) -> Session:
    """Give the session to the identified visitor."""
    return replace(session, visitor=event.visitor)


def feedback_given(session: Session, event: e.FeedbackGiven) -> Session:
    """Let the visitor's last word count; after the closing it may change the provisional outcome."""
    if event.score is None and event.solved is None:
        return session  # A comment alone takes no judgement back.
    score = event.score
    good = event.solved is True or (event.solved is None and score is not None and score >= SCORE_GOOD_MIN)
    bad = event.solved is False or (event.solved is None and score is not None and score <= SCORE_BAD_MAX)
    judged = replace(session, tally=replace(session.tally, confirmed=good, rated_down=bad))
    if judged.phase == "open" or judged.outcome_settled:
        return judged
    return replace(judged, outcome=outcome_of(judged))
