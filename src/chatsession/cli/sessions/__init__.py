"""`chatsession sessions`: list them, read one as a story, export them."""

from chatsession.cli.sessions.command import sessions

__all__ = ["sessions"]
