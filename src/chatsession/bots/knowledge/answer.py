"""The words of the answer: units of a passage exactly as the page has them, chosen, and put in their order."""

from collections.abc import Iterable, Sequence

import msgspec

from chatsession.bots.knowledge.passages import Passage, Unit
from chatsession.bots.knowledge.ranking import Hit

CHARS_AIM = 420
ROWS_MAX = 12
CLOSE_TO_BEST = 0.1
BULLET = "• "


class Answer(msgspec.Struct, frozen=True):
    """What is quoted from one passage."""

    passage: Passage
    units: tuple[Unit, ...]

    @property
    def text(self) -> str:
        """The quoted units as they are shown: sentences run on, items, steps and rows have a line each."""
        lines: list[str] = []
        block = 0
        for unit in self.units:
            if unit.block != block:
                lines += _introduction(unit, self)
            line = _shown(unit, self.passage)
            if unit.kind == "sentence" and unit.block == block:
                lines[-1] += f" {line}"
            else:
                lines.append(line)
            block = unit.block
        return "\n".join(lines)


def chosen(hit: Hit) -> Answer:
    """Quote what answers: the rows that say it, steps all together, or the best unit with what stands around it."""
    best = max(range(len(hit.units)), key=lambda at: (round(hit.units[at], 2), round(hit.own[at], 2), -at))
    units = hit.passage.units
    if hit.is_overview:
        return _quote(hit.passage, _overview(units))
    match units[best].kind:
        case "row":
            return _quote(hit.passage, _rows(hit, best))
        case "step":
            return _quote(hit.passage, _around(units, _block(units, best), best))
        case "sentence" | "item" | "code":
            return _quote(hit.passage, _around(units, {best}, best))


def _overview(units: Sequence[Unit]) -> set[int]:
    """The beginning of a page: what is said there, and as many rows as are shown."""
    rows = [at for at, unit in enumerate(units) if unit.kind == "row"][:ROWS_MAX]
    return _around(units, set(rows), 0) if rows else _around(units, {0}, 0)


def _rows(hit: Hit, best: int) -> set[int]:
    """The rows that answer about as well as the best; where none of them speaks of the question, all of them."""
    block = sorted(_block(hit.passage.units, best))
    close = [
        at
        for at in block
        if hit.units[at] >= hit.units[best] - CLOSE_TO_BEST and hit.own[at] >= hit.own[best] - CLOSE_TO_BEST
    ]
    return {best, *close[:ROWS_MAX]}


def _around(units: Sequence[Unit], quoted: set[int], best: int) -> set[int]:
    """What is quoted in any case, and as much of its section as fits: first what leads up to it, then the rest."""
    order = [*sorted(_block(units, best), key=lambda at: (at > best, abs(at - best))), *range(len(units))]
    rows = {at for at in quoted if units[at].kind == "row"}
    picked = set(quoted)
    for at in order:
        added = (picked | {at}) - (rows - {at})
        if units[at].kind != "row" and _chars(units, added) <= CHARS_AIM:
            picked.add(at)
    return picked


def _block(units: Sequence[Unit], at: int) -> set[int]:
    return {each for each, unit in enumerate(units) if unit.block == units[at].block}


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


def _shown(unit: Unit, passage: Passage) -> str:
    match unit.kind:
        case "step":
            block = [each for each in passage.units if each.block == unit.block]
            return f"{block.index(unit) + 1}. {unit.text}"
        case "item" | "row":
            return BULLET + unit.text
        case "sentence" | "code":
            return unit.text
