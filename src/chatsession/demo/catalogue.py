"""What the shop sells."""

from importlib.resources import files

import msgspec


class Product(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One piece, as its page shows it."""

    slug: str
    name: str
    line: str
    colour: str
    claim: str
    euros: int
    sizes: tuple[str, ...]
    looks: str
    text: str
    see: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every piece, in the order in which they are shown."""

    products: tuple[Product, ...]


def read_catalogue() -> dict[str, Product]:
    """Every piece by its name in addresses."""
    text = (files("chatsession.demo") / "catalogue.toml").read_bytes()
    return {product.slug: product for product in msgspec.toml.decode(text, type=Catalogue).products}
