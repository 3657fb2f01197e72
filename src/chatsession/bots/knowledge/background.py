"""How common a word is in its language at large: what the help pages alone cannot say of a word they do not use."""

from functools import cache
from math import log
from threading import Lock

from spellchecker import SpellChecker

from chatsession import sqlite

TELLS_LITTLE = 6.5
TELLS_ALL = 12.5
"""Between these (in nats: one word in 670, one in 270,000) a word goes from saying little to saying all it can."""
INFORMATION_MIN = 0.15


class Background:
    """The word counts of one language, kept compactly."""

    def __init__(self, code: str) -> None:
        counts = SpellChecker(language=code).word_frequency.dictionary
        self._total = sum(counts.values())
        # In SQLite the 160,000 to 340,000 words take a fifth of what a dict would.
        self._words = sqlite.in_memory()
        self._lock = Lock()
        self._words.execute("create table words(form text primary key, count integer not null) without rowid")
        with self._words:
            rows = ((form.replace("ß", "ss"), count) for form, count in counts.items())
            self._words.executemany("insert or ignore into words values(?, ?)", rows)

    def knows(self, form: str) -> bool:
        """Whether this is a word of the language, and no slip of the fingers."""
        return self._count(form) is not None

    def information(self, form: str) -> float:
        """How much a word tells, from a little (everybody says it all the time) to 1 (hardly anybody says it)."""
        nats = log(self._total / (self._count(form) or 1))
        return min(1.0, max(INFORMATION_MIN, (nats - TELLS_LITTLE) / (TELLS_ALL - TELLS_LITTLE)))

    def _count(self, form: str) -> int | None:
        with self._lock:
            rows = self._words.execute("select count from words where form = ?", (form,))
            return next((int(row[0]) for row in rows), None)


@cache
def background(code: str) -> Background:
    """The words of a language, read once and shared by all bots."""
    return Background(code)
