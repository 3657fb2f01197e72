"""Everything that can be set, with its default. What a policy's knobs are is the policy's own matter."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

import msgspec

from chatsession.core.policy import Policy
from chatsession.widget import Widget


class ServerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Table `[server]`: where it listens, where its data is, whom it believes."""

    host: str = "127.0.0.1"
    port: int = 8080
    data: Path = Path("data")
    """The folder of the data; a relative one counts from the settings file."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose `X-Forwarded-*` headers are believed."""
    hosts: tuple[str, ...] = ()
    """Names under which the server may be addressed; none means any."""
    metrics: Literal["local", "key", "off"] = "local"
    """Who may read /metrics."""
    messages_per_second: float = 10.0
    messages_burst: int = 30
    turn_grace: timedelta = timedelta(seconds=10)
    """What running answers get when the server is stopped."""


class EchoBotSettings(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="echo"):
    """A bot that says what it hears."""


class FunctionBotSettings(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="function"):
    """Your own async function: `bot.py:bot`, or `package.module:bot`."""

    target: str


class KnowledgeBotSettings(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="knowledge"):
    """Answers from a folder of Markdown, with its sources."""

    folder: Path


class PriceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the model's tokens cost, in US dollars for a million."""

    input: float
    output: float
    cached_input: float | None = None


class OpenAIBotSettings(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="openai"):
    """Any OpenAI-compatible endpoint, hosted or local."""

    base_url: str
    model: str
    api_key: str | None = None
    instructions: str | None = None
    temperature: float | None = None
    tokens_max: int | None = None
    tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    price: PriceSettings | None = None
    offers_person: bool = False
    """Whether the model may ask for a person by itself: it must know how to call tools."""

    def __repr__(self) -> str:
        return f"OpenAIBotSettings(base_url={self.base_url!r}, model={self.model!r}, …)"


class WebhookBotSettings(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="webhook"):
    """Your own server, asked by signed HTTP."""

    url: str
    secrets: tuple[str, ...]
    """One, or two while one replaces the other."""
    release: str | None = None
    signed_answers: bool = False
    allow_private: bool = False
    ports: tuple[int, ...] = (443, 8443)
    ca_file: Path | None = None

    def __repr__(self) -> str:
        return f"WebhookBotSettings(url={self.url!r}, …)"


BotSettings = EchoBotSettings | FunctionBotSettings | KnowledgeBotSettings | OpenAIBotSettings | WebhookBotSettings


class InboxSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Table `[inboxes.NAME]`: a policy, who may use it from a browser, who signs identities, and its bot."""

    name: str
    title: str = ""
    policy: Policy = Policy()
    origins: tuple[str, ...] = ()
    identity_secrets: tuple[str, ...] = ()
    require_identity: bool = False
    bot: BotSettings | None = None
    widget: Widget = Widget()

    def __repr__(self) -> str:
        return f"InboxSettings(name={self.name!r}, …)"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a server is told."""

    server: ServerSettings = ServerSettings()
    inboxes: dict[str, InboxSettings] = {}
