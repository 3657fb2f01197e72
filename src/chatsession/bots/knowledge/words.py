"""What the people of one site call things: the file `words.toml` beside its pages."""

import msgspec

NAME = "words.toml"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that stand for each other, and words for what others are a kind of."""

    same: tuple[str, ...] = ()
    """Groups of phrases, comma between them, that may stand for each other."""
    places: dict[str, str] = {}
    """For a country its towns: what is sent to a town is sent to its country."""
    pages: dict[str, str] = {}
    """For the path of a page of the site what it shows: written there, "it" is that."""
    broader: dict[str, str] = {}
    """For wider words ("item, piece") the narrower ones ("jumper, hat"): what holds for an item holds for a hat."""


def read_words(data: bytes) -> Words:
    """The words of a file; ValueError says what is wrong with it."""
    return msgspec.toml.decode(data, type=Words)
