"""The folder of help pages: which files are there, which have changed, and what they say."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from chatsession.bots.knowledge.markdown import read_page
from chatsession.bots.knowledge.passages import Page
from chatsession.bots.knowledge.words import NAME, Words, read_words

PAGES_MAX = 20_000
PAGE_BYTES_MAX = 1024 * 1024
ENDINGS = (".md", ".markdown")

Stamp = tuple[int, int, int]
"""When a file was last written, how long it is, and which it is."""


class Skipped(msgspec.Struct, frozen=True):
    """A file that is left out, and why, in words its author can act on."""

    path: str
    reason: str


class _Read(msgspec.Struct, frozen=True):
    stamp: Stamp
    digest: str
    found: Page | Words | Skipped


class Folder:
    """Reads the pages of a folder; a page that has not changed is not read again."""

    def __init__(self, path: Path, languages: Sequence[str]) -> None:
        self.path = path
        self._languages = languages
        self._stamps: dict[str, Stamp] | None = None
        self._read: dict[str, _Read] = {}

    def has_changed(self) -> bool:
        """Whether a file has come, gone or been written since the last reading."""
        return self._scan() != self._stamps

    def read(self) -> None:
        """Read what has changed."""
        stamps = self._scan()
        known = self._read
        self._read = {
            name: known[name] if name in known and known[name].stamp == stamp else self._file(name, stamp)
            for name, stamp in stamps.items()
        }
        self._stamps = stamps

    @property
    def pages(self) -> list[Page]:
        """The pages, by path."""
        return [each.found for each in self._read.values() if isinstance(each.found, Page)]

    @property
    def words(self) -> Words:
        """What people here call things."""
        return next((each.found for each in self._read.values() if isinstance(each.found, Words)), Words())

    @property
    def skipped(self) -> list[Skipped]:
        """The files that are left out."""
        if self._stamps is not None and not self.path.is_dir():
            return [Skipped(".", f"there is no folder {self.path.name}")]
        left_out = [each.found for each in self._read.values() if isinstance(each.found, Skipped)]
        if len(self._read) == PAGES_MAX:
            left_out.append(Skipped(".", f"only the first {PAGES_MAX} files are read"))
        return left_out

    @property
    def digests(self) -> Iterator[str]:
        """Name and content hash of every file, in order."""
        for name, each in self._read.items():
            yield f"{name} {each.digest}"

    def _scan(self) -> dict[str, Stamp]:
        stamps: dict[str, Stamp] = {}
        for name in _names(self.path):
            try:
                status = os.stat(self.path / name)  # noqa: PTH116  ten times as many files are looked at as read
            except OSError:
                continue
            stamps[name] = (status.st_mtime_ns, status.st_size, status.st_ino)
            if len(stamps) == PAGES_MAX:
                break
        return stamps

    def _file(self, name: str, stamp: Stamp) -> _Read:
        if stamp[1] > PAGE_BYTES_MAX:
            return _Read(stamp, "", Skipped(name, f"it has more than {PAGE_BYTES_MAX // 1024} KiB; split it"))
        try:
            data = (self.path / name).read_bytes()
        except OSError as error:
            return _Read(stamp, "", Skipped(name, f"it cannot be read: {error.strerror}"))
        return _Read(stamp, hashlib.sha256(data).hexdigest(), self._page(name, data))

    def _page(self, name: str, data: bytes) -> Page | Words | Skipped:
        if name == NAME:
            return _words(data)
        try:
            text = data.decode("utf-8-sig").replace("\x00", "")
        except UnicodeDecodeError as error:
            return Skipped(name, f"it is not UTF-8 (byte {error.start}); save it as UTF-8")
        try:
            return read_page(name, text, self._languages)
        except (ValueError, RecursionError) as error:
            return Skipped(name, f"it is no Markdown that can be read: {error}")


def _words(data: bytes) -> Words | Skipped:
    try:
        return read_words(data)
    except ValueError as error:
        return Skipped(NAME, f"it is no list of words that can be read: {error}")


def _names(folder: Path) -> Iterator[str]:
    """The words and the Markdown files of a folder, sorted, hidden ones left out, as paths with forward slashes."""
    if (folder / NAME).is_file():
        yield NAME
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        below = Path(place).relative_to(folder)
        for name in sorted(files):
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                yield (below / name).as_posix()
