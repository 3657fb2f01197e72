"""What a conversation needs of whoever shows it: a terminal, or lines in a pipe."""

from typing import Any, Protocol


class Screen(Protocol):
    """Shows what happens; nothing here waits."""

    def event(self, event: dict[str, Any]) -> None:
        """Something happened, and is stored."""
        ...

    def notice(self, text: str) -> None:
        """A remark that is no part of the session."""
        ...

    def changed(self) -> None:
        """The answer that is being written, the session's state or the connection is another now."""
        ...
