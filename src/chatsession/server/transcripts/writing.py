"""How a transcript is written. What people wrote stays theirs: no text can pass for a line of the transcript itself."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from chatsession.server.transcripts.entries import Entry

# Controls (a terminal obeys them), and marks that turn the direction of a whole line around.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_JSON = msgspec.json.Encoder()


class Writing(Protocol):
    """One way to write a transcript, piece by piece."""

    media_type: str
    ending: str

    def head(self, title: str, at: datetime) -> str:
        """What comes first."""
        ...

    def entry(self, entry: Entry) -> str:
        """One message, or one thing that happened."""
        ...

    def foot(self) -> str:
        """What comes last."""
        ...


class TextWriting:
    """Plain text: lines of a message after its first are indented, so that none looks like another's."""

    media_type = "text/plain"
    ending = "txt"

    def head(self, title: str, at: datetime) -> str:
        """The title and the day."""
        return f"{one_line(title)}\n{at.astimezone(UTC):%Y-%m-%d}, times in UTC\n\n"

    def entry(self, entry: Entry) -> str:
        """A line, and more lines below it."""
        if entry.by is None:
            return f"[{_time(entry.at)}] - {one_line(entry.text)}\n"
        first, *more = [*_lines(entry.text), *_beside(entry)]
        note = " (note)" if entry.is_note else ""
        said = "".join(f"\n    {line}" for line in more)
        return f"[{_time(entry.at)}] {one_line(entry.name or '')}{note}: {first}{said}\n"

    def foot(self) -> str:
        """Nothing."""
        return ""


class MarkdownWriting:
    """Markdown: each message is a quotation, and every mark in it stands for itself."""

    media_type = "text/markdown"
    ending = "md"

    def head(self, title: str, at: datetime) -> str:
        """The title and the day."""
        return f"# {_plain(one_line(title))}\n\n{at.astimezone(UTC):%Y-%m-%d}, times in UTC\n\n"

    def entry(self, entry: Entry) -> str:
        """A name above a quotation."""
        if entry.by is None:
            return f"*{_time(entry.at)} {_plain(one_line(entry.text))}*\n\n"
        note = " (note)" if entry.is_note else ""
        lines = [f"> {_plain(line.strip())}" for line in [*_lines(entry.text), *_beside(entry)]]
        return f"**{_plain(one_line(entry.name or ''))}**{note}, {_time(entry.at)}\n\n" + "\\\n".join(lines) + "\n\n"

    def foot(self) -> str:
        """Nothing."""
        return ""


class JsonWriting:
    """JSON: one object with every entry, for programs."""

    media_type = "application/json"
    ending = "json"

    def __init__(self) -> None:
        self._between = ""

    def head(self, title: str, at: datetime) -> str:
        """The title and the beginning of the list."""
        return f'{{"title":{_JSON.encode(title).decode()},"opened_at":{_JSON.encode(at).decode()},"entries":['

    def entry(self, entry: Entry) -> str:
        """One object of the list."""
        between, self._between = self._between, ","
        return between + _JSON.encode(entry).decode()

    def foot(self) -> str:
        """The end of the list."""
        return "]}\n"


def one_line(text: str) -> str:
    """The text on one line, without what is not to be seen."""
    return " ".join(_UNSAFE.sub("", part) for part in text.split())


def _lines(text: str) -> list[str]:
    return [_UNSAFE.sub("", line) for line in text.splitlines()] or [""]


def _beside(entry: Entry) -> Iterator[str]:
    for name in entry.files:
        yield f"File: {one_line(name)}"
    for source in entry.sources:
        yield f"Source: {one_line(source.title)}" + (f" <{one_line(source.url)}>" if source.url else "")


def _plain(text: str) -> str:
    r"""The text with a backslash before every mark: `*` is an asterisk, `<` no tag, an address no link."""
    return _PUNCTUATION.sub(r"\\\1", text)


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M}"
