"""Any model behind an OpenAI-compatible endpoint as a bot, with tools of your own."""

from chatsession.bots.openai.bot import OpenAIBot
from chatsession.bots.openai.options import OpenAIOptions
from chatsession.bots.openai.prices import Price
from chatsession.bots.openai.tools import Tool, ToolError, ask_for_person

__all__ = ["OpenAIBot", "OpenAIOptions", "Price", "Tool", "ToolError", "ask_for_person"]
