"""What is known in a session as others see it: the visitor's flat view, and what the bot is shown within a budget."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, cast

import msgspec

from chatsession.core.events import Entry
from chatsession.core.rules.carrying import EARLIER_KEY, SUMMARY_KEY, alive
from chatsession.core.session import Session, Thread

CHARS_PER_TOKEN = 4
"""A rough, cheap measure for budgets; the model's own count is in the trace."""
BUDGET_TOKENS_DEFAULT = 6_000


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One message of the history as the bot is shown it."""

    role: Literal["visitor", "bot", "agent"]
    text: str
    seq: int
    thread: str | None = None
    name: str | None = None
    page: str | None = None
    """The address of the page on which it was written."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the bot is shown in one attempt of a turn."""

    lines: list[Line]
    context: dict[str, Any]
    carried: dict[str, Any]
    summary: str | None
    human_part: str | None
    dropped: int


def flat_context(session: Session, now: datetime) -> dict[str, Any]:
    """The values in force: thread over session over visitor, without those whose time is over."""
    return {key: entry.value for key, entry in in_force(session, now).items()}


def in_force(session: Session, now: datetime) -> Mapping[str, Entry]:
    """The same with the provenance of each value."""
    thread = session.threads.get(session.thread or "", Thread())
    return alive({**session.visitor_context, **session.context, **thread.context}, now)


def assemble(
    session: Session, lines: Sequence[Line], now: datetime, budget_tokens: int = BUDGET_TOKENS_DEFAULT
) -> Shown:
    """Choose what fits the budget: what is known, then the thread's own messages, then the session's, newest last.

    `lines` are the session's messages, oldest first (the newest of them, where there are very many).
    """
    values = flat_context(session, now)
    carried = values.pop(EARLIER_KEY, {})
    summary = values.pop(SUMMARY_KEY, None)
    spent = len(msgspec.json.encode([values, carried, summary]))
    kept = _within(lines, session.thread, budget_tokens * CHARS_PER_TOKEN - spent)
    return Shown(
        lines=kept,
        context=values,
        carried=cast("dict[str, Any]", carried) if isinstance(carried, dict) else {EARLIER_KEY: carried},
        summary=None if summary is None else str(summary),
        human_part=_human_part(session),
        dropped=len(lines) - len(kept),
    )


def _within(lines: Sequence[Line], thread: str | None, budget_chars: int) -> list[Line]:
    """The newest line always, and of the others what fits: the current thread's before all others, newest first."""
    chosen = list(lines[-1:])
    left = budget_chars - sum(len(line.text) for line in chosen)
    own_first = sorted(lines[:-1], key=lambda line: (thread is None or line.thread == thread, line.seq), reverse=True)
    for line in own_first:
        left -= len(line.text)
        if left < 0:
            break
        chosen.append(line)
    return sorted(chosen, key=lambda line: line.seq)


def _human_part(session: Session) -> str | None:
    if session.last_agent is None:
        return None
    if session.floor == "agent":
        return "An agent is talking with the visitor."
    written = session.tally.agent_messages
    messages = "1 message" if written == 1 else f"{written} messages"
    return f"An agent talked with the visitor earlier ({messages} in this period) and handed back."
