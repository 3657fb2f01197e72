"""Where a term of a question is found in a passage, and what it counts there."""

import re
from collections.abc import Iterable

from chatsession.bots.knowledge.passages import Passage, Unit
from chatsession.bots.knowledge.question import Term

IN_HEADING, IN_TITLE, IN_WAY, BESIDE, IN_ASKED, IN_PASSAGE = 0.95, 0.95, 0.95, 0.55, 0.5, 0.4
"""What a term counts by where it is found, if not in the unit itself."""
SYNONYM, SYNONYM_PHRASE, BROADER = 0.88, 0.96, 0.8
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*[–-]\s*(\d+(?:[.,]\d+)?)")

Places = list[tuple[float, str]]
"""Texts as their stems, each with what a term counts that is found there."""


def places_of(passage: Passage, at: int, way: str = "") -> Places:
    """Everywhere a term may be found that speaks for one unit of a passage, the unit itself first.

    `way` is the way of asking for the passage that is likest to the question; words of several make no question.
    """
    units = passage.units
    unit = units[at]
    beside = "".join(each.stems for each in units[max(0, at - 1) : at + 2] if each.block == unit.block)
    introduces = 1.0 if unit.kind == "row" else IN_HEADING if unit.lead.endswith(":") else BESIDE
    return [
        (1.0, unit.stems),
        (IN_HEADING, passage.heading_stems),
        (introduces, unit.lead_stems),
        (IN_TITLE, passage.title_stems),
        (IN_WAY, way),
        (IN_ASKED, "".join(passage.asked)),
        (BESIDE if unit.kind != "row" else IN_PASSAGE, beside),
        (IN_PASSAGE, "".join(each.stems for each in units)),
    ]


def share_in(term: Term, stems: str) -> float:
    """What a term counts in a text: all if it was said so, a little less if only a synonym stands there."""
    for at, variant in enumerate(term.variants):
        if f" {variant} " in stems:
            return 1.0 if at < term.literal else SYNONYM_PHRASE if " " in variant else SYNONYM
    return BROADER if any(f" {wider} " in stems for wider in term.broader) else 0.0


def number_share_in(term: Term, terms: Iterable[Term], unit: Unit) -> float:
    """Whether a number is in the unit, or within one of its ranges, in the column that is spoken of."""
    if not unit.cells:
        return float(f" {term.variants[0]} " in unit.stems or _in_range(term.said, unit.text))
    heads = unit.lead_stems.split("|")
    spoken_of = [
        cell for head, cell in zip(heads, unit.cells, strict=False) if any(share_in(each, head) for each in terms)
    ]
    return float(any(_in_range(term.said, cell) or term.said == cell for cell in spoken_of or unit.cells))


def _in_range(number: str, text: str) -> bool:
    value = float(number.replace(",", "."))
    return any(
        float(low.replace(",", ".")) <= value <= float(high.replace(",", ".")) for low, high in _RANGE.findall(text)
    )
