"""What a file is, by its content: the name's ending and the declared type have to say the same."""

import re
from typing import Any, cast

import puremagic

from chatsession.core.refusals import Refusal
from chatsession.runtime.files.names import ending_of

HEAD_BYTES = 4096
ENDINGS: dict[str, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "text/plain": (".txt", ".log", ".md"),
    "text/csv": (".csv",),
}
"""Every type that can be allowed, with the endings of its names."""
TEXTS = ("text/plain", "text/csv")
_magic: Any = puremagic.magic_string  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  its types are not complete
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def unsupported(detail: str) -> Refusal:
    """Refuse a kind of file."""
    return Refusal("unsupported_media_type", 415, detail)


def kind_refused(name: str, declared: str, content: bytes) -> Refusal | None:
    """Refuse a file whose name, declared type and content are not all of one kind."""
    if ending_of(name) not in ENDINGS[declared]:
        endings = " or ".join(ENDINGS[declared])
        return unsupported(f"A file declared as {declared} has a name that ends in {endings}; this one is {name!r}.")
    if declared not in kinds_of(content):
        return unsupported(f"The file is declared as {declared}, but its content is something else.")
    return None


def kinds_of(content: bytes) -> tuple[str, ...]:
    """The kinds a content may be declared as; nothing for what is none of ours."""
    found = _sniffed(content)
    if found is not None:
        return (found,)
    return TEXTS if _is_text(content) else ()


def _sniffed(content: bytes) -> str | None:
    """The one of our kinds that the first bytes say."""
    try:
        seen = cast("list[tuple[bytes, int, str, str, str, float]]", _magic(content[:HEAD_BYTES]))
    except (puremagic.PureError, ValueError):
        return None
    # Short marks fit by chance; only what is as sure as the surest counts.
    surest = max(confidence for *_, confidence in seen)
    kinds = {kind for _, _, _, kind, _, confidence in seen if confidence == surest}
    return next((kind for kind in ENDINGS if kind in kinds and kind not in TEXTS), None)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and _CONTROLS.search(text) is None
