"""`chatsession chat`: a visitor in the terminal."""

from chatsession.cli.chat.command import chat

__all__ = ["chat"]
