"""Places for what stays: so many connections or waits at the same time, for one visitor and in all."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from chatsession.core.refusals import Refusal
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError, rate_limited

AGAIN_AFTER_SECONDS = 5
FULL = Refusal(
    "overloaded",
    503,
    "Too many connections are open on this server; try again soon.",
    {"retry_after": AGAIN_AFTER_SECONDS},
)


class Places:
    """Counts who is here; a program or agent counts like one visitor with room for all."""

    def __init__(self, per_visitor_max: int, places_max: int) -> None:
        self._per_visitor_max = per_visitor_max
        self._places_max = places_max
        self._taken: Counter[str] = Counter()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @contextmanager
    def taken(self, principal: Principal) -> Generator[None]:
        """Have a place for as long as this lasts; raise `rate_limited` or `overloaded` where there is none."""
        who = f"{principal.kind}:{principal.id}"
        if self._count >= self._places_max:
            raise RefusedError(FULL)
        if principal.kind == "visitor" and self._taken[who] >= self._per_visitor_max:
            raise rate_limited(AGAIN_AFTER_SECONDS)
        self._taken[who] += 1
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]
