"""What a message does to a session: who is waited for, and since when."""

from datetime import datetime

from msgspec.structs import replace

from chatsession.core import events as e
from chatsession.core.session import Session, Tally
from chatsession.core.words import AuthorKind


def posted(session: Session, event: e.MessagePosted) -> Session:
    """Count the message and turn the wait around."""
    return _spoken(session, event.author.kind, event.thread, event.at)


def redacted(session: Session, event: e.Redacted) -> Session:
    """Keep what a message did to the session, now that nobody can read it any more."""
    return session if event.author is None else _spoken(session, event.author, event.thread, event.at)


def _spoken(session: Session, by: AuthorKind, thread: str | None, at: datetime) -> Session:
    tally = replace(session.tally, last_author=by, threads=_with_thread(session.tally, thread))
    session = replace(session, unanswered_seq=None)
    if by == "visitor":
        return _by_visitor(session, tally, at)
    return _by_service(session, tally, at, by_agent=by == "agent")


def _by_visitor(session: Session, tally: Tally, at: datetime) -> Session:
    changed = replace(
        session,
        tally=replace(tally, visitor_messages=tally.visitor_messages + 1, confirmed=False),
        keep_opens=0,
        visitor_seen_at=at,
    )
    match session.floor:
        case "bot":
            return replace(changed, idle_since=at)
        case "queue":
            return replace(changed, queue=changed.queue and replace(changed.queue, offers=0))
        case "agent":
            since = session.unanswered_since or at
            return replace(changed, waiting_on="agent", unanswered_since=since, idle_since=None)


def _by_service(session: Session, tally: Tally, at: datetime, *, by_agent: bool) -> Session:
    counted = replace(
        tally,
        service_messages=tally.service_messages + 1,
        agent_messages=tally.agent_messages + by_agent,
        last_turn=None if by_agent else tally.last_turn,
    )
    changed = replace(session, tally=counted)
    if by_agent and session.waiting_on == "agent":
        return replace(changed, waiting_on="visitor", unanswered_since=None, nudged_at=None, idle_since=at)
    if session.idle_since is not None and session.idle_warning is None and _is_first_word(tally):
        return replace(changed, idle_since=max(session.idle_since, at))
    return changed


def _is_first_word(tally: Tally) -> bool:
    """Whether nobody has spoken in this period yet: the wait on the visitor begins with the first message."""
    return tally.visitor_messages == tally.service_messages == 0


def _with_thread(tally: Tally, thread: str | None) -> tuple[str, ...]:
    return tally.threads if thread is None or thread in tally.threads else (*tally.threads, thread)
