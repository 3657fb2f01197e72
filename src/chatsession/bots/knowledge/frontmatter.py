"""The lines between two `---` at the top of a page: `key: value`, one a line."""

import re

FENCE = re.compile(r"\A---[ \t]*\r?\n(?P<head>.*?)(?:^(?:---|\.\.\.)[ \t]*\r?$\n?)", re.DOTALL | re.MULTILINE)
FIELD = re.compile(r"^(?P<key>[A-Za-z][\w-]*)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*\r?$", re.MULTILINE)


def split(text: str) -> tuple[dict[str, str], str]:
    """The fields of the front matter by lower-case key, and the page below it."""
    fence = FENCE.match(text)
    if fence is None:
        return {}, text
    fields = {field["key"].lower(): _unquoted(field["value"]) for field in FIELD.finditer(fence["head"])}
    return fields, text[fence.end() :]


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
