"""What a message does to a session: who is waited for, and since when."""

from msgspec.structs import replace

from chatsession.core import events as e
from chatsession.core.session import Session, Tally


def posted(session: Session, event: e.MessagePosted) -> Session:
    """Count the message and turn the wait around."""
    if event.author.kind == "visitor":
        return _by_visitor(session, event)
    return _by_service(session, event)


def _by_visitor(session: Session, event: e.MessagePosted) -> Session:
    tally = session.tally
    changed = replace(
        session,
        tally=replace(
            tally,
            visitor_messages=tally.visitor_messages + 1,
            last_author="visitor",
            confirmed=False,
            threads=_with_thread(tally, event.thread),
        ),
        keep_opens=0,
        visitor_seen_at=event.at,
    )
    match session.floor:
        case "bot":
            return replace(changed, idle_since=event.at)
        case "queue":
            return replace(changed, queue=changed.queue and replace(changed.queue, offers=0))
        case "agent":
            since = session.unanswered_since or event.at
            return replace(changed, waiting_on="agent", unanswered_since=since, idle_since=None)


def _by_service(session: Session, event: e.MessagePosted) -> Session:
    tally = session.tally
    by_agent = event.author.kind == "agent"
    changed = replace(
        session,
        tally=replace(
            tally,
            service_messages=tally.service_messages + 1,
            agent_messages=tally.agent_messages + by_agent,
            last_author=event.author.kind,
            last_turn=None if by_agent else tally.last_turn,
            threads=_with_thread(tally, event.thread),
        ),
    )
    if by_agent and session.waiting_on == "agent":
        return replace(changed, waiting_on="visitor", unanswered_since=None, nudged_at=None, idle_since=event.at)
    return changed


def _with_thread(tally: Tally, thread: str | None) -> tuple[str, ...]:
    return tally.threads if thread is None or thread in tally.threads else (*tally.threads, thread)
