"""How turns open, are tried again, and end."""

from datetime import datetime

from msgspec.structs import replace

from chatsession.core import events as e
from chatsession.core.session import Session, Spent, Turn


def opened(session: Session, event: e.TurnOpened) -> Session:
    """Wait on the bot, unless it speaks of its own accord: that leaves the visitor's clock alone."""
    turn = Turn(
        number=event.turn,
        attempt=event.attempt,
        attempt_at=event.at,
        heard_at=event.at,
        by=event.by,
        thread=event.thread,
        asked_seq=event.asked_seq,
        opened_seq=event.seq,
    )
    spent = replace(session.spent, turns=session.spent.turns + 1)
    changed = replace(session, turn=turn, turns=event.turn, spent=spent, unanswered_seq=None)
    return changed if event.by == "bot" else replace(changed, waiting_on="bot", idle_since=None)


def retried(session: Session, event: e.TurnRetried) -> Session:
    """Begin the next attempt; only the bot's own failures count towards giving up."""
    turn = session.turn
    if turn is None:
        return session
    silences = turn.silences + (event.reason != "process_ended")
    return replace(
        session,
        turn=replace(turn, attempt=event.attempt, attempt_at=event.at, heard_at=event.at, silences=silences),
    )


def answered(session: Session, event: e.TurnAnswered) -> Session:
    """Wait on the visitor again."""
    known = event.known and event.result == "answered"
    return _ended(session, event.at, "answered" if known else "unknown")


def failed(session: Session, event: e.TurnFailed) -> Session:
    """Wait on the visitor again, with nothing answered."""
    return _unanswered(_ended(session, event.at, _came_to(session, "failed")), session.turn)


def usage_counted(session: Session, event: e.UsageCounted) -> Session:
    """Add to what the session has used."""
    return replace(session, spent=_added(session.spent, event.usage))


def limit_reached(session: Session, _: e.LimitReached) -> Session:
    """Remember that the last question was not answered."""
    return replace(session, tally=replace(session.tally, last_turn="failed"))


def superseded(session: Session, event: e.TurnSuperseded) -> Session:
    """End the turn without a result. A closing keeps `waiting_on`: the visitor was left without an answer."""
    last_turn = _came_to(session, "superseded")
    if event.reason == "closed":
        return replace(session, turn=None, tally=replace(session.tally, last_turn=last_turn))
    ended = _ended(session, event.at, last_turn)
    return _unanswered(ended, session.turn) if event.reason == "stopped" else ended


def _unanswered(session: Session, turn: Turn | None) -> Session:
    """Remember which message has no answer: the bot can be asked again."""
    return session if turn is None else replace(session, unanswered_seq=turn.asked_seq)


def _came_to(session: Session, how: str) -> str | None:
    """What the last turn came to; one that nobody asked for leaves no question open."""
    asked = session.turn is not None and session.turn.by == "visitor"
    return how if asked else session.tally.last_turn


def _ended(session: Session, at: datetime, last_turn: str | None) -> Session:
    waited = session.waiting_on == "bot"
    return replace(
        session,
        turn=None,
        waiting_on="visitor" if waited else session.waiting_on,
        idle_since=at if waited else session.idle_since,
        tally=replace(session.tally, last_turn=last_turn),
    )


def _added(spent: Spent, usage: e.Usage) -> Spent:
    return replace(
        spent,
        tokens=spent.tokens + usage.tokens_in + usage.tokens_out,
        cost_microusd=spent.cost_microusd + usage.cost_microusd,
        model_calls=spent.model_calls + usage.model_calls,
    )
