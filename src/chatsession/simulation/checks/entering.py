"""I7, I9, I10: what may enter a session, turns that come to an end, and the one who holds the floor."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.simulation.checks.story import Story
from chatsession.simulation.checks.violations import Invariant

Finding = tuple[Invariant, str] | None

CLOSED_TAKES = (
    e.SessionResumed,
    e.FeedbackGiven,
    e.OutcomeSettled,
    e.ContextCarried,
    e.SessionArchived,
    e.NotePosted,
    e.ThreadResolved,
)
ARCHIVED_TAKES = (e.FeedbackGiven, e.NotePosted, e.ThreadResolved)
FEEDBACK_FOR = timedelta(hours=24)
ATTEMPTS_MAX = 5


def misplaced(story: Story, event: e.Event) -> Finding:
    """Say what is wrong with an event's being here at all. The story stands before the event."""
    if story.phase == "closed" and not isinstance(event, CLOSED_TAKES):
        return "I7", f"{type(event).__name__} entered a closed session"
    if story.phase == "archived" and not isinstance(event, ARCHIVED_TAKES):
        return "I7", f"{type(event).__name__} entered an archived session"
    check = CHECKS.get(type(event))
    return None if check is None else check(story, event)


def cause_of(event: e.Event) -> type[c.Command] | None:
    """Which of the bot's commands caused an event, where only one can have."""
    match event:
        case e.TurnAnswered():
            return c.AnswerTurn
        case e.TurnRetried(reason=reason) | e.TurnFailed(reason=reason):
            if reason in ("silence", "process_ended"):
                return None
            if reason in ("failed", "empty", "unfit"):
                return c.AnswerTurn
            return c.RefuseTurn if reason == "limit" else c.FailTurn
        case _:
            return None


def _posted(story: Story, event: e.MessagePosted) -> Finding:
    author = event.author
    if author.kind == "agent" and (story.floor != "agent" or story.agent != author.id):
        return "I10", f"agent {author.id} spoke, and the floor is with {story.floor} {story.agent}"
    if author.kind == "bot" and story.floor != "bot":
        return "I10", f"the bot spoke, and the floor is with {story.floor}"
    if event.turn is None:
        return None
    turn = story.turn
    if turn is None or (turn.turn, turn.attempt) != (event.turn, event.attempt):
        return "I10", f"an answer of turn {event.turn}, attempt {event.attempt}, which is over"
    return None


def _floor_changed(story: Story, event: e.FloorChanged) -> Finding:
    if event.term != story.term + 1:
        return "I10", f"term {event.term} follows term {story.term}"
    if (event.floor == "agent") != (event.agent is not None):
        return "I10", f"the floor is with {event.floor}, held by agent {event.agent}"
    return ("I9", "the floor changed while a turn is open") if story.turn is not None else None


def _turn_opened(story: Story, event: e.TurnOpened) -> Finding:
    if story.turn is not None:
        return "I9", f"turn {event.turn} opened while turn {story.turn.turn} is open"
    if event.turn != story.turns + 1 or event.attempt != 1:
        return "I9", f"turn {event.turn}, attempt {event.attempt} follows turn {story.turns}"
    return ("I10", f"a turn opened while the floor is with {story.floor}") if story.floor != "bot" else None


def _turn_retried(story: Story, event: e.TurnRetried) -> Finding:
    turn = story.turn
    if turn is None or (event.turn, event.attempt) != (turn.turn, turn.attempt + 1):
        return "I9", f"attempt {event.attempt} of turn {event.turn} follows none"
    return ("I14", f"attempt {event.attempt} of one turn") if event.attempt > ATTEMPTS_MAX else None


def _turn_ended(story: Story, event: e.TurnAnswered | e.TurnFailed | e.TurnSuperseded) -> Finding:
    turn = story.turn
    if turn is None or (event.turn, event.attempt) != (turn.turn, turn.attempt):
        return "I9", f"{type(event).__name__} of turn {event.turn}, attempt {event.attempt}, which is not open"
    return None


def _closed(story: Story, event: e.SessionClosed) -> Finding:
    if event.period != story.period:
        return "I7", f"period {event.period} closed in period {story.period}"
    return ("I9", "the session closed while a turn is open") if story.turn is not None else None


def _resumed(story: Story, event: e.SessionResumed) -> Finding:
    if story.phase != "closed" or event.period != story.period + 1:
        return "I7", f"period {event.period} began in a session that is {story.phase}, period {story.period}"
    until = story.resumable_until
    return ("I7", "a session was resumed that was not resumable") if until == story.closed_at else None


def _feedback(story: Story, event: e.FeedbackGiven) -> Finding:
    late = story.closed_at is not None and event.at > story.closed_at + FEEDBACK_FOR
    return ("I7", f"feedback at {event.at}, and the session closed at {story.closed_at}") if late else None


CHECKS: dict[type[e.Event], Callable[[Story, Any], Finding]] = {
    e.MessagePosted: _posted,
    e.FloorChanged: _floor_changed,
    e.TurnOpened: _turn_opened,
    e.TurnRetried: _turn_retried,
    e.TurnAnswered: _turn_ended,
    e.TurnFailed: _turn_ended,
    e.TurnSuperseded: _turn_ended,
    e.SessionClosed: _closed,
    e.SessionResumed: _resumed,
    e.FeedbackGiven: _feedback,
}
