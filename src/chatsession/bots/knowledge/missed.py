"""What a list does not have: "do you ship to Brazil?" is not known, but that no row of the table says so is."""

import re

import msgspec

from chatsession.bots.knowledge.conversation import CONFIDENT, Asked
from chatsession.bots.knowledge.coverage import places_of, share_in
from chatsession.bots.knowledge.passages import Passage
from chatsession.bots.knowledge.question import Term

LIST_MIN = 4
"""A table of fewer rows is hardly a list of all there is."""
PASSAGES_LOOKED_AT_MAX = 8


class Missed(msgspec.Struct, frozen=True):
    """A name as it was written, and the title of the page whose list does not have it."""

    name: str
    title: str


def missed_in(asked: Asked, text: str) -> Missed | None:
    """The one thing a question names, after "to", "from" or "with", that is on no page, and the list it is not in."""
    names = [term for term in asked.question.terms if term.is_unknown]
    others = [term for term in asked.question.terms if not term.is_unknown]
    if len(names) != 1 or not names[0].is_directed or not others:
        return None
    lists = (hit.passage for hit in asked.hits[:PASSAGES_LOOKED_AT_MAX] if _is_list(hit.passage))
    found = next((passage for passage in lists if _share(others, passage) >= CONFIDENT), None)
    return Missed(_as_written(names[0].said, text), found.title) if found else None


def _is_list(passage: Passage) -> bool:
    return sum(unit.kind == "row" for unit in passage.units) >= LIST_MIN


def _share(terms: list[Term], passage: Passage) -> float:
    where = places_of(passage, 0)
    found = sum(term.weight * max(share * share_in(term, stems) for share, stems in where) for term in terms)
    return found / (sum(term.weight for term in terms) or 1.0)


def _as_written(said: str, text: str) -> str:
    found = re.search(rf"\b{re.escape(said)}\b", text, re.IGNORECASE)
    return found[0] if found else said
