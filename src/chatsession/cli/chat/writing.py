"""The answer that is being written, as far as its deltas have come."""

from typing import Any

OVER = ("turn_answered", "turn_failed", "turn_superseded", "session_closed")


class Writing:
    """Puts deltas together; what an attempt wrote that was given up is withdrawn."""

    def __init__(self) -> None:
        self.text = ""
        self._attempt: tuple[int, int] = (0, 0)

    def signal(self, signal: dict[str, Any]) -> None:
        """Take a delta, or the text a newcomer is given; what came before it must be here already."""
        if signal.get("type") not in ("delta", "partial"):
            return
        attempt = (int(signal.get("turn", 0)), int(signal.get("attempt", 0)))
        offset, text = int(signal.get("offset", 0)), str(signal.get("text", ""))
        if attempt != self._attempt:
            self._attempt, self.text = attempt, ""
        if offset <= len(self.text):
            self.text = self.text[:offset] + text

    def event(self, event: dict[str, Any]) -> None:
        """The stored message takes the place of what was streamed."""
        kind = event.get("type")
        if kind in OVER or kind == "turn_retried" or (kind == "message_posted" and author_of(event) != "visitor"):
            self.text = ""


def author_of(event: dict[str, Any]) -> str:
    """Who wrote a message: visitor, bot or agent."""
    return str(event.get("author", {}).get("kind", ""))
