"""One session as memory keeps it: everything of it in one place, so that erasing it is letting go of one thing."""

from datetime import datetime

from chatsession.core import events as e
from chatsession.core.session import Receipt, Session
from chatsession.store import Append, ConflictError, DuplicateError, Loaded
from chatsession.stores.claims import claims
from chatsession.stores.memory.words import words_of
from chatsession.stores.rows import row_of
from chatsession.stores.texts import text_of
from chatsession.tracing import Trace


class Kept:
    """A session's list, and what is kept beside it; `number` is its place among all sessions."""

    def __init__(self, number: int, first: Append) -> None:
        self.number = number
        self.fed: list[int] = []
        """Its places in the feed."""
        self.frames: list[bytes] = []
        self.receipts: dict[tuple[str, str], Receipt] = {}
        self.traces: dict[tuple[int, int], Trace] = {}
        self.threads: set[str] = set()
        self.snapshot: Session | None = None
        self.wake_at: datetime | None = None
        self.row = row_of(first.session)
        self.claims = claims(first)

    def check(self, one: Append) -> None:
        """Raise unless the append follows what is there and none of its client ids was used."""
        if len(self.frames) != one.expected_seq:
            raise ConflictError(one.session.id)
        for new in one.receipts:
            known = self.receipts.get((new.author, new.client_id))
            if known is not None:
                raise DuplicateError(one.session.id, new.author, new.client_id, known)

    def take(self, one: Append) -> None:
        """Write the append."""
        self.row = row_of(one.session)
        self.claims = claims(one)
        self.frames += one.frames
        self.threads.update(event.thread for event in one.events if isinstance(event, e.ThreadStarted))
        self.receipts.update({(new.author, new.client_id): new.receipt for new in one.receipts})
        self.traces.update({(trace.turn, trace.attempt): trace for trace in one.traces})
        if one.snapshot:
            self.snapshot = one.session
        if one.wake_at is not None and (self.wake_at is None or one.wake_at < self.wake_at):
            self.wake_at = one.wake_at

    def load(self) -> Loaded:
        """The snapshot and the frames after it; within one process it is always of the current fold version."""
        after = self.snapshot.seq if self.snapshot else 0
        return Loaded(self.snapshot, tuple(self.frames[after:]))

    def redact(self, seq: int) -> bool:
        """Replace an event by its tombstone, and forget what was derived from it."""
        if not 0 < seq <= len(self.frames) or not e.is_redactable(self.frames[seq - 1]):
            return False
        self.frames[seq - 1] = e.tombstone(self.frames[seq - 1])
        self.snapshot = None
        self.traces.clear()
        return True

    def says(self, wanted: frozenset[str]) -> bool:
        """Whether one of its messages has all the words."""
        return bool(wanted) and any(wanted <= words_of(text_of(frame) or "") for frame in self.frames)
