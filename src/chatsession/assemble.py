"""The only place that chooses implementations: which store, which bus, which clock, which bot."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chatsession.bot import Bot
from chatsession.bots.echo import EchoBot
from chatsession.bots.loading import BotNotUsableError, bot_at
from chatsession.buses.local import LocalBus
from chatsession.clock import Clock
from chatsession.clocks.system import SystemClock
from chatsession.files import Files
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.ids import RandomBytes
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.service import Service
from chatsession.settings import (
    BotSettings,
    EchoBotSettings,
    FunctionBotSettings,
    InboxSettings,
    KnowledgeBotSettings,
    OpenAIBotSettings,
    PriceSettings,
    Settings,
    WebhookBotSettings,
)
from chatsession.store import Store
from chatsession.stores.disk import DiskFiles
from chatsession.stores.memory import MemoryStore
from chatsession.stores.sqlite import SqliteStore

if TYPE_CHECKING:
    from chatsession.bots.openai import Price

MICRO = 1_000_000


def store_at(path: Path | str | None) -> Store:
    """The store in this file; without a path, one in memory that ends with the process."""
    return MemoryStore() if path is None else SqliteStore(path)


async def clock_for(store: Store) -> SystemClock:
    """The system's clock, never behind what the open store already holds."""
    return SystemClock(not_before=await store.last_instant())


def make_service(  # noqa: PLR0913  what is chosen from outside
    *,
    store: Store,
    bots: Mapping[str, Bot],
    inboxes: Mapping[str, Inbox],
    clock: Clock,
    files: Files | None = None,
    config: RuntimeConfig | None = None,
    random: RandomBytes = secrets.token_bytes,
) -> Service:
    """The service over these parts, its news carried within this process."""
    return Service(
        store=store,
        bus=LocalBus(),
        bots=bots,
        clock=clock,
        inboxes=inboxes,
        files=files,
        config=config,
        random=random,
    )


def files_at(folder: Path) -> Files:
    """The place for files in this folder, which it makes when it is opened."""
    return DiskFiles(folder)


def service_of(settings: Settings, store: Store, clock: Clock, files: Files | None = None) -> Service:
    """The service that the settings describe, over an open store; without a place for files none are taken."""
    return make_service(
        store=store,
        bots={name: _bot_of(name, inbox.bot) for name, inbox in settings.inboxes.items() if inbox.bot is not None},
        inboxes={name: make_inbox(inbox) for name, inbox in settings.inboxes.items()},
        clock=clock,
        files=files,
        config=RuntimeConfig(
            messages_per_second=settings.server.messages_per_second,
            messages_burst=settings.server.messages_burst,
            drain_grace=settings.server.turn_grace,
        ),
    )


def _bot_of(inbox: str, settings: BotSettings) -> Bot:
    try:
        return make_bot(settings)
    except BotNotUsableError as error:
        raise BotNotUsableError(f"inboxes.{inbox}.bot: {error}") from error


def make_inbox(settings: InboxSettings) -> Inbox:
    """An inbox as it is configured."""
    return Inbox(
        name=settings.name,
        title=settings.title,
        policy=settings.policy,
        origins=settings.origins,
        identity_secrets=settings.identity_secrets,
        require_identity=settings.require_identity,
        widget=settings.widget,
    )


def make_bot(settings: BotSettings) -> Bot:
    """A bot of the kind that is configured; raise BotNotUsableError where it cannot be had."""
    try:
        return _bot(settings)
    except ValueError as error:
        raise BotNotUsableError(str(error)) from error


def _bot(settings: BotSettings) -> Bot:
    match settings:
        case EchoBotSettings():
            return EchoBot()
        case FunctionBotSettings(target=target):
            return bot_at(target)
        case KnowledgeBotSettings():
            return _knowledge(settings)
        case OpenAIBotSettings():
            return _openai(settings)
        case WebhookBotSettings():
            return _webhook(settings)


# A kind of bot loads its libraries when there is one: a program with a function of its own needs none of them.


def _knowledge(settings: KnowledgeBotSettings) -> Bot:
    from chatsession.bots.knowledge import KnowledgeBot  # noqa: PLC0415  loaded only where there is such a bot

    if not settings.folder.is_dir():
        raise BotNotUsableError(f"there is no folder {settings.folder} for the knowledge bot to read")
    return KnowledgeBot(settings.folder)


def _openai(settings: OpenAIBotSettings) -> Bot:
    from chatsession.bots.openai import OpenAIBot, OpenAIOptions, ask_for_person  # noqa: PLC0415  loaded only where there is such a bot

    options = OpenAIOptions(
        base_url=settings.base_url,
        model=settings.model,
        api_key=settings.api_key,
        temperature=settings.temperature,
        tokens_max=settings.tokens_max,
        tokens_field=settings.tokens_field,
        tools=(ask_for_person,) if settings.offers_person else (),
        prices={} if settings.price is None else {settings.model: _price(settings.price)},
    )
    return OpenAIBot(options if settings.instructions is None else replace(options, instructions=settings.instructions))


def _price(settings: PriceSettings) -> "Price":
    from chatsession.bots.openai import Price  # noqa: PLC0415  loaded only where there is such a bot

    cached = settings.cached_input
    return Price(
        input_microusd=round(settings.input * MICRO),
        output_microusd=round(settings.output * MICRO),
        cached_input_microusd=None if cached is None else round(cached * MICRO),
    )


def _webhook(settings: WebhookBotSettings) -> Bot:
    from chatsession.bots.webhook import WebhookBot, WebhookOptions  # noqa: PLC0415  loaded only where there is such a bot

    options = WebhookOptions(
        url=settings.url,
        secrets=settings.secrets,
        release=settings.release,
        signed_answers=settings.signed_answers,
        allow_private=settings.allow_private,
        ports=settings.ports,
        ca_file=None if settings.ca_file is None else str(settings.ca_file),
    )
    return WebhookBot(options)
