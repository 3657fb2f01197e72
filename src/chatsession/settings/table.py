"""One table of the settings: its keys are checked, its values come out as what they are meant to be."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from chatsession.core import durations
from chatsession.settings.mistakes import WrongKeyError, nearest, no_such_key

Default = TypeVar("Default")
ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
SECRETS = ("api_key", "secrets", "identity_secrets")
"""What people may try to write down in plain; each is read from the variable that `…_from` names."""


class Table:
    """A table at a path; every getter takes the default for a key that is not there."""

    def __init__(self, value: Any, path: tuple[str, ...], known: Iterable[str] | None = None) -> None:
        """`known` are the keys there are; None takes any."""
        self.path = path
        if not isinstance(value, dict):
            raise WrongKeyError(path, f"must be a table, [{'.'.join(path)}]")
        self.values = cast("dict[str, Any]", value)
        known = tuple(self.values if known is None else known)
        for key in self.values:
            if key in SECRETS and f"{key}_from" in known:
                raise self.wrong(key, f'secrets do not belong in a file; write {key}_from = "NAME_OF_A_VARIABLE"')
            if key not in known:
                raise no_such_key((*path, key), known)

    def wrong(self, key: str, detail: str, nearest: str | None = None) -> WrongKeyError:
        """A mistake in the value of a key."""
        return WrongKeyError((*self.path, key), detail, nearest)

    def text(self, key: str, default: Default) -> str | Default:
        """Text."""
        return self._typed(key, default, str, "text in quotes")

    def needed_text(self, key: str, example: str) -> str:
        """Text that has no default."""
        value = self.text(key, None)
        if not value:
            raise WrongKeyError(self.path, f'"{key}" is missing; write {key} = "{example}"')
        return value

    def truth(self, key: str, default: bool) -> bool:
        """True or false."""
        return self._typed(key, default, bool, "true or false")

    def count(self, key: str, default: Default, *, least: int = 0, most: int | None = None) -> int | Default:
        """A whole number within bounds."""
        value = self._typed(key, default, int, "a whole number")
        if key in self.values and isinstance(value, int) and not least <= value <= (most or value):
            raise self.wrong(key, f"must be from {least} to {most}" if most else f"must be at least {least}")
        return value

    def counts(self, key: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """A list of whole numbers."""
        numbers: list[Any] = self._typed(key, list(default), list, "a list of whole numbers")
        if not all(isinstance(each, int) and not isinstance(each, bool) for each in numbers):
            raise self.wrong(key, f"must be a list of whole numbers, not {_shown(numbers)}")
        return tuple(numbers)

    def number(self, key: str, default: Default, *, least: float = 0.0) -> float | Default:
        """A number that is not too small."""
        value = self._typed(key, default, (int, float), "a number")
        if key not in self.values or not isinstance(value, int | float):
            return value
        if value < least:
            raise self.wrong(key, f"must be at least {least}")
        return float(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone counts as a list of one."""
        value = self.values.get(key, [])
        texts: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
        if not all(isinstance(each, str) for each in texts):
            raise self.wrong(key, f'must be a list of texts such as ["one", "two"], not {_shown(value)}')
        return tuple(texts)

    def table(self, key: str) -> dict[str, Any]:
        """The values of a table within this one."""
        return Table(self.values.get(key, {}), (*self.path, key)).values

    def choice(self, key: str, default: str, choices: Iterable[str]) -> Any:
        """One of the words there are."""
        value = self.text(key, default)
        choices = tuple(choices)
        if value not in choices:
            names = ", ".join(f'"{word}"' for word in choices)
            raise self.wrong(key, f'must be one of {names}, not "{value}"', nearest(value, choices))
        return value

    def length(self, key: str, default: timedelta) -> timedelta:
        """A duration that is not off."""
        text = self._typed(key, durations.render(default), str, 'a duration in quotes such as "15m"')
        try:
            value = durations.parse(text)
        except durations.DurationError as error:
            raise self.wrong(key, str(error)) from None
        if value is None:
            raise self.wrong(key, 'cannot be "off"')
        return value

    def folder(self, key: str, default: Path, base: Path) -> Path:
        """A path; a relative one counts from the settings file."""
        return base / Path(str(self.text(key, str(default)))).expanduser()

    def secrets(self, key: str, environment: Mapping[str, str], *, chars_min: int) -> tuple[str, ...]:
        """The values of the environment variables that a key names."""
        return tuple(self._secret(key, name, environment, chars_min) for name in self.texts(key))

    def _secret(self, key: str, name: str, environment: Mapping[str, str], chars_min: int) -> str:
        if not ENVIRONMENT_NAME.fullmatch(name):
            # The text may be the secret itself: it is not shown.
            raise self.wrong(key, "must be the name of an environment variable, not the secret itself")
        value = environment.get(name, "")
        if not value:
            raise self.wrong(key, f"the environment variable {name} is not set")
        if len(value) < chars_min:
            raise self.wrong(key, f"the secret in {name} is shorter than {chars_min} characters and could be guessed")
        return value

    def _typed(self, key: str, default: Any, kind: Any, wanted: str) -> Any:
        if key not in self.values:
            return default
        value = self.values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong(key, f"must be {wanted}, not {_shown(value)}")
        return value


def _shown(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "a table"
        case str():
            return f'"{value}"'
        case _:
            return repr(value)
