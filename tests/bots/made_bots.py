"""Bots of each kind, as these tests make them: they ask the upstream for one scenario."""

from chatsession.bots.openai import OpenAIBot, OpenAIOptions
from chatsession.bots.webhook import WebhookBot, WebhookOptions

KEY = "sk-a-secret-of-the-shop"
SECRET = "a-secret-of-the-shop-and-the-bot"
QUICK = {"silence_seconds": 10.0, "connect_seconds": 10.0}


def openai_bot(upstream, scenario: str, *tools, **more) -> OpenAIBot:
    """One that asks a model which behaves like this."""
    options = {"api_key": KEY, "tools": tools, **QUICK, **more}
    return OpenAIBot(OpenAIOptions(base_url=upstream.model(scenario), model="small", **options))


def webhook_bot(upstream, scenario: str, *, at=None, resolve=None, **more) -> WebhookBot:
    """One that asks a webhook which behaves like this, on this machine or under a name that leads there."""
    options = WebhookOptions(**{"url": upstream.hook(scenario, at), "secrets": (SECRET,), **more})
    return WebhookBot(options) if resolve is None else WebhookBot(options, resolve=resolve)
