"""How fast one socket may send, and how much nonsense is taken from it."""


class Pace:
    """A bucket of tokens, and a count of what went wrong since the last frame that was all right."""

    __slots__ = ("_burst", "_left", "_per_second", "_seen", "wrong")

    def __init__(self, per_second: float, burst: int, now: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._left = float(burst)
        self._seen = now
        self.wrong = 0

    def allow(self, now: float) -> bool:
        """Take a token if there is one."""
        left = min(self._burst, self._left + (now - self._seen) * self._per_second)
        self._seen = now
        allowed = left >= 1
        self._left = left - 1 if allowed else left
        return allowed
