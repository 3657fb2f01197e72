"""The words of the answer: units of a passage exactly as the page has them, chosen, and put in their order."""

from collections.abc import Iterable, Sequence

import msgspec

from chatsession.bots.knowledge.hits import Hit
from chatsession.bots.knowledge.passages import Passage, Unit

CHARS_AIM = 420
SENTENCES_MAX = 4
ROWS_MAX, ROWS_FIRST = 5, 3
"""A longer table is told by its first rows and the names of the others: who asks on a phone shall not scroll."""
NAMES_MAX = 12
CLOSE_TO_BEST = 0.1
BULLET = "• "


class Answer(msgspec.Struct, frozen=True):
    """What is quoted from one passage."""

    passage: Passage
    units: tuple[Unit, ...]
    more: tuple[str, ...] = ()
    """The names of rows that would answer as well, and are not quoted."""

    def text(self, also: str) -> str:
        """The quoted units as they are shown: sentences run on, items, steps and rows have a line each.

        `also` is how the names of more rows are told.
        """
        lines: list[str] = []
        block = 0
        for unit in self.units:
            introduction = _introduction(unit, self) if unit.block != block else []
            line = _shown(unit, self, is_introduced=bool(introduction))
            lines += introduction
            if unit.kind == "sentence" and unit.block == block:
                lines[-1] += f" {line}"
            else:
                lines.append(line)
            block = unit.block
            if unit.kind == "row" and unit == self._last_row and self.more:
                lines.append(also.format(names="; ".join(self.more)))
        return "\n".join(lines)

    @property
    def _last_row(self) -> Unit:
        return [unit for unit in self.units if unit.kind == "row"][-1]


def chosen(hit: Hit) -> Answer:
    """Quote what answers: the rows that say it, steps all together, or the best unit with what stands around it."""
    best = max(range(len(hit.units)), key=lambda at: (round(hit.units[at], 2), round(hit.own[at], 2), -at))
    units = hit.passage.units
    if hit.is_overview:
        rows = [at for at, unit in enumerate(units) if unit.kind == "row"]
        return _table(hit.passage, rows, around=True) if rows else _quote(hit.passage, _around(units, {0}, 0))
    match units[best].kind:
        case "row":
            return _table(hit.passage, _rows(hit, best))
        case "step":
            return _quote(hit.passage, _around(units, _block(units, best), best))
        case "sentence" | "item" | "code":
            return _quote(hit.passage, _around(units, {best}, best))


def _table(passage: Passage, rows: Sequence[int], *, around: bool = False) -> Answer:
    """As many rows as are read at a glance, the names of the others, and what stands around a table if it is wanted."""
    quoted = rows if len(rows) <= ROWS_MAX else rows[:ROWS_FIRST]
    more = dict.fromkeys(passage.units[at].cells[0] for at in rows[len(quoted) :])
    picked = _around(passage.units, set(quoted), 0) if around else quoted
    return msgspec.structs.replace(_quote(passage, picked), more=tuple(more)[:NAMES_MAX])


def _rows(hit: Hit, best: int) -> list[int]:
    """The rows that answer about as well as the best; where none of them speaks of the question, all of them."""
    return [
        at
        for at in sorted(_block(hit.passage.units, best))
        if hit.is_of_any
        or (hit.units[at] >= hit.units[best] - CLOSE_TO_BEST and hit.own[at] >= hit.own[best] - CLOSE_TO_BEST)
    ]


def _around(units: Sequence[Unit], quoted: set[int], best: int) -> set[int]:
    """What is quoted in any case, and as much of its section as fits: first what leads up to it, then the rest."""
    order = [*sorted(_block(units, best), key=lambda at: (at > best, abs(at - best))), *range(len(units))]
    rows = {at for at in quoted if units[at].kind == "row"}
    picked = set(quoted)
    for at in order:
        added = (picked | {at}) - (rows - {at})
        if units[at].kind != "row" and _chars(units, added) <= CHARS_AIM and _sentences(units, added) <= SENTENCES_MAX:
            picked.add(at)
    return picked


def _block(units: Sequence[Unit], at: int) -> set[int]:
    return {each for each, unit in enumerate(units) if unit.block == units[at].block}


def _sentences(units: Sequence[Unit], picked: Iterable[int]) -> int:
    return sum(units[at].kind == "sentence" for at in picked)


def _chars(units: Sequence[Unit], picked: Iterable[int]) -> int:
    return sum(len(units[at].text) for at in picked)


def _quote(passage: Passage, picked: Iterable[int]) -> Answer:
    return Answer(passage, tuple(passage.units[at] for at in sorted(picked)))


def _introduction(unit: Unit, answer: Answer) -> list[str]:
    """What a list stands under: the sentence before it, if it is not quoted already, or the heading of items alone.

    Without it, what is excepted would read as what is offered.
    """
    if unit.kind not in {"item", "step"}:
        return []
    if unit.lead.endswith(":"):
        return [] if any(each.text == unit.lead for each in answer.units) else [unit.lead]
    is_alone = unit.kind == "item" and all(each.kind == "item" for each in answer.units)
    heading = answer.passage.heading.rpartition(" › ")[2]
    return [heading] if is_alone and heading and unit == answer.units[0] else []


def _shown(unit: Unit, answer: Answer, *, is_introduced: bool) -> str:
    match unit.kind:
        case "step":
            block = [each for each in answer.passage.units if each.block == unit.block]
            return f"{block.index(unit) + 1}. {unit.text}"
        case "item" | "row":
            quoted = [each for each in answer.units if each.block == unit.block]
            is_alone = len(quoted) == 1 and not answer.more and not is_introduced
            return unit.text if is_alone else BULLET + unit.text
        case "sentence" | "code":
            return unit.text
