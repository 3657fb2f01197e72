"""What a message does to a session: who is waited for, and since when."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chatsession.core import events as e
from chatsession.core.session import Session, Tally
from chatsession.core.words import AuthorKind

Changes = dict[str, Any]
"""What becomes of a session, field by field: it is made anew once for each event, not once for each of them."""


def posted(session: Session, event: e.MessagePosted) -> Session:
    """Count the message and turn the wait around."""
    return _spoken(session, event.author.kind, event.thread, event.at)


def redacted(session: Session, event: e.Redacted) -> Session:
    """Keep what a message did to the session, now that nobody can read it any more."""
    return session if event.author is None else _spoken(session, event.author, event.thread, event.at)


def _spoken(session: Session, by: AuthorKind, thread: str | None, at: datetime) -> Session:
    threads = _with_thread(session.tally, thread)
    changes = _by_visitor(session, threads, at) if by == "visitor" else _by_service(session, by, threads, at)
    return replace(session, unanswered_seq=None, **changes)


def _by_visitor(session: Session, threads: tuple[str, ...], at: datetime) -> Changes:
    messages = session.tally.visitor_messages + 1
    tally = replace(session.tally, last_author="visitor", threads=threads, visitor_messages=messages, confirmed=False)
    seen: Changes = {"tally": tally, "keep_opens": 0, "visitor_seen_at": at}
    match session.floor:
        case "bot":
            return {**seen, "idle_since": at}
        case "queue":
            return {**seen, "queue": session.queue and replace(session.queue, offers=0)}
        case "agent":
            since = session.unanswered_since or at
            return {**seen, "waiting_on": "agent", "unanswered_since": since, "idle_since": None}


def _by_service(session: Session, by: AuthorKind, threads: tuple[str, ...], at: datetime) -> Changes:
    before, by_agent = session.tally, by == "agent"
    tally = replace(
        before,
        last_author=by,
        threads=threads,
        service_messages=before.service_messages + 1,
        agent_messages=before.agent_messages + by_agent,
        last_turn=None if by_agent else before.last_turn,
    )
    if by_agent and session.waiting_on == "agent":
        return {"tally": tally, "waiting_on": "visitor", "unanswered_since": None, "nudged_at": None, "idle_since": at}
    if session.idle_since is not None and session.idle_warning is None and _is_first_word(before):
        return {"tally": tally, "idle_since": max(session.idle_since, at)}
    return {"tally": tally}


def _is_first_word(tally: Tally) -> bool:
    """Whether nobody has spoken in this period yet: the wait on the visitor begins with the first message."""
    return tally.visitor_messages == tally.service_messages == 0


def _with_thread(tally: Tally, thread: str | None) -> tuple[str, ...]:
    return tally.threads if thread is None or thread in tally.threads else (*tally.threads, thread)
