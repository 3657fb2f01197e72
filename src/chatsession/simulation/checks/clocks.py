"""I6: a timer never fires early, fires once, and no timeout comes without its warning and the full grace."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from chatsession.core import events as e
from chatsession.simulation.checks.story import Story

COVERED_MAX = timedelta(seconds=20)
LATE_MAX = timedelta(seconds=2)
NOTICED_MAX = timedelta(seconds=10)
"""So soon after a break a process has noticed it, and counts from there."""


class Serving:
    """Since when a process has served without a break, as the simulation itself knows it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.fair_since = now()
        """The last break that the visitors may not pay for: a start, a clock that was set, a long absence."""
        self.whole_since = now()
        """The last break of any kind, also one too short to matter."""

    def broken(self, *, counts: bool = True) -> None:
        """Note a break that ends now."""
        self.whole_since = self.now()
        if counts:
            self.fair_since = self.now()


def mistimed(story: Story, event: e.Event, serving: Serving) -> str | None:
    """Say what is wrong with the time of an event; None if all is well. The story stands before the event."""
    if event.at < story.at:
        return f"{type(event).__name__} at {event.at} comes before the event before it, at {story.at}"
    check = CHECKS.get(type(event))
    return None if check is None else check(story, event, serving)


def due_at(story: Story) -> datetime | None:
    """When the session must be looked at next, as a bystander would reckon."""
    policy = story.policy
    if story.phase == "closed":
        return story.resumable_until
    if story.phase == "archived":
        return _after(story.archived_at, policy.retention)
    found = [_limit_due(story), _silence_due(story), _wait_due(story)]
    return min((instant for instant in found if instant is not None), default=None)


def is_overdue(story: Story, serving: Serving) -> bool:
    """Whether a deadline has passed and nothing came of it, although we serve."""
    due = due_at(story)
    if due is None:
        return False
    if story.phase == "closed":
        due = max(due, serving.fair_since + story.policy.warn_before)
    return due < serving.now() - LATE_MAX


def _after(since: datetime | None, length: timedelta | None) -> datetime | None:
    return None if since is None or length is None else since + length


def _limit_due(story: Story) -> datetime | None:
    if story.limit_warning is not None:
        return story.limit_warning.closes_at
    return _after(story.period_at, story.policy.max_duration and story.policy.max_duration - story.policy.warn_before)


def _silence_due(story: Story) -> datetime | None:
    return None if story.turn is None else _after(story.heard_at, story.policy.bot_silence)


def _wait_due(story: Story) -> datetime | None:
    policy = story.policy
    if story.snoozed_until is not None:
        return story.snoozed_until
    if story.floor == "queue":
        return None if story.has_left_message else _after(story.asked_at, policy.queue_wait)
    if story.waiting_on == "agent":
        return _after(story.nudged_at or story.unanswered_since, policy.agent_silence)
    if story.waiting_on != "visitor":
        return None
    if story.idle_warning is not None:
        return story.idle_warning.closes_at
    return _after(story.idle_since, policy.idle_timeout and policy.idle_timeout - policy.warn_before)


def _warned(story: Story, event: e.SessionWarned, serving: Serving) -> str | None:
    policy = story.policy
    is_idle = event.reason == "timeout"
    since = story.idle_since if is_idle else story.period_at
    length = policy.idle_timeout if is_idle else policy.max_duration
    standing = story.idle_warning if is_idle else story.limit_warning
    if since is None or length is None:
        return f"a warning ({event.reason}) though that clock does not run"
    if event.at < since + length - policy.warn_before:
        return f"warned at {event.at}, {since + length - policy.warn_before - event.at} too early"
    if standing is not None and standing.at >= serving.whole_since + NOTICED_MAX:
        return f"warned twice: at {standing.at} and {event.at}, and served since {serving.whole_since}"
    if event.closes_at < max(event.at + policy.warn_before, since + length):
        return f"the warning of {event.at} promises {event.closes_at}, which is less than the full grace"
    spent = policy.keep_open_max is not None and story.keep_opens >= policy.keep_open_max
    return None if event.extendable == (is_idle and not spent) else "the warning lies about more time"


