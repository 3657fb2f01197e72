"""chatsession: the session layer for chatbots and live chat.

What a program needs to run sessions by itself is here; a server of its own needs nothing of it.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatsession.bot import Bot, ContextSet, Delta, Finished, Span, TurnInput
    from chatsession.core.events import Source, Usage
    from chatsession.core.policy import PRESETS, KeyRule, Limits, Policy, Texts
    from chatsession.embedded import ChatSession, ChatSessions, Reply
    from chatsession.runtime.refused import RefusedError

_HOMES = {
    "Bot": "chatsession.bot",
    "ChatSession": "chatsession.embedded",
    "ChatSessions": "chatsession.embedded",
    "ContextSet": "chatsession.bot",
    "Delta": "chatsession.bot",
    "Finished": "chatsession.bot",
    "KeyRule": "chatsession.core.policy",
    "Limits": "chatsession.core.policy",
    "PRESETS": "chatsession.core.policy",
    "Policy": "chatsession.core.policy",
    "RefusedError": "chatsession.runtime.refused",
    "Reply": "chatsession.embedded",
    "Source": "chatsession.core.events",
    "Span": "chatsession.bot",
    "Texts": "chatsession.core.policy",
    "TurnInput": "chatsession.bot",
    "Usage": "chatsession.core.events",
}

__all__ = [
    "PRESETS",
    "Bot",
    "ChatSession",
    "ChatSessions",
    "ContextSet",
    "Delta",
    "Finished",
    "KeyRule",
    "Limits",
    "Policy",
    "RefusedError",
    "Reply",
    "Source",
    "Span",
    "Texts",
    "TurnInput",
    "Usage",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: the rules alone must not load a store."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return __all__
