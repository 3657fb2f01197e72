"""The contract of the bus: news travel fast and may be lost; the store is the truth."""

from collections.abc import Callable
from typing import Protocol

import msgspec


class News(msgspec.Struct, frozen=True):
    """Bytes for everybody who follows a session: stored events, or one signal."""

    session: str
    seq: int
    """The seq of the last event in `frames`; 0 for a signal."""
    frames: tuple[bytes, ...]
    service_only: tuple[bool, ...] = ()
    """For each frame, whether its event's audience is the service alone."""


class Bus(Protocol):
    """Carries news from who commits to who follows, on any node."""

    def publish(self, news: News) -> None:
        """Send to every follower; never blocks, never raises for a slow one."""
        ...

    def subscribe(self, session: str, listener: Callable[[News], None]) -> Callable[[], None]:
        """Call the listener for each news of the session until the returned function is called."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
