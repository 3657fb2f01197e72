"""Words as full-text search on a disk sees them: letters and digits, without case and accents."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> frozenset[str]:
    """The words of a text."""
    plain = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    return frozenset(_WORD.findall(plain.lower()))
