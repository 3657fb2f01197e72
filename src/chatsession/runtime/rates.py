"""How fast somebody may go: a token bucket each, bounded in number."""

from collections import OrderedDict
from datetime import datetime


class Rates:
    """Refills `per_second` tokens a second up to `burst`."""

    def __init__(self, per_second: float, burst: int, buckets_max: int) -> None:
        self._per_second = per_second
        self._burst = burst
        self._buckets_max = buckets_max
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def allow(self, who: str, now: datetime) -> bool:
        """Take a token if there is one. Whoever has not been seen for long starts with a full bucket."""
        left, seen = self._buckets.get(who, (float(self._burst), now))
        left = min(self._burst, left + max(0.0, (now - seen).total_seconds()) * self._per_second)
        allowed = left >= 1
        self._buckets[who] = (left - 1 if allowed else left, now)
        self._buckets.move_to_end(who)
        if len(self._buckets) > self._buckets_max:
            self._buckets.popitem(last=False)
        return allowed
