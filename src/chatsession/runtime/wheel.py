"""A lazy hashed timer wheel: a deadline that moves later costs a dictionary write; a bucket's scan re-files it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

SLOT = timedelta(milliseconds=250)
SLICE_MAX = 2_000
# Slots are counted from the wheel's beginning, so that two of them fit into 60 bits: Python needs a third less memory
# for such an integer than for a longer one. It is enough for eight years.
_SHIFT = 30
_MASK = (1 << _SHIFT) - 1


class Wheel:
    """Remembers when each session is due. A deadline is rounded up to a slot: it fires a slot late, never early."""

    def __init__(self, now: datetime) -> None:
        # One integer a session: the slot it is due in, and the slot of the bucket it lies in.
        self._places: dict[str, int] = {}
        self._buckets: dict[int, list[str]] = {}
        self._origin = now
        self._next = 0

    def __len__(self) -> int:
        return len(self._places)

    def set(self, session: str, due: datetime) -> None:
        """Remember a deadline, in place of the session's earlier one."""
        slot = -((self._origin - due) // SLOT)
        slot = max(slot, self._next)
        place = self._places.get(session)
        filed = _MASK if place is None else place & _MASK
        if slot < filed:
            self._buckets.setdefault(slot, []).append(session)
            filed = slot
        self._places[session] = (slot << _SHIFT) | filed

    def __contains__(self, session: str) -> bool:
        return session in self._places

    def drop(self, session: str) -> None:
        """Forget a session."""
        self._places.pop(session, None)

    def next_at(self) -> datetime | None:
        """When there is next something to look at; None while nothing is remembered."""
        return self._origin + min(self._buckets) * SLOT if self._buckets else None

    def turn(self, now: datetime) -> Iterator[list[str]]:
        """Sessions that are due, in slices; between two slices others may run."""
        last = (now - self._origin) // SLOT
        while self._next <= last:
            slot = self._next
            bucket = self._buckets.pop(slot, [])
            # Before anybody else runs: what is set meanwhile must not go into a slot that nobody will look at again.
            self._next = slot + 1
            for start in range(0, len(bucket), SLICE_MAX):
                yield self._due(bucket[start : start + SLICE_MAX], slot)
            if last - slot > len(self._buckets):
                # The machine may have slept for days: go over the empty slots at once.
                self._next = max(self._next, min(min(self._buckets, default=last + 1), last + 1))

    def _due(self, sessions: list[str], slot: int) -> list[str]:
        due: list[str] = []
        for session in sessions:
            place = self._places.get(session)
            if place is None or place & _MASK != slot:
                continue
            wanted = place >> _SHIFT
            if wanted <= slot:
                del self._places[session]
                due.append(session)
            else:
                self._buckets.setdefault(wanted, []).append(session)
                self._places[session] = (wanted << _SHIFT) | wanted
        return due
