"""Which words stand for things of one kind, told by the pages themselves: a column, a list, headings side by side."""

import re
from collections.abc import Iterable, Iterator
from itertools import count

from chatsession.bots.knowledge.language import Language, forms
from chatsession.bots.knowledge.passages import Page, Passage, Unit

MEMBER_WORDS_MAX, HEADING_WORDS_MAX = 4, 2
_SPLIT = re.compile(r"[,;/()]|\b(?:and|or|und|oder|to|bis)\b")
_NAME = r"[A-ZÄÖÜ][\w’'-]+(?: [A-ZÄÖÜ][\w’'-]+)*"
_ENUMERATION = re.compile(rf"{_NAME}(?:, {_NAME})*,? (?:and|or|und|oder) {_NAME}")


def kin(pages: Iterable[Page], speech: Language) -> Iterator[tuple[str, int, int]]:
    """Each stem with its slot and its member of it: two members of one slot are alternatives to each other.

    Slots of headings are negative: their members are matters rather than things.
    """
    numbers = count(1)
    seen: set[tuple[str, ...]] = set()
    for page in pages:
        for is_of_headings, slot in _slots(page):
            # The same table on a thousand pages says it once.
            if tuple(slot) in seen:
                continue
            seen.add(tuple(slot))
            number = -next(numbers) if is_of_headings else next(numbers)
            words_max = HEADING_WORDS_MAX if is_of_headings else MEMBER_WORDS_MAX
            for member, text in enumerate(slot):
                words = [form for form in forms(text) if form not in speech.stop_words]
                if 0 < len(words) <= words_max:
                    yield from {(speech.stem(form), number, member) for form in words}


def _slots(page: Page) -> Iterator[tuple[bool, list[str]]]:
    yield True, [passage.heading.rpartition(" › ")[2] for passage in page.passages]
    for passage in page.passages:
        for slot in _of_blocks(passage):
            yield False, slot
        for unit in passage.units:
            for enumeration in _ENUMERATION.findall(unit.text):
                yield False, _members(enumeration)


def _of_blocks(passage: Passage) -> Iterator[list[str]]:
    blocks: dict[int, list[Unit]] = {}
    for unit in passage.units:
        blocks.setdefault(unit.block, []).append(unit)
    for units in blocks.values():
        if units[0].kind == "row":
            yield [member for unit in units for member in _members(unit.cells[0])]
            yield units[0].lead.split(" | ")[1:]
        elif units[0].kind == "item":
            yield [member for unit in units for member in _members(unit.text.partition(":")[0])]


def _members(text: str) -> list[str]:
    return [member for member in _SPLIT.split(text) if member.strip()]
