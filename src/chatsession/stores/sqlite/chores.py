"""What the writer does between batches: let search follow, keep the log short, and empty it of what was erased."""

import time
from collections.abc import Callable

from chatsession import sqlite

FOLLOW_AFTER_SECONDS = 0.5
"""So far search trails while writes keep coming in (it may by 2 s); without them it follows at once."""
FOLLOW_STEP = 500
QUIET_SECONDS = 0.02
RETRY_SECONDS = 1.0

Follow = Callable[[sqlite.Database, int], bool]
"""Take in so many appends at most; True if there are more."""


class Chores:
    """Lives in the writer's thread. Trouble with a chore is kept for `health`, and the chore is tried again."""

    def __init__(self, follow: Follow) -> None:
        self._follow = follow
        self._behind_since: float | None = None
        self._scrub_owed = False
        self._not_before = 0.0
        self.trouble: str | None = None

    @property
    def patience(self) -> float | None:
        """How long the writer may wait for work; None where nothing is left to do."""
        if self._behind_since is None and not self._scrub_owed:
            return None
        return max(QUIET_SECONDS, self._not_before - time.monotonic())

    def begin(self) -> None:
        """Start where another process ended: perhaps before search had followed."""
        self._behind_since = time.monotonic()

    def wrote(self, log: sqlite.Log, *, scrubs: bool) -> None:
        """Note that something was written; if something was removed, empty the log now if nobody reads it."""
        if self._behind_since is None:
            self._behind_since = time.monotonic()
        if scrubs:
            self._scrub_owed = True
            self._attempt(self._scrub, log)

    def do(self, log: sqlite.Log, arrived: int) -> None:
        """Take the next step of what is due. Under load search takes in more than arrives, so that it catches up."""
        now = time.monotonic()
        if now < self._not_before:
            return
        if self._scrub_owed:
            self._attempt(self._scrub, log)
        if log.is_long:
            self._attempt(sqlite.Log.write_back, log)
        if self._behind_since is not None and (not arrived or now - self._behind_since > FOLLOW_AFTER_SECONDS):
            self._attempt(lambda each: self._take_in(each, FOLLOW_STEP + 2 * arrived), log)

    def finish(self, log: sqlite.Log) -> None:
        """Leave no log behind, if nobody reads it."""
        self._attempt(self._scrub, log)

    def _take_in(self, log: sqlite.Log, appends: int) -> None:
        with sqlite.transaction(log.database):
            more = self._follow(log.database, appends)
        if not more:
            self._behind_since = None

    def _scrub(self, log: sqlite.Log) -> None:
        self._scrub_owed = not log.empty()
        if self._scrub_owed:
            self._not_before = time.monotonic() + RETRY_SECONDS

    def _attempt(self, chore: Callable[[sqlite.Log], None], log: sqlite.Log) -> None:
        try:
            chore(log)
        except Exception as error:  # noqa: BLE001  a chore that fails must not end the thread that writes
            self.trouble = str(error)
            self._not_before = time.monotonic() + RETRY_SECONDS
        else:
            self.trouble = None
