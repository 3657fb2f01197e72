"""What a server is told in `chatsession.toml` and its environment; every mistake is named where it is."""

from chatsession.settings.mistakes import SettingsError
from chatsession.settings.reading import read_settings, settings_of
from chatsession.settings.shape import (
    BotSettings,
    EchoBotSettings,
    FunctionBotSettings,
    InboxSettings,
    KnowledgeBotSettings,
    OpenAIBotSettings,
    PriceSettings,
    ServerSettings,
    Settings,
    WebhookBotSettings,
)

__all__ = [
    "BotSettings",
    "EchoBotSettings",
    "FunctionBotSettings",
    "InboxSettings",
    "KnowledgeBotSettings",
    "OpenAIBotSettings",
    "PriceSettings",
    "ServerSettings",
    "Settings",
    "SettingsError",
    "WebhookBotSettings",
    "read_settings",
    "settings_of",
]