def _closed(story: Story, event: e.SessionClosed, serving: Serving) -> str | None:
    window = timedelta(0) if event.reason == "merged" else story.policy.resume_window
    if event.resumable_until != _after(event.at, window):
        return f"closed at {event.at}, resumable until {event.resumable_until}, though the window is {window}"
    if event.reason not in ("timeout", "limit"):
        return None
    warning = story.idle_warning if event.reason == "timeout" else story.limit_warning
    if warning is None:
        return f"closed ({event.reason}) without a warning"
    if event.at < warning.closes_at or event.at < warning.at + story.policy.warn_before:
        return f"closed ({event.reason}) at {event.at}, before {warning.closes_at} as the warning had promised"
    if warning.at < serving.fair_since:
        return f"closed by a warning of {warning.at}, before we were away; we serve since {serving.fair_since}"
    return None


def _retried(story: Story, event: e.TurnRetried | e.TurnFailed, serving: Serving) -> str | None:
    turn, silence = story.turn, story.policy.bot_silence
    if turn is None:
        return None
    if event.reason == "process_ended" and turn.at >= serving.whole_since + NOTICED_MAX:
        return f"attempt of {turn.at} given up for a process that ended, though we serve since {serving.whole_since}"
    if event.reason == "silence" and (silence is None or event.at < story.heard_at + silence):
        return f"the bot was given up at {event.at}, and had been heard at {story.heard_at}"
    return None


def _offered(story: Story, event: e.QueueChoiceOffered, _: Serving) -> str | None:
    due = _after(story.asked_at, story.policy.queue_wait)
    return None if due is not None and event.at >= due else f"the choice was offered at {event.at}, before {due}"


def _nudged(story: Story, event: e.AgentNudged, _: Serving) -> str | None:
    due = _after(story.unanswered_since, story.policy.agent_silence)
    if story.nudged_at is not None:
        return "the agent was reminded twice"
    return None if due is not None and event.at >= due else f"the agent was reminded at {event.at}, before {due}"


def _floor_changed(story: Story, event: e.FloorChanged, _: Serving) -> str | None:
    match event.reason:
        case "agent_silent":
            due = _after(story.nudged_at, story.policy.agent_silence)
        case "gave_up":
            due = _after(story.asked_at, story.policy.queue_wait)
            if story.offers < story.policy.queue_offers_max:
                return f"the queue gave up after {story.offers} offers"
        case _:
            return None
    return None if due is not None and event.at >= due else f"{event.reason} at {event.at}, before {due}"


def _snooze_ended(story: Story, event: e.SnoozeEnded, _: Serving) -> str | None:
    until = story.snoozed_until
    early = event.by == "clock" and (until is None or event.at < until)
    return f"a snooze until {until} ended at {event.at}" if early else None


def _archived(story: Story, event: e.SessionArchived, serving: Serving) -> str | None:
    if event.reason != "window":
        return None
    until = story.resumable_until
    if until is None or event.at < max(until, serving.fair_since + story.policy.warn_before):
        return f"archived at {event.at}; resumable until {until}, and we serve since {serving.fair_since}"
    return None


def _active(story: Story, event: e.ActivitySeen, _: Serving) -> str | None:
    length = story.policy.bot_silence if event.turn is not None else story.policy.idle_timeout
    covered_max = COVERED_MAX if length is None else min(COVERED_MAX, length / 10)
    early = event.at <= event.covers_until <= event.at + covered_max
    return None if early else f"activity of {event.at} covers until {event.covers_until}"


CHECKS: dict[type[e.Event], Callable[[Story, Any, Serving], str | None]] = {
    e.SessionWarned: _warned,
    e.SessionClosed: _closed,
    e.TurnRetried: _retried,
    e.TurnFailed: _retried,
    e.QueueChoiceOffered: _offered,
    e.AgentNudged: _nudged,
    e.FloorChanged: _floor_changed,
    e.SnoozeEnded: _snooze_ended,
    e.SessionArchived: _archived,
    e.ActivitySeen: _active,
}
