"""I14: every cache, queue and text has a named limit, and keeps it."""

from collections.abc import Iterator

from chatsession.core import limits
from chatsession.core.session import Session
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.service import Service


def passed(service: Service, config: RuntimeConfig) -> Iterator[str]:
    """Every limit that a process at rest has passed."""
    if len(service.lanes) > config.sessions_cached_max:
        yield f"{len(service.lanes)} sessions at hand, and the limit is {config.sessions_cached_max}"


def outgrown(state: Session) -> Iterator[str]:
    """Every limit that a session has passed."""
    scopes = (state.context, state.visitor_context, *(thread.context for thread in state.threads.values()))
    if max(map(len, scopes)) > limits.CONTEXT_KEYS_MAX:
        yield "a scope has too many keys"
    if len(state.threads) > limits.THREADS_MAX:
        yield f"{len(state.threads)} threads"
