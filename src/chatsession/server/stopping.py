"""Whether the server is on its way out."""

from chatsession.core.refusals import Refusal
from chatsession.runtime.refused import RefusedError

LEAVING = Refusal(
    "overloaded", 503, "This server is shutting down; use another one, or try again soon.", {"retry_after": 2}
)


class Stopping:
    """Known to whoever asks whether to send more work here."""

    def __init__(self) -> None:
        self._has_begun = False

    def begin(self) -> None:
        """From now on nothing new should come."""
        self._has_begun = True

    def check(self) -> None:
        """Raise while the server is stopping."""
        if self._has_begun:
            raise RefusedError(LEAVING)
