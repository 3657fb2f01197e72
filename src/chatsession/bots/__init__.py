"""Makers of the bot contract: your function, an echo, a folder of documents, a model's endpoint, a signed webhook."""
