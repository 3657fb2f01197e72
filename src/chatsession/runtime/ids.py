"""New ids: they say what they are, sort by time, and are never credentials."""

from collections.abc import Callable
from datetime import datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
RANDOM_BYTES = 10

RandomBytes = Callable[[int], bytes]


def new_id(kind: str, now: datetime, random: RandomBytes) -> str:
    """An id of 26 characters after its kind: 48 bits of milliseconds, 80 random bits."""
    value = (int(now.timestamp() * 1000) << 80) | int.from_bytes(random(RANDOM_BYTES), "big")
    letters = [ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5)]
    return f"{kind}_{''.join(letters)}"
