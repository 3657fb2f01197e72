"""What happened in a session, in words for the visitor."""

from datetime import datetime, timedelta
from typing import Any

from chatsession.core import durations

FRESH_START = "fresh_start"
CLOSED = {
    "timeout": "The chat was closed, because nobody wrote for a while.",
    "visitor": "You closed the chat.",
    "agent": "The chat was closed by the person you talked to.",
    "resolved": "The chat was closed: the matter is settled.",
    "limit": "The chat was closed: it has reached its longest duration.",
    "merged": "The chat was closed: you have another one open.",
}


def sentence(event: dict[str, Any]) -> str | None:  # noqa: C901  one case for each kind of event
    """What the event means to the visitor; None where it means nothing to them."""
    match event.get("type"):
        case "session_opened":
            return "A new chat; the one before it is over." if event.get("previous") else None
        case "session_warned":
            return _warned(event)
        case "warning_lifted":
            return "The chat stays open."
        case "session_closed":
            word = CLOSED.get(str(event.get("reason")), "The chat was closed.")
            return f"{word} Write to take it up again." if event.get("resumable", True) else word
        case "session_resumed":
            return "The chat goes on, with everything that was said."
        case "session_archived" if event.get("reason") == FRESH_START:
            # The new chat says so itself.
            return None
        case "session_archived":
            return "This chat can no longer be resumed. Write to begin a new one."
        case "human_offered":
            return "A person can help you further: /human"
        case "floor_changed":
            return _floor(event)
        case "queue_choice_offered":
            waited = int(event.get("waited_seconds", 0)) // 60
            return f"Nobody could come yet, after {waited} min. You can wait on, or go back to the bot: /bot"
        case "turn_superseded" if event.get("reason") == "stopped":
            return "Stopped."
        case _:
            return None


def _warned(event: dict[str, Any]) -> str:
    left = instant(event["closes_at"]) - instant(event["at"])
    in_time = durations.render(timedelta(seconds=round(left.total_seconds())))
    if event.get("extendable", True):
        return f"The chat closes in {in_time} if nobody writes. Write, or /keep it open."
    return f"The chat closes in {in_time}: it has reached its longest duration."


def _floor(event: dict[str, Any]) -> str:
    match event.get("floor"):
        case "queue":
            return "A person was asked for; you are in the queue."
        case "agent":
            return f"{event.get('agent_name') or 'A person'} is here."
        case _:
            return "The bot is here again."


def instant(text: str) -> datetime:
    """The time as the server wrote it."""
    return datetime.fromisoformat(text)
