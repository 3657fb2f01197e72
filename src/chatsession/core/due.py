"""Which clocks of a session run, and when the first of them fires: a timer is a field, not a task."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from chatsession.core.policy import Policy
from chatsession.core.session import Session

ClockName = Literal[
    "idle_timeout",
    "max_duration",
    "bot_silence",
    "queue_wait",
    "agent_silence",
    "snoozed_until",
    "resume_window",
    "retention",
]


class Clock(msgspec.Struct, frozen=True):
    """One clock that runs: where it counts from, and when it fires next (a warning first, where there is one)."""

    name: ClockName
    since: datetime
    fires_at: datetime


def clocks(session: Session, policy: Policy, served_since: datetime | None = None) -> list[Clock]:
    """Every clock that runs now. A session at rest has one; an open one may have several.

    `served_since` is when we began to serve without a break: turns of an attempt older than that lost their process,
    and nothing is archived before the visitor had `warn_before` to come back.
    """
    match session.phase:
        case "open":
            found = [_limit(session, policy), _turn(session, policy, served_since), _wait(session, policy)]
            return [clock for clock in found if clock is not None]
        case "closed":
            if session.closed_at is None or session.resumable_until is None:
                return []
            earliest = served_since + policy.warn_before if served_since else session.resumable_until
            return [Clock("resume_window", session.closed_at, max(session.resumable_until, earliest))]
        case "archived":
            return _running("retention", session.archived_at, policy.retention)


def due_at(session: Session, policy: Policy, served_since: datetime | None = None) -> datetime | None:
    """When the session must be looked at next; None if nothing will ever happen by itself."""
    found = clocks(session, policy, served_since)
    if len(found) > 1:
        return min(clock.fires_at for clock in found)
    return found[0].fires_at if found else None


def closes_at(session: Session, policy: Policy) -> tuple[datetime, Literal["timeout", "limit"]] | None:
    """When the session closes by itself if nothing happens until then, and why."""
    if session.phase != "open":
        return None
    ends: list[tuple[datetime, Literal["timeout", "limit"]]] = []
    if idle_runs(session) and session.idle_since is not None and policy.idle_timeout is not None:
        warning = session.idle_warning
        ends.append((warning.closes_at if warning else session.idle_since + policy.idle_timeout, "timeout"))
    if policy.max_duration is not None:
        warning = session.limit_warning
        ends.append((warning.closes_at if warning else session.period_opened_at + policy.max_duration, "limit"))
    return min(ends, default=None)


def idle_runs(session: Session) -> bool:
    """Whether silence is the visitor's: the session waits on them, with bot or agent."""
    return session.phase == "open" and session.waiting_on == "visitor" and session.idle_since is not None


def _running(name: ClockName, since: datetime | None, length: timedelta | None) -> list[Clock]:
    return [] if since is None or length is None else [Clock(name, since, since + length)]


def _limit(session: Session, policy: Policy) -> Clock | None:
    since = session.period_opened_at
    if session.limit_warning is not None:
        return Clock("max_duration", since, session.limit_warning.closes_at)
    if policy.max_duration is None:
        return None
    return Clock("max_duration", since, since + policy.max_duration - policy.warn_before)


def _turn(session: Session, policy: Policy, served_since: datetime | None) -> Clock | None:
    turn = session.turn
    if turn is None:
        return None
    if served_since is not None and turn.attempt_at < served_since:
        return Clock("bot_silence", turn.attempt_at, served_since)
    if policy.bot_silence is None:
        return None
    return Clock("bot_silence", turn.heard_at, turn.heard_at + policy.bot_silence)


def _wait(session: Session, policy: Policy) -> Clock | None:
    """The clock of whoever the session waits for; the bot's own is its turn's."""
    if session.snoozed_at is not None and session.snoozed_until is not None:
        return Clock("snoozed_until", session.snoozed_at, session.snoozed_until)
    if session.idle_since is not None and idle_runs(session):
        return _idle(session, policy, session.idle_since)
    found: list[Clock] = []
    if session.queue is not None and not session.queue.left_message:
        found = _running("queue_wait", session.queue.asked_at, policy.queue_wait)
    elif session.floor == "agent" and session.waiting_on == "agent":
        found = _running("agent_silence", session.nudged_at or session.unanswered_since, policy.agent_silence)
    return found[0] if found else None


def _idle(session: Session, policy: Policy, since: datetime) -> Clock | None:
    if session.idle_warning is not None:
        return Clock("idle_timeout", since, session.idle_warning.closes_at)
    if policy.idle_timeout is None:
        return None
    return Clock("idle_timeout", since, since + policy.idle_timeout - policy.warn_before)
