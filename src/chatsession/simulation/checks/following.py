"""I5, I13: whoever follows a session gets one order without gaps, and in the end everything, however news travel."""

from collections.abc import Callable

import msgspec

from chatsession.runtime.following import Delivery, Ended, EventFrame, Follow
from chatsession.runtime.principal import Principal
from chatsession.simulation.checks.story import Story

SERVICE_ONLY = frozenset(
    (
        "activity_seen",
        "agent_nudged",
        "context_carried",
        "context_changed",
        "context_cleared",
        "context_received",
        "note_posted",
        "policy_adopted",
        "session_snoozed",
        "snooze_ended",
        "usage_counted",
        "visitor_identified",
    )
)
"""What a visitor must never read, listed here again so that a slip in the rules' own list is seen."""


class _Head(msgspec.Struct):
    type: str
    seq: int


_head = msgspec.json.Decoder(_Head)


class Follower:
    """Somebody's screen: what it has shown, and whether that was right."""

    def __init__(self, principal: Principal, story: Story, after: int, complain: Callable[[str], None]) -> None:
        self.principal = principal
        self.story = story
        self.seen = after
        self.follow: Follow | None = None
        self.process: object = None
        self.ended: str | None = None
        self._complain = complain

    def deliver(self, delivery: Delivery) -> None:
        """Take what comes, and compare it with what is stored."""
        match delivery:
            case EventFrame(seq=seq, data=data):
                self._event(seq, data)
            case Ended(code=code):
                self.ended = code
            case _:
                pass

    def misses(self) -> str | None:
        """Say what never came, now that it should have."""
        if self.ended is None and self.seen != self.story.seq:
            return f"a {self.principal.kind} has {self.seen} of {self.story.seq} events of {self.story.id}"
        return None

    def _event(self, seq: int, data: bytes) -> None:
        if seq != self.seen + 1:
            self._complain(f"a {self.principal.kind} got {seq} after {self.seen} of {self.story.id}")
        self.seen = max(self.seen, seq)
        if seq > self.story.seq:
            self._complain(f"a {self.principal.kind} got {seq} of {self.story.id}, which is not stored")
        elif not self._may_be(self.story.frames[seq - 1], data):
            self._complain(f"a {self.principal.kind} got {data!r} as {seq} of {self.story.id}")

    def _may_be(self, stored: bytes, data: bytes) -> bool:
        if self.principal.kind != "visitor" or _head.decode(stored).type not in SERVICE_ONLY:
            return data == stored
        return set(msgspec.json.decode(data)) == {"seq", "at", "type"} and _head.decode(data).type == "hidden"
