"""I8: a resumed session has exactly the history and the context it was closed with; what was cleared stays cleared."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from chatsession.bot import TurnInput
from chatsession.core import events as e
from chatsession.core.session import Session
from chatsession.runtime.histories import FRAMES_PER_LINE
from chatsession.simulation.checks.story import Story

Seal = tuple[int, bytes, bytes]
"""How many events there were, the digest of the history, and the context."""
BATCH_EVENTS = 24
"""So many events may have come with the turn's opening in one batch; the history is read from the last of them on."""
RULES_OWN = ("summary", "earlier_chat")
"""Keys that a bot is shown apart from the rest."""


def seal(story: Story) -> Seal:
    """What a session is closed with."""
    return story.seq, _history(story.frames), _encoded(story.context, story.visitor_context, story.threads)


def broken_seal(sealed: Seal, frames: Sequence[bytes], state: Session) -> str | None:
    """Say what a resumed session has not kept."""
    count, history, context = sealed
    if _history(frames[:count]) != history:
        return f"the first {count} events are not those it was closed with"
    threads = {key: thread.context for key, thread in state.threads.items()}
    kept = _encoded(state.context, state.visitor_context, threads)
    return None if kept == context else f"it was closed with {context!r}, and resumed with {kept!r}"


def _history(frames: Sequence[bytes]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for frame in frames:
        digest.update(frame)
    return digest.digest()


def _encoded(*scopes: Any) -> bytes:
    return msgspec.json.encode(scopes, order="deterministic")


def shown_wrongly(story: Story, turn: TurnInput, now: datetime, lines_max: int) -> str | None:
    """Say what a bot is shown that is not so, or not shown although it is."""
    opened = story.turn
    if opened is None or (opened.turn, opened.attempt) != (turn.turn, turn.attempt) or turn.dropped:
        return None
    if len(turn.lines) > lines_max:
        return f"the bot is shown {len(turn.lines)} lines"
    until = max([opened.seq, *(line.seq for line in turn.lines)])
    posted = [event for event in story.events[:until] if isinstance(event, e.MessagePosted)]
    said = [(event.seq, event.text) for event in posted if event.seq not in story.question]
    read_from = until - lines_max * FRAMES_PER_LINE + BATCH_EVENTS
    lately = sum(event.seq > read_from and event.seq not in story.question for event in posted[-lines_max:])
    shown = [(line.seq, line.text) for line in turn.lines]
    if len(shown) < lately or shown != said[len(said) - len(shown) :]:
        return f"the bot of turn {turn.turn} is shown {[seq for seq, _ in shown]} of {[seq for seq, _ in said]}"
    if any(isinstance(event, CONTEXT_EVENTS) for event in story.events[opened.seq :]):
        return None
    known = _known(story, now)
    return None if turn.context == known else f"the bot is shown {turn.context}, and known is {known}"


CONTEXT_EVENTS = (e.ContextChanged, e.ContextCleared, e.ContextReceived, e.ThreadStarted, e.ThreadChanged)


def _known(story: Story, now: datetime) -> dict[str, Any]:
    thread = story.threads.get(story.thread or "", {})
    every = {**story.visitor_context, **story.context, **thread}
    alive = {key: entry for key, entry in every.items() if entry.expires_at is None or entry.expires_at > now}
    return {key: entry.value for key, entry in alive.items() if key not in RULES_OWN}
