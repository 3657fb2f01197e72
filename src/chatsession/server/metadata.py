"""What a visitor's browser says of itself anyway, for the metadata of a session: language, kind of device, address."""

from collections.abc import Mapping
from typing import Any

import msgspec

from chatsession.core.limits import METADATA_BYTES_MAX, METADATA_KEYS_MAX

TAG_CHARS_MAX = 35
"""Of a language tag; RFC 5646 asks for no more."""


def completed(metadata: Mapping[str, Any], headers: Mapping[str, str], address: str | None) -> dict[str, Any]:
    """The caller's metadata with `locale` and `device` where they were left out, and the address it came from.

    The address leaves again before anything is stored, unless the inbox's policy keeps it.
    """
    hints = {"locale": locale_of(headers.get("accept-language", "")), "device": _device(headers), "address": address}
    filled = {key: value for key, value in metadata.items() if key != "address"}
    for key, value in hints.items():
        if value is not None and key not in filled and _has_room(filled, key, value):
            filled[key] = value
    return filled


def _has_room(metadata: dict[str, Any], key: str, value: str) -> bool:
    """What we add must never be the reason why the caller's own metadata is refused."""
    if len(metadata) >= METADATA_KEYS_MAX:
        return False
    try:
        return len(msgspec.json.encode({**metadata, key: value})) <= METADATA_BYTES_MAX
    except (TypeError, ValueError, RecursionError):
        return False


def locale_of(accepted: str) -> str | None:
    """The language the browser asks for first."""
    best, best_weight = None, 0.0
    for part in accepted.split(","):
        tag, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        if tag and tag != "*" and len(tag) <= TAG_CHARS_MAX and tag.replace("-", "").isalnum() and weight > best_weight:
            best, best_weight = tag, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _device(headers: Mapping[str, str]) -> str | None:
    """`phone`, `tablet` or `desktop`; None for programs."""
    agent = headers.get("user-agent", "")
    if "Mozilla" not in agent:
        return None
    if any(word in agent for word in ("iPad", "Tablet", "PlayBook", "Silk")):
        return "tablet"
    if headers.get("sec-ch-ua-mobile") == "?1" or "Mobi" in agent:
        return "phone"
    return "tablet" if "Android" in agent else "desktop"
