"""Slips of the fingers put right, by the words the help pages use."""

from collections.abc import Iterable

from chatsession.bots.knowledge.background import Background
from chatsession.bots.knowledge.index import Index

SHORTEST_CORRECTED = 4
SHORTEST_WITH_TWO_SLIPS = 7


class Spelling:
    """Corrects a word that neither the pages nor the language know."""

    def __init__(self, index: Index, background: Background) -> None:
        self._index = index
        self._background = background
        speech = index.speech
        phrases = [*speech.follow_cues, *(phrase for phrase, _ in speech.kind_phrases)]
        # The bot's own words are spelt wrongly too: "hwo much", "thnaks".
        self._own = speech.stop_words.union(form for phrase in phrases for form in phrase)

    def corrected(self, form: str) -> str:
        """The word that was meant, or the word itself where that is not clear."""
        if len(form) < SHORTEST_CORRECTED or not form.isalpha() or self._is_known(form):
            return form
        slips_max = 2 if len(form) >= SHORTEST_WITH_TWO_SLIPS else 1
        return self._nearest(form, slips_max) or form

    def _is_known(self, form: str) -> bool:
        return form in self._own or self._index.knows(form) or self._background.knows(form)

    def _nearest(self, form: str, slips_max: int) -> str | None:
        shortest, longest = len(form) - slips_max, len(form) + slips_max
        same_initial = [*self._index.forms_like(form[0], shortest, longest), *self._own_like(form[0])]
        found = _best(form, same_initial, slips_max)
        return found or _best(form, self._index.forms_like("", len(form) - 1, len(form) + 1), 1)

    def _own_like(self, initial: str) -> Iterable[str]:
        return (form for form in sorted(self._own) if form.startswith(initial) and len(form) >= SHORTEST_CORRECTED)


def slips(one: str, other: str, at_most: int) -> int:
    """How many letters were missed, added, mistaken or swapped between two words; at_most + 1 for anything above."""
    if abs(len(one) - len(other)) > at_most:
        return at_most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > at_most:
            return at_most + 1
        before, above = above, row
    return min(above[-1], at_most + 1)


def _best(form: str, words: Iterable[str], slips_max: int) -> str | None:
    """The word with the fewest slips; among equals one of the same length and letters."""
    ranked = sorted(
        (distance, abs(len(word) - len(form)), len(set(word) ^ set(form)), word)
        for word in words
        if (distance := slips(form, word, slips_max)) <= slips_max
    )
    return ranked[0][3] if ranked else None
