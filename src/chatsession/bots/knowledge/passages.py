"""What a page is cut into: passages by heading, and in each the units an answer is made of."""

from typing import Literal

import msgspec

UnitKind = Literal["sentence", "item", "step", "row", "code"]


class Unit(msgspec.Struct, frozen=True, array_like=True):
    """The smallest thing that can be quoted: a sentence, an item or step of a list, a row, a piece of code."""

    kind: UnitKind
    text: str
    block: int
    """Units of one paragraph, list or table share the number of their block."""
    lead: str = ""
    """What introduces the block: the sentence before a list, the head of a table."""
    cells: tuple[str, ...] = ()
    stems: str = ""
    lead_stems: str = ""


class Passage(msgspec.Struct, frozen=True, array_like=True):
    """The part of a page under one heading."""

    path: str
    title: str
    url: str | None
    heading: str
    units: tuple[Unit, ...]
    title_stems: str = ""
    heading_stems: str = ""
    links: tuple[str, ...] = ()
    """The addresses this passage refers its reader to."""
    asked: tuple[str, ...] = ()
    """The stems of each way in which people are known to ask for it; never shown."""


class Page(msgspec.Struct, frozen=True, array_like=True):
    """One help page as it was read."""

    path: str
    title: str
    url: str | None
    language: str
    passages: tuple[Passage, ...]
    forms: tuple[str, ...] = ()
    """Every word the page uses, once."""


def text_of(passage: Passage) -> str:
    """The passage's own text, without headings."""
    return "\n".join(unit.text for unit in passage.units)
