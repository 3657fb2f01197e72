"""Text on lines that are as wide as the terminal, broken between words."""

import re

from prompt_toolkit.utils import get_cwidth

PIECES = re.compile(r"\n|[^\S\n]+|\S+")


def wrapped(text: str, columns: int, at: int = 0) -> str:
    """The text with a line break in place of the space before each word that has no room; its line begins at `at`."""
    lines: list[str] = []
    line, column, gap = "", at, ""
    for piece in PIECES.findall(text):
        if piece == "\n":
            lines.append(line)
            line, column, gap = "", 0, ""
        elif piece.isspace():
            gap = piece
        else:
            # A word that has no room on any line is left to the terminal.
            if column and column + get_cwidth(gap + piece) > columns:
                lines.append(line)
                line, column, gap = "", 0, ""
            line += gap + piece
            column += get_cwidth(gap + piece)
            gap = ""
    return "\n".join([*lines, line])
