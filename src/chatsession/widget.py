"""What an inbox says about its widget: everything a page needs to draw it, and what visitors may do with it."""

from typing import Literal

import msgspec

from chatsession.core.words import CloseReason

Texts = dict[str, str]
"""A text for each language, by its tag ("de", "pt-BR")."""
FileType = Literal[
    "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain", "text/csv"
]  # fmt: skip
"""The kinds of files whose content can be told from their first bytes, or is plain text."""

KIB = 1024
FILE_BYTES_MAX = 10 * KIB * KIB


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a widget's configuration."""


class Consent(Part, frozen=True, kw_only=True):
    """What a visitor is told and agrees to before the first message."""

    text: str
    link: str | None = None


class RatingAsk(Part, frozen=True, kw_only=True):
    """After which ends of a chat the visitor is asked how it was, and whether for a comment too."""

    ask_on: tuple[CloseReason, ...] = ("visitor", "agent", "resolved")
    comment: bool = True


class FilesAllowed(Part, frozen=True, kw_only=True):
    """Which files may be sent, how large each, and how many in one session."""

    types: tuple[FileType, ...] = ("image/png", "image/jpeg", "image/webp", "application/pdf")
    bytes_max: int = 5 * KIB * KIB
    per_session_max: int = 20


class Colours(Part, frozen=True, kw_only=True):
    """The colours an inbox chose; what it did not choose is the page's choice, else the widget's own."""

    primary: str | None = None
    on_primary: str | None = None
    surface: str | None = None
    text: str | None = None
    muted: str | None = None
    line: str | None = None
    me: str | None = None
    on_me: str | None = None
    them: str | None = None
    danger: str | None = None


LIGHT = Colours(
    primary="#1f4fd8",
    on_primary="#ffffff",
    surface="#ffffff",
    text="#1a1d24",
    muted="#5b6472",
    line="#d9dde4",
    me="#1f4fd8",
    on_me="#ffffff",
    them="#f0f2f5",
    danger="#b3261e",
)
DARK = Colours(
    primary="#8fb0ff",
    on_primary="#0c1430",
    surface="#15181e",
    text="#eceff4",
    muted="#a4adbb",
    line="#343b47",
    me="#2f4ea8",
    on_me="#ffffff",
    them="#232831",
    danger="#ff8a80",
)
"""The widget's own colours, as its style sheet has them; what is written on a colour can be read."""


class Theme(Part, frozen=True, kw_only=True):
    """How the widget looks; `scheme` auto follows the visitor's system."""

    scheme: Literal["auto", "light", "dark"] = "auto"
    light: Colours = Colours()
    dark: Colours = Colours()
    radius: int = 14
    """Of corners, in pixels."""
    font: str | None = None
    """A list of font families; none is the page's own."""


class Widget(Part, frozen=True, kw_only=True):
    """The widget of one inbox. Without a change nothing is asked, and no file is taken."""

    bot_name: str | None = None
    launcher_label: str | None = None
    privacy_link: str | None = None
    consent: Consent | None = None
    starters: tuple[str, ...] = ()
    """What a visitor may begin with, offered while nothing was said yet."""
    rating: RatingAsk | None = RatingAsk()
    files: FilesAllowed | None = None
    theme: Theme = Theme()
    texts: dict[str, Texts] = {}
    """By language, the texts that are worded otherwise than in the widget itself."""
    remember: dict[str, Texts] = {}
    """The context keys a visitor may see and make us forget, each with its label by language."""
