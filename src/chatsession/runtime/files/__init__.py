"""Files that visitors and the service send each other: checked when they arrive, seen by who may see the session."""

from chatsession.runtime.files.exchange import FileExchange

__all__ = ["FileExchange"]
