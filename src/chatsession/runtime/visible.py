"""Text without what people cannot see: hidden characters carry instructions to models, not words to people."""

import re

# Tag characters, zero-width space, word joiner, byte order mark. Joiners stay: scripts and emoji need them.
_HIDDEN = re.compile("[\U000e0000-\U000e007f\u200b\u2060\ufeff]")


def visible(text: str) -> str:
    """The text without hidden characters."""
    return text if text.isascii() else _HIDDEN.sub("", text)
