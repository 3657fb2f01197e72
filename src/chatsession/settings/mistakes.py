"""A mistake in the settings: where it is, what is wrong, and the nearest right word."""

import difflib
from collections.abc import Iterable, Sequence

INVALID = "invalid_settings"


class SettingsError(Exception):
    """The settings cannot be used; `str` is one sentence that begins with the file and the line."""

    code = INVALID

    def __init__(self, place: str, key: str, detail: str, nearest: str | None = None) -> None:
        named = f"{key}: {detail}" if key else detail
        super().__init__(f"{place}: {named}" + (f'; did you mean "{nearest}"?' if nearest else ""))
        self.place = place
        self.key = key
        self.detail = detail
        self.nearest = nearest


class WrongKeyError(Exception):
    """A key or its value is wrong; whoever knows where the key was written makes a SettingsError of it."""

    def __init__(self, path: Sequence[str], detail: str, nearest: str | None = None) -> None:
        super().__init__(detail)
        self.path = tuple(path)
        self.detail = detail
        self.nearest = nearest


def no_such_key(path: Sequence[str], known: Iterable[str]) -> WrongKeyError:
    """The key is not one of those that exist here."""
    return WrongKeyError(path, "there is no such key", nearest(path[-1], known))


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that looks most like the word, if one does at all."""
    found = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.5)
    return found[0] if found else None
