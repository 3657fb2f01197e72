"""The release of a bot: one word that changes when anything changes that shapes its answers."""

import hashlib
from collections.abc import Iterable


def release_of(parts: Iterable[str | bytes]) -> str:
    """The content hash of all parts, in their order: equal for equal parts, on every machine."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return f"rel_{digest.hexdigest()[:24]}"
