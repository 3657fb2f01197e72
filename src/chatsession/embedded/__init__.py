"""Sessions inside your own program: the same rules, store and bots, without a server."""

from chatsession.embedded.answering import NoReplyError, Reply
from chatsession.embedded.session import ChatSession
from chatsession.embedded.sessions import ChatSessions

__all__ = ["ChatSession", "ChatSessions", "NoReplyError", "Reply"]
