"""How a session opens, with or without its first message."""

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.draft import Draft
from chatsession.core.refusals import Refusal
from chatsession.core.rules.carrying import alive
from chatsession.core.rules.checks import metadata_refused
from chatsession.core.rules.messages import brought_along, post


def open_session(draft: Draft, command: c.OpenSession) -> Refusal | None:
    """Open, receive what the session before hands on, and take the first message with it."""
    refusal = metadata_refused(command.metadata)
    if refusal is not None:
        return refusal
    draft.add(
        e.SessionOpened,
        session=command.session,
        inbox=command.inbox,
        visitor=command.visitor,
        policy=command.policy,
        metadata=command.metadata,
        previous=command.previous,
    )
    _receive(draft)
    message = brought_along(command)
    return None if message is None else post(draft, message)


def _receive(draft: Draft) -> None:
    carried, previous = draft.facts.carried, draft.session.previous
    if carried is None or previous is None:
        return
    session_entries = alive(carried.session_entries, draft.now)
    visitor_entries = alive(carried.visitor_entries, draft.now)
    if session_entries or visitor_entries:
        draft.add(
            e.ContextReceived, from_session=previous, session_entries=session_entries, visitor_entries=visitor_entries
        )
