"""What a passage and its units are found to say of a question."""

import msgspec

from chatsession.bots.knowledge.passages import Passage, Unit


class Hit(msgspec.Struct, frozen=True):
    """A passage that may answer: how sure that is, and what each of its units says."""

    passage: Passage
    confidence: float
    """The share of the question that its best unit covers, read under its headings."""
    guided: float
    """The share of the earlier questions that unit covers."""
    order: float
    units: tuple[float, ...]
    own: tuple[float, ...]
    """What of the question each unit says itself, without its headings."""
    is_of_any: bool = False
    """Whether "it" is asked about and may be the thing of any row."""
    is_overview: bool = False
    """Whether it is the beginning of a page whose title is about all that is asked."""


class Cover(msgspec.Struct, frozen=True):
    """How much of the new and of the old terms a unit covers, and how much of all it says itself."""

    new: float
    old: float
    own: float


class Rated(msgspec.Struct, frozen=True):
    """A unit, what it covers, the share it keeps for its kind, and what it loses as a row of a whole table."""

    unit: Unit
    cover: Cover
    kind: float
    table: float

    @property
    def score(self) -> float:
        """The share of what is asked now, less where it is not of the kind asked for."""
        return self.cover.new * self.kind

    def guided(self, guidance: float) -> float:
        """The score with what the earlier questions add."""
        return self.score + guidance * self.cover.old - self.table
