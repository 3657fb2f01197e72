"""The knowledge bot: answers from a folder of Markdown pages, quoting them; no model, no network."""

from chatsession.bots.knowledge.bot import KnowledgeBot

__all__ = ["KnowledgeBot"]
