"""A breaker: who fails again and again is left alone for a while, and then tried with one turn."""

import time
from collections.abc import Callable

from chatsession.bot import BotError


class Breaker:
    """Closed until so many failures in a row; then open for a pause; then one trial decides."""

    def __init__(self, failures_max: int, pause_seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._failures_max = failures_max
        self._pause_seconds = pause_seconds
        self._now = now
        self._failures = 0
        self._open_until = 0.0

    def check(self) -> None:
        """Return if the server may be asked; whoever is let through after a pause is the trial, and the others wait."""
        if self._failures < self._failures_max:
            return
        left = self._open_until - self._now()
        if left > 0:
            raise BotError(
                "circuit_open", f"the server failed {self._failures} times in a row; asked again in {left:.1f} s"
            )
        self._open_until = self._now() + self._pause_seconds

    def succeeded(self) -> None:
        """All is well again."""
        self._failures = 0

    def failed(self) -> None:
        """One more failure in a row."""
        self._failures += 1
        if self._failures >= self._failures_max:
            self._open_until = self._now() + self._pause_seconds
