"""The built widget: which file is which, what each is, and how long it may be kept."""

import re
from pathlib import Path
from typing import NamedTuple

import msgspec

from chatsession.core.refusals import Refusal
from chatsession.runtime.refused import RefusedError, not_found
from chatsession.server.widget.caching import tag_of

BUILT = Path(__file__).parent.parent / "static"
MANIFEST = "manifest.json"
NOT_BUILT = Refusal(
    "not_built",
    503,
    "The files of the widget are not built here; run `make web`, or install the released package, which has them.",
)
SHORT = "public, max-age=300"
FOR_EVER = "public, max-age=31536000, immutable"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
"""What may lie beside a file already packed, the smallest first."""
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json; charset=utf-8",
    ".map": "application/json; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
"""With their charset, where the framework does not add it, as it does for texts."""
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_HASHED = re.compile(r"[.-](?=[A-Za-z0-9_-]*\d|[A-Za-z0-9_-]*[A-Z])[A-Za-z0-9_-]{8,}\.[a-z0-9]+")
"""A content hash before the ending: 8 characters or more, not all of them small letters."""


class Manifest(msgspec.Struct, frozen=True):
    """What the build says: the script of the page, and the widget it fetches."""

    loader: str
    widget: str


class Asset(NamedTuple):
    """A file as it is sent."""

    content: bytes
    media_type: str
    encoding: str | None
    kept: str
    tag: str


class Assets:
    """Reads the files where the build put them; built anew while we serve, the new ones are served."""

    def __init__(self, folder: Path = BUILT) -> None:
        self._folder = folder

    def loader(self, accepted: str) -> Asset:
        """The script that pages embed; its name is always the same, so it is kept for a short time only."""
        return self._read(self._folder / self._manifest().loader, accepted, SHORT)

    def named(self, name: str, accepted: str) -> Asset:
        """Any of the files; one that is named by its content never changes."""
        self._manifest()
        parts = name.strip("/").split("/")
        if not all(_NAME.fullmatch(part) for part in parts) or Path(name).suffix not in TYPES:
            raise not_found()
        return self._read(self._folder.joinpath(*parts), accepted, FOR_EVER if _HASHED.search(parts[-1]) else SHORT)

    def _manifest(self) -> Manifest:
        try:
            return msgspec.json.decode((self._folder / MANIFEST).read_bytes(), type=Manifest)
        except (OSError, msgspec.MsgspecError):
            raise RefusedError(NOT_BUILT) from None

    def _read(self, path: Path, accepted: str, kept: str) -> Asset:
        media_type = TYPES[path.suffix]
        for encoding, ending in ENCODINGS:
            if _takes(accepted, encoding) and (packed := _content(path.with_name(path.name + ending))) is not None:
                return Asset(packed, media_type, encoding, kept, tag_of(packed))
        content = _content(path)
        if content is None:
            raise not_found()
        return Asset(content, media_type, None, kept, tag_of(content))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _takes(accepted: str, encoding: str) -> bool:
    """Whether an `Accept-Encoding` names this one, and not to refuse it."""
    for part in accepted.split(","):
        name, _, weight = part.strip().lower().replace(" ", "").partition(";q=")
        if name == encoding:
            return weight.strip("0.") != "" or weight == ""
    return False
