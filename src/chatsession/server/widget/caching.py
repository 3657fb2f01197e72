"""Answers that may be kept: a tag says what they are, and whoever has them is told so instead of being sent them."""

import hashlib

TAG_CHARS = 22


def tag_of(content: bytes) -> str:
    """The tag of a content: equal for equal bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:TAG_CHARS]}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the caller has the content already, by their `If-None-Match`."""
    given = (each.strip().removeprefix("W/") for each in (if_none_match or "").split(","))
    return any(each in (tag, "*") for each in given)
