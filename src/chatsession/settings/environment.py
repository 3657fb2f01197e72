"""Settings from the environment: `CHATSESSION_SERVER__PORT=9000` is `port` in `[server]`, and goes before the file.

Two underscores stand between the parts. Names with fewer are not ours: for a service called chatsession, Kubernetes
itself sets CHATSESSION_PORT and the like.
"""

import tomllib
from collections.abc import Mapping
from typing import Any, cast

PREFIX = "CHATSESSION_"
BETWEEN = "__"

Path = tuple[str, ...]


def overrides(environment: Mapping[str, str], document: dict[str, Any]) -> tuple[dict[str, Any], dict[Path, str]]:
    """The document with the environment's values in it, and which variable each of them came from."""
    merged = document
    names: dict[Path, str] = {}
    for name in sorted(environment):
        if name.startswith(PREFIX) and BETWEEN in name:
            path = _path(name, merged)
            merged = _with(merged, path, _value(environment[name]))
            names[path] = name
    return merged, names


def _path(name: str, document: Any) -> Path:
    """The key a variable means: letters' case and hyphens cannot be written in its name, so the document decides."""
    path: list[str] = []
    here = document
    for part in name.removeprefix(PREFIX).lower().split(BETWEEN):
        table = cast("dict[str, Any]", here) if isinstance(here, dict) else {}
        key = next((key for key in table if key.lower().replace("-", "_") == part), part)
        path.append(key)
        here = table.get(key)
    return tuple(path)


def _value(text: str) -> Any:
    """The value as TOML would read it; what is no TOML, such as 15m, is text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _with(table: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    if len(path) == 1:
        return {**table, path[0]: value}
    inner = table.get(path[0])
    inner = cast("dict[str, Any]", inner) if isinstance(inner, dict) else {}
    return {**table, path[0]: _with(inner, path[1:], value)}
