"""Limits on what people and programs may write; each returns the refusal, or None if all is well."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec

from chatsession.core import limits
from chatsession.core.refusals import Refusal, invalid, too_large

NUL = "\x00"
_LINE_ENDS = re.compile(r"[\r\n]")
# Controls, and what people cannot see: joiners stay, for scripts and emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u200b\u2060\ufeff\U000e0000-\U000e007f\ud800-\udfff]"
)


def text_refused(text: str, field: str = "text", chars_max: int = limits.TEXT_CHARS_MAX) -> Refusal | None:
    """Refuse what cannot be stored or shown: too long, NULs, halves of surrogate pairs."""
    if len(text) > chars_max:
        return too_large(f"{field} has {len(text)} characters; the limit is {chars_max}.")
    if NUL in text:
        return invalid(f"{field} contains a NUL character.", field=field)
    if text.isascii():
        return None
    try:
        text.encode()
    except UnicodeEncodeError:
        return invalid(f"{field} contains half of a surrogate pair, which is not text.", field=field)
    return None


def is_text_of_lines(text: str, *, lines_max: int | None) -> bool:
    """Whether it is text that people can see, within so many lines."""
    lines = len(_LINE_ENDS.findall(text)) + 1
    return _UNSEEN.search(text) is None and (lines_max is None or lines <= lines_max)


def message_refused(text: str, parts: Sequence[Mapping[str, Any]], client_id: str | None) -> Refusal | None:
    """Refuse a message that says nothing, or too much."""
    if not text.strip() and not parts:
        return invalid("A message needs text or parts.", field="text")
    return client_id_refused(client_id) or text_refused(text)


def client_id_refused(client_id: str | None) -> Refusal | None:
    """Refuse an idempotency key that is empty, too long or no text."""
    if client_id is not None and not 0 < len(client_id) <= limits.CLIENT_ID_CHARS_MAX:
        return invalid(f"client_id must have 1 to {limits.CLIENT_ID_CHARS_MAX} characters.", field="client_id")
    return text_refused(client_id or "", "client_id")


def parts_refused(parts: Sequence[Mapping[str, Any]]) -> Refusal | None:
    """Refuse too many or too large parts."""
    if len(parts) > limits.PARTS_MAX:
        return too_large(f"A message has at most {limits.PARTS_MAX} parts.")
    return json_refused(parts, "parts", limits.PARTS_BYTES_MAX) if parts else None


def metadata_refused(metadata: Mapping[str, Any]) -> Refusal | None:
    """Refuse metadata over 32 keys or 8 KiB."""
    if len(metadata) > limits.METADATA_KEYS_MAX:
        return too_large(f"metadata has {len(metadata)} keys; the limit is {limits.METADATA_KEYS_MAX}.")
    return keys_refused(metadata, "metadata") or json_refused(metadata, "metadata", limits.METADATA_BYTES_MAX)


def keys_refused(keys: Sequence[str] | Mapping[str, Any], field: str) -> Refusal | None:
    """Refuse keys that are empty or too long."""
    for key in keys:
        if not 0 < len(key) <= limits.KEY_CHARS_MAX:
            return invalid(
                f"A key of {field} has {len(key)} characters; 1 to {limits.KEY_CHARS_MAX} are allowed.", field=field
            )
        if (refusal := text_refused(key, f"a key of {field}")) is not None:
            return refusal
    return None


def json_refused(value: Any, field: str, bytes_max: int) -> Refusal | None:
    """Refuse what is not JSON, too much of it, too deep, or what no snapshot could hold."""
    if _is_deeper_than(value, limits.JSON_DEPTH_MAX):
        return invalid(f"{field} is nested deeper than {limits.JSON_DEPTH_MAX} levels.", field=field)
    try:
        size = len(msgspec.json.encode(value))
    except (TypeError, ValueError):
        return invalid(f"{field} is not valid JSON text.", field=field)
    if size > bytes_max:
        return too_large(f"{field} has {size} bytes; the limit is {bytes_max}.")
    if not _fits_into_snapshot(value):
        return invalid(f"{field} has a whole number of more than 64 bits; send it as text.", field=field)
    return None


def _fits_into_snapshot(value: Any) -> bool:
    """Whether a snapshot can hold it: JSON has whole numbers of any length, MessagePack has not."""
    try:
        msgspec.msgpack.encode(value)
    except OverflowError:
        return False
    return True


def _is_deeper_than(value: Any, levels: int) -> bool:
    """Whether lists and objects are nested more than so many times, found level by level."""
    within = [value]
    for _ in range(levels + 1):
        within = [each for one in within for each in _members(one)]
    return bool(within)


def _members(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(cast("Mapping[Any, Any]", value).values())
    return list(cast("Sequence[Any]", value)) if isinstance(value, list | tuple) else []
