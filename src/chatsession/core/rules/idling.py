"""Signs of life without a message, and the request for more time."""

from datetime import datetime, timedelta

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.draft import Draft
from chatsession.core.due import idle_runs
from chatsession.core.limits import ACTIVITY_EVERY_MAX
from chatsession.core.refusals import Refusal
from chatsession.core.session import Session
from chatsession.core.words import AuthorKind


def touch(draft: Draft, command: c.Touch) -> Refusal | None:
    """Let activity move the clock it is about, at most one event per covered stretch."""
    match command.actor.kind:
        case "visitor":
            _visitor_is_active(draft)
        case "bot":
            _bot_is_active(draft, command)
        case _:
            pass  # An agent's typing is seen by all, but moves no clock: only an answer ends the visitor's wait.
    return None


def keep_open(draft: Draft, command: c.KeepOpen) -> Refusal | None:
    """Start the idle clock anew, as often as the policy allows; the longest duration cannot be extended."""
    session, policy = draft.session, draft.policy
    if session.limit_warning is not None:
        return Refusal(
            "limit_reached", 409, "The chat has reached its longest duration and will close; start a new one then."
        )
    if not idle_runs(session):
        return None
    if policy.keep_open_max is not None and session.keep_opens >= policy.keep_open_max:
        return Refusal("keep_open_spent", 409, "No more time can be added; write a message to keep the chat open.")
    draft.add(e.SessionKeptOpen, by=command.actor.label)
    if session.idle_warning is not None:
        draft.add(e.WarningLifted, by=command.actor.label)
    return None


def add_time(draft: Draft, by: AuthorKind) -> None:
    """Let a message of the service re-arm the visitor's clock, where the policy lets anyone add time."""
    if draft.policy.reset_on != "anyone" or not idle_runs(draft.session):
        return
    draft.add(e.ActivitySeen, by=by, covers_until=draft.now)
    if draft.session.idle_warning is not None:
        draft.add(e.WarningLifted, by=by)


def _visitor_is_active(draft: Draft) -> None:
    session = draft.session
    if not idle_runs(session):
        return
    if _is_covered(session, draft.now) and session.idle_warning is None:
        return
    covers_until = draft.now + _stretch(draft.policy.idle_timeout)
    draft.add(e.ActivitySeen, by="visitor", covers_until=covers_until)
    if session.idle_warning is not None:
        draft.add(e.WarningLifted, by="visitor")


def _is_covered(session: Session, now: datetime) -> bool:
    """Whether the clock counts from later than now already; it may have been re-armed since the last sign of life."""
    seen, since = session.visitor_seen_at, session.idle_since
    return seen is not None and since is not None and now < seen <= since


def _bot_is_active(draft: Draft, command: c.Touch) -> None:
    turn = draft.session.turn
    if turn is None or (turn.number, turn.attempt) != (command.turn, command.attempt) or draft.now < turn.heard_at:
        return
    covers_until = draft.now + _stretch(draft.policy.bot_silence)
    draft.add(e.ActivitySeen, by="bot", covers_until=covers_until, turn=turn.number, attempt=turn.attempt)


def _stretch(length: timedelta | None) -> timedelta:
    """How long one event covers: a tenth of the clock it moves, 20 s at most."""
    return ACTIVITY_EVERY_MAX if length is None else min(ACTIVITY_EVERY_MAX, length / 10)
