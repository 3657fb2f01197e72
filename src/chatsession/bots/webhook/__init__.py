"""Your own server as a bot: asked by signed HTTP, answering with JSON or a stream of events."""

from chatsession.bots.webhook.bot import WebhookBot
from chatsession.bots.webhook.options import WebhookOptions

__all__ = ["WebhookBot", "WebhookOptions"]
