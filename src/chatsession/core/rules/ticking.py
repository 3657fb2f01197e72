"""What the clock does when a deadline has passed: never early, once, and never without its warning."""

from datetime import datetime

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.draft import Draft
from chatsession.core.due import Clock, clocks
from chatsession.core.limits import TICK_FRESH_FOR
from chatsession.core.refusals import Refusal
from chatsession.core.rules.closing import archive, close
from chatsession.core.rules.floors import pass_floor
from chatsession.core.rules.queueing import nobody_came
from chatsession.core.rules.turns import attempt_failed
from chatsession.core.session import StandingWarning
from chatsession.core.words import WarningReason


def tick(draft: Draft, command: c.Tick) -> Refusal | None:
    """Fire every clock that is due, the longest duration first; what one fires may stop the others.

    A tick that is answered long after it was asked for fires nothing: it does not know whether we served in between.
    """
    if command.asked_at is not None and draft.now > command.asked_at + TICK_FRESH_FOR:
        return None
    for name in [clock.name for clock in clocks(draft.session, draft.policy, command.served_since)]:
        running = {clock.name: clock for clock in clocks(draft.session, draft.policy, command.served_since)}
        clock = running.get(name)
        if clock is not None and draft.now >= clock.fires_at:
            _fire(draft, clock, command.served_since)
    return None


def _fire(draft: Draft, clock: Clock, served_since: datetime | None) -> None:
    match clock.name:
        case "idle_timeout":
            _warn_or_close(draft, "timeout", draft.session.idle_warning, served_since)
        case "max_duration":
            _warn_or_close(draft, "limit", draft.session.limit_warning, served_since)
        case "bot_silence":
            attempt_failed(draft, "process_ended" if clock.fires_at == served_since else "silence")
        case "queue_wait":
            nobody_came(draft)
        case "agent_silence":
            _agent_is_silent(draft)
        case "snoozed_until":
            draft.add(e.SnoozeEnded, by="clock")
        case "resume_window":
            archive(draft, "window")
        case "retention":
            pass  # Erasing is the door's: no event can say what must leave nothing.


def _warn_or_close(
    draft: Draft, reason: WarningReason, warning: StandingWarning | None, served_since: datetime | None
) -> None:
    # A standing warning's time is up when this clock fires. One from before our downtime may not have been seen.
    if warning is not None and (served_since is None or warning.at >= served_since):
        close(draft, reason, "clock")
        return
    draft.add(
        e.SessionWarned, reason=reason, closes_at=_closes_at(draft, reason), extendable=_extendable(draft, reason)
    )


def _closes_at(draft: Draft, reason: WarningReason) -> datetime:
    """The nominal end, but never less than the full grace from now."""
    session, policy = draft.session, draft.policy
    since = session.idle_since if reason == "timeout" else session.period_opened_at
    length = policy.idle_timeout if reason == "timeout" else policy.max_duration
    nominal = draft.now if since is None or length is None else since + length
    return max(nominal, draft.now + policy.warn_before)


def _extendable(draft: Draft, reason: WarningReason) -> bool:
    allowed = draft.policy.keep_open_max
    return reason == "timeout" and (allowed is None or draft.session.keep_opens < allowed)


def _agent_is_silent(draft: Draft) -> None:
    session = draft.session
    if session.nudged_at is None:
        draft.add(e.AgentNudged, agent=session.agent or "")
    else:
        pass_floor(draft, "queue", "agent_silent", "clock")
