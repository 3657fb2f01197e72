"""Table `[inboxes.NAME.widget.theme]`: colours in which everything can be read (WCAG 2.2, 1.4.3), a radius, a font."""

import re
from typing import Any, get_args

import msgspec

from chatsession.settings.table import Table
from chatsession.widget import DARK, LIGHT, Colours, Theme

CONTRAST_MIN = 4.5
RADIUS_MAX = 32
FONT_CHARS_MAX = 200
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
FONT = re.compile(r"""(?:[\w -]+|"[\w -]+"|'[\w -]+')(?:, *(?:[\w -]+|"[\w -]+"|'[\w -]+'))*""")
SCHEMES = get_args(Theme.__annotations__["scheme"])
WRITTEN_ON = (
    ("on_primary", "primary"),
    ("text", "surface"),
    ("muted", "surface"),
    ("danger", "surface"),
    ("on_me", "me"),
    ("text", "them"),
)
"""Which colour is written on which."""
FOLLOWS = {"on_primary": "primary", "on_me": "me"}
"""Colours that are black or white, whichever can be read, where their ground alone is given."""
ACCENT = {"me": "primary", "on_me": "on_primary"}
"""The visitor's own bubbles have the accent, where it is given and they are not."""
BLACK, WHITE = "#000000", "#ffffff"


def theme_of(widget: Table) -> Theme:
    """Read the theme; colours that stand beside the schemes are meant for both."""
    names = Colours.__struct_fields__
    table = Table(widget.values.get("theme", {}), (*widget.path, "theme"), (*Theme.__struct_fields__, *names))
    both = {name: table.values[name] for name in names if name in table.values}
    return Theme(
        scheme=table.choice("scheme", "auto", SCHEMES),
        light=_colours(table, "light", both, LIGHT),
        dark=_colours(table, "dark", both, DARK),
        radius=table.count("radius", Theme().radius, most=RADIUS_MAX),
        font=_font(table),
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _colours(theme: Table, scheme: str, both: dict[str, Any], default: Colours) -> Colours:
    own = Table(theme.values.get(scheme, {}), (*theme.path, scheme), Colours.__struct_fields__)
    given = {name: _colour(theme, name) for name in both} | {name: _colour(own, name) for name in own.values}
    for name, ground in FOLLOWS.items():
        if ground in given and name not in given:
            given[name] = max((BLACK, WHITE), key=lambda ink, on=given[ground]: contrast(ink, on))
    follow = {name: given[accent] for name, accent in ACCENT.items() if accent in given and "me" not in given}
    drawn = msgspec.structs.replace(default, **(follow | given))
    for ink, ground in WRITTEN_ON:
        _check_contrast(theme, own, scheme, drawn, ink, ground)
    return Colours(**given)


def _colour(table: Table, name: str) -> str:
    colour = table.text(name, "")
    if not COLOUR.fullmatch(colour):
        raise table.wrong(name, f'must be a colour such as "#1f4fd8", not "{colour}"')
    short = colour[1:]
    return f"#{''.join(2 * digit for digit in short)}".lower() if len(short) == len("rgb") else colour.lower()


def _check_contrast(  # noqa: PLR0913  two colours, and where each was written
    theme: Table, own: Table, scheme: str, colours: Colours, ink: str, ground: str
) -> None:
    ratio = contrast(getattr(colours, ink), getattr(colours, ground))
    if ratio >= CONTRAST_MIN:
        return
    # Whichever of the two was chosen is named, the nearer table first; with neither, the defaults would be wrong.
    names = (ink, ground, ACCENT.get(ground, ground))
    table, name = next((table, name) for table in (own, theme) for name in names if name in table.values)
    raise table.wrong(
        name,
        f"{ink} {getattr(colours, ink)} on {ground} {getattr(colours, ground)} has a contrast of {ratio:.1f} in the"
        f" {scheme} scheme; {CONTRAST_MIN} is needed to be read",
    )


def _luminance(colour: str) -> float:
    """The relative luminance of a colour, as WCAG defines it."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  WCAG's


def _font(table: Table) -> str | None:
    font = table.text("font", None)
    if font is not None and not (len(font) <= FONT_CHARS_MAX and FONT.fullmatch(font)):
        raise table.wrong("font", """must be names of font families, such as "Inter, 'Segoe UI', sans-serif\"""")
    return font
