"""The status line: who is there, what the session waits for, and how long it stays open."""

import time
from datetime import datetime, timedelta
from typing import Any

from chatsession.cli.chat.wording import instant

WHO = {"bot": "bot", "queue": "in the queue", "agent": "a person"}


class ServerTime:
    """The server's time, as its latest answer told it."""

    def __init__(self) -> None:
        self._told: datetime | None = None
        self._at = 0.0

    def learn(self, view: dict[str, Any]) -> None:
        """Take the time from a session's view."""
        self._told, self._at = instant(view["server_time"]), time.monotonic()

    def now(self) -> datetime | None:
        """What the time is there now."""
        return None if self._told is None else self._told + timedelta(seconds=time.monotonic() - self._at)


def status(inbox: str, view: dict[str, Any] | None, now: datetime | None, *, is_connected: bool) -> str:
    """One line; no name in it is longer than a word."""
    if not is_connected:
        return f"{inbox} · reconnecting …"
    if view is None or now is None:
        return f"{inbox} · write to begin, /help shows what else you can do"
    return f"{inbox} · {_phase(view, now)}"


def is_urgent(view: dict[str, Any] | None) -> bool:
    """Whether the visitor has been warned."""
    return view is not None and view["phase"] == "open" and view["warned_at"] is not None


def _phase(view: dict[str, Any], now: datetime) -> str:
    match view["phase"]:
        case "open":
            return _open(view, now)
        case "closed":
            until = view["resumable_until"]
            left = "" if until is None else f" for {clock(instant(until) - now)}"
            return f"closed ({view['close_reason']}) · can be resumed{left}: write"
        case _:
            return "over · write to begin a new chat"


def _open(view: dict[str, Any], now: datetime) -> str:
    who = view["agent_name"] or WHO.get(view["floor"], view["floor"])
    if view["waiting_on"] == "bot":
        return f"{who} is answering"
    if view["closes_at"] is None:
        return f"{who} · stays open"
    left = clock(instant(view["closes_at"]) - now)
    if view["warned_at"] is None:
        return f"{who} · closes in {left}"
    return f"closes in {left} · write, or /keep it open" if view["extendable"] else f"closes in {left}"


def clock(left: timedelta) -> str:
    """A countdown: 4:05, or 3 h 20 min where seconds do not matter; never below zero."""
    seconds = max(0, int(left.total_seconds()))
    if seconds >= 3_600:  # noqa: PLR2004  an hour
        return f"{seconds // 3_600} h {seconds % 3_600 // 60} min"
    return f"{seconds // 60}:{seconds % 60:02}"
