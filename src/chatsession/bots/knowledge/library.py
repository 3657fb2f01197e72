"""Everything the bot knows at one moment: an index for each language of the pages, built anew when a page changes."""

from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from chatsession.bots.knowledge.background import background
from chatsession.bots.knowledge.conversation import Asked, Conversation
from chatsession.bots.knowledge.folder import Folder, Skipped
from chatsession.bots.knowledge.index import Index
from chatsession.bots.knowledge.language import LANGUAGES, PACKAGE, Language, language_of
from chatsession.bots.knowledge.question import Reader
from chatsession.bots.releases import release_of


class Library:
    """The pages as they were at one moment, ready to be asked."""

    def __init__(self, folder: Folder) -> None:
        self.skipped: Sequence[Skipped] = folder.skipped
        self.shown_on = folder.words.pages
        """What "it" is on which page of the site, by the page's path."""
        self.release = release_of([*_code(), *folder.digests])
        by_language = {code: [page for page in folder.pages if page.language == code] for code in LANGUAGES}
        self._indexes = {
            code: Index(Language(code, folder.words), pages, (form for page in pages for form in page.forms))
            for code, pages in sorted(by_language.items(), key=lambda pair: -len(pair[1]))
            if any(page.passages for page in pages)
        }
        self._conversations = {
            code: Conversation(index, Reader(index, background(code))) for code, index in self._indexes.items()
        }

    @property
    def languages(self) -> list[str]:
        """The languages of the pages, the one most are written in first."""
        return list(self._indexes)

    def language_of(self, text: str) -> str | None:
        """The language of the pages that a question is looked up in; None where there are no pages."""
        return language_of(text, self.languages) or next(iter(self._indexes), None)

    def asked(self, earlier: Sequence[str], text: str, subject: str | None = None) -> list[Asked]:
        """What a text asks after earlier ones, with what was found; `subject` is what the visitor looks at."""
        code = self.language_of(text)
        return [] if code is None else self._conversations[code].asked(earlier, text, subject)

    def close(self) -> None:
        """Let go of the indexes."""
        for index in self._indexes.values():
            index.close()


class Shelf:
    """Keeps the library of a folder current. Its methods block, and are called from one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = Folder(folder, tuple(LANGUAGES))

    def is_stale(self) -> bool:
        """Whether the folder has changed since the last library was made."""
        return self._folder.has_changed()

    def library(self) -> Library:
        """Read what has changed and make a new library of everything."""
        self._folder.read()
        return Library(self._folder)


def _code() -> list[bytes]:
    """This package itself, data included: what answers depend on besides the pages."""
    return [file.read_bytes() for file in _files(resources.files(PACKAGE))]


def _files(folder: Traversable) -> list[Traversable]:
    here = sorted(folder.iterdir(), key=lambda each: each.name)
    below = [file for each in here if each.is_dir() and each.name != "__pycache__" for file in _files(each)]
    return [each for each in here if each.name.endswith((".py", ".toml"))] + below
