"""What is known in a session, by scope, and the threads it has."""

from msgspec.structs import replace

from chatsession.core import events as e
from chatsession.core.session import Session, Thread


def carried(session: Session, event: e.ContextCarried) -> Session:
    """Keep what an archived session hands on."""
    return replace(session, carried=event) if event.boundary == "archived" else session


def received(session: Session, event: e.ContextReceived) -> Session:
    """Take what an earlier session handed on."""
    return replace(
        session,
        context={**session.context, **event.session_entries},
        visitor_context={**session.visitor_context, **event.visitor_entries},
    )


def changed(session: Session, event: e.ContextChanged) -> Session:
    """Set and unset values of one scope."""
    return _with_scope(session, event, _merged(_scope(session, event), event))


def cleared(session: Session, event: e.ContextCleared) -> Session:
    """Forget a whole scope."""
    return _with_scope(session, event, {})


def thread_started(session: Session, event: e.ThreadStarted) -> Session:
    """Add the thread and make it the current one."""
    thread = Thread(topic=event.topic, title=event.title, continued_from=event.continued_from)
    return replace(session, threads={**session.threads, event.thread: thread}, thread=event.thread)


def thread_changed(session: Session, event: e.ThreadChanged) -> Session:
    """Give the thread what is named and leave the rest."""
    old = session.threads.get(event.thread, Thread())
    thread = replace(
        old, topic=event.topic or old.topic, title=event.title or old.title, status=event.status or old.status
    )
    changed_session = replace(session, threads={**session.threads, event.thread: thread})
    return replace(changed_session, thread=event.thread) if event.current else changed_session


def thread_resolved(session: Session, event: e.ThreadResolved) -> Session:
    """Mark the thread as done."""
    thread = replace(session.threads.get(event.thread, Thread()), status="resolved")
    return replace(session, threads={**session.threads, event.thread: thread})


def _scope(session: Session, event: e.ContextChanged) -> dict[str, e.Entry]:
    match event.scope:
        case "session":
            return session.context
        case "visitor":
            return session.visitor_context
        case "thread":
            return session.threads.get(event.thread or "", Thread()).context


def _merged(entries: dict[str, e.Entry], event: e.ContextChanged) -> dict[str, e.Entry]:
    kept = {key: entry for key, entry in entries.items() if key not in event.unset}
    return {**kept, **event.set}


def _with_scope(session: Session, event: e.ContextChanged | e.ContextCleared, entries: dict[str, e.Entry]) -> Session:
    match event.scope:
        case "session":
            return replace(session, context=entries)
        case "visitor":
            return replace(session, visitor_context=entries)
        case "thread":
            key = event.thread or ""
            thread = replace(session.threads.get(key, Thread()), context=entries)
            return replace(session, threads={**session.threads, key: thread})
