"""How a period ended for the visitor: provisional when it closes, final when it settles."""

from chatsession.core.session import Session
from chatsession.core.words import Outcome


def outcome_of(session: Session, declared: Outcome | None = None) -> Outcome:
    """The first that holds of empty, confirmed, unresolved, abandoned and assumed.

    `declared` is what the agent or program said that resolves the session just now.
    """
    tally = session.tally
    declared = declared or tally.declared
    if tally.visitor_messages == 0:
        return "empty"
    if (tally.confirmed or declared == "confirmed") and not tally.rated_down:
        return "confirmed"
    if tally.rated_down or tally.last_turn in ("failed", "unknown") or declared == "unresolved":
        return "unresolved"
    if declared is None and (session.waiting_on != "visitor" or tally.last_author == "visitor"):
        return "abandoned"
    return "assumed"


def settled_on_return(outcome: Outcome, *, same_thread: bool) -> Outcome:
    """A return about the same thread takes a confirmed or assumed resolution back."""
    return "returned" if same_thread and outcome in ("confirmed", "assumed") else outcome
