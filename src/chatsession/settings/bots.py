"""Table `[inboxes.NAME.bot]`: which kind of bot, and what this kind is told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from chatsession.settings.mistakes import WrongKeyError
from chatsession.settings.shape import (
    BotSettings,
    EchoBotSettings,
    FunctionBotSettings,
    KnowledgeBotSettings,
    OpenAIBotSettings,
    WebhookBotSettings,
)
from chatsession.settings.table import Table

KINDS: dict[str, tuple[str, ...]] = {
    "echo": (),
    "function": ("target",),
    "knowledge": ("folder",),
    "openai": ("base_url", "model", "api_key_from", "instructions", "temperature", "tokens_max"),
    "webhook": ("url", "secret_from"),
}
"""The kinds of bots, and what each is told."""
WEBHOOK_SECRET_CHARS_MIN = 32


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
            return _webhook(table, environment)


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
    )


def _webhook(table: Table, environment: Mapping[str, str]) -> WebhookBotSettings:
    secrets = table.secrets("secret_from", environment, chars_min=WEBHOOK_SECRET_CHARS_MIN)
    if not secrets:
        raise WrongKeyError(table.path, '"secret_from" is missing; it names the variable that holds the secret')
    return WebhookBotSettings(url=_address(table, "url", "https://example.com/bot"), secret=secrets[0])


def _address(table: Table, key: str, example: str) -> str:
    address = table.needed_text(key, example)
    if not address.startswith(("http://", "https://")):
        raise table.wrong(key, f'must begin with http:// or https://, such as "{example}"')
    return address
