"""Table `[inboxes.NAME.bot]`: which kind of bot, and what this kind is told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_args

from chatsession.settings.mistakes import WrongKeyError
from chatsession.settings.shape import (
    BotSettings,
    EchoBotSettings,
    FunctionBotSettings,
    KnowledgeBotSettings,
    OpenAIBotSettings,
    PriceSettings,
    WebhookBotSettings,
)
from chatsession.settings.table import Table

KINDS: dict[str, tuple[str, ...]] = {
    "echo": (),
    "function": ("target",),
    "knowledge": ("folder",),
    "openai": (
        "base_url",
        "model",
        "api_key_from",
        "instructions",
        "temperature",
        "tokens_max",
        "tokens_field",
        "price",
        "offers_person",
    ),
    "webhook": ("url", "secrets_from", "release", "signed_answers", "allow_private", "ports", "ca_file"),
}
"""The kinds of bots, and what each is told."""
WEBHOOK_SECRET_CHARS_MIN = 32
WEBHOOK_PORTS = (443, 8443)
SECRETS_MAX = 2
PRICES = ("input", "output", "cached_input")
TOKENS_FIELDS = get_args(OpenAIBotSettings.__annotations__["tokens_field"])


def bot_of(value: Any, path: tuple[str, ...], base: Path, environment: Mapping[str, str]) -> BotSettings:
    """Read a bot's table; raise WrongKeyError for the first mistake."""
    if not isinstance(value, dict):
        raise WrongKeyError(path, 'must be a table such as { kind = "echo" }')
    kind = Table({"kind": cast("dict[str, Any]", value).get("kind", "")}, path, ("kind",)).choice("kind", "", KINDS)
    table = Table(value, path, ("kind", *KINDS[kind]))
    match kind:
        case "echo":
            return EchoBotSettings()
        case "function":
            return FunctionBotSettings(target=_target(table, base))
        case "knowledge":
            table.needed_text("folder", "docs")
            return KnowledgeBotSettings(folder=table.folder("folder", Path(), base))
        case "openai":
            return _openai(table, environment)
        case _:
            return _webhook(table, base, environment)


def _target(table: Table, base: Path) -> str:
    target = table.needed_text("target", "bot.py:bot")
    place, colon, name = target.rpartition(":")
    if not (colon and place and name.isidentifier()):
        raise table.wrong("target", f'must name a file and what is in it, such as "bot.py:bot", not "{target}"')
    return f"{base / place}:{name}" if place.endswith(".py") else target


def _openai(table: Table, environment: Mapping[str, str]) -> OpenAIBotSettings:
    keys = table.secrets("api_key_from", environment, chars_min=1)
    return OpenAIBotSettings(
        base_url=_address(table, "base_url", "http://127.0.0.1:11434/v1"),
        model=table.needed_text("model", "llama3.2"),
        api_key=keys[0] if keys else None,
        instructions=table.text("instructions", None),
        temperature=table.number("temperature", None),
        tokens_max=table.count("tokens_max", None, least=1),
        tokens_field=table.choice("tokens_field", TOKENS_FIELDS[0], TOKENS_FIELDS),
        price=_price(table),
        offers_person=table.truth("offers_person", default=False),
    )


def _price(table: Table) -> PriceSettings | None:
    if "price" not in table.values:
        return None
    price = Table(table.values["price"], (*table.path, "price"), PRICES)
    for name in PRICES[:2]:
        if name not in price.values:
            raise table.wrong("price", f'"{name}" is missing; write it in US dollars for a million tokens')
    return PriceSettings(
        input=price.number("input", 0.0),
        output=price.number("output", 0.0),
        cached_input=price.number("cached_input", None),
    )


def _webhook(table: Table, base: Path, environment: Mapping[str, str]) -> WebhookBotSettings:
    secrets = table.secrets("secrets_from", environment, chars_min=WEBHOOK_SECRET_CHARS_MIN)
    if not 1 <= len(secrets) <= SECRETS_MAX:
        detail = '"secrets_from" must name the variable of the secret, or two while one replaces the other'
        raise WrongKeyError((*table.path, "secrets_from"), detail)
    return WebhookBotSettings(
        url=_address(table, "url", "https://example.com/bot"),
        secrets=secrets,
        release=table.text("release", None),
        signed_answers=table.truth("signed_answers", default=False),
        allow_private=table.truth("allow_private", default=False),
        ports=table.counts("ports", WEBHOOK_PORTS),
        ca_file=table.folder("ca_file", base, base) if "ca_file" in table.values else None,
    )


def _address(table: Table, key: str, example: str) -> str:
    address = table.needed_text(key, example)
    if not address.startswith(("http://", "https://")):
        raise table.wrong(key, f'must begin with http:// or https://, such as "{example}"')
    return address
