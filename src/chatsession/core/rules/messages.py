"""What happens when somebody says something."""

from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.draft import Draft
from chatsession.core.due import idle_runs
from chatsession.core.outcome import settled_on_return
from chatsession.core.refusals import Refusal, floor_taken, invalid
from chatsession.core.rules.checks import message_refused, text_refused
from chatsession.core.rules.idling import add_time
from chatsession.core.rules.parts import check_parts
from chatsession.core.rules.turns import ask_bot, supersede
from chatsession.core.session import Session

VISITOR = e.Author(kind="visitor")


def post(draft: Draft, command: c.PostMessage) -> Refusal | None:
    """Post a message of a visitor, of the agent who has the floor, or of the bot while it has the floor."""
    refusal = _refused(draft.session, command)
    if refusal is not None:
        return refusal
    if command.parts:
        checked = check_parts(command.parts, command.actor.kind, draft.facts)
        if isinstance(checked, Refusal):
            return checked
        command = replace(command, parts=checked.parts, text=command.text if command.text.strip() else checked.words)
    if command.actor.kind == "visitor":
        _by_visitor(draft, command)
        return None
    return _by_service(draft, command)


def brought_along(command: c.OpenSession | c.ResumeSession) -> c.PostMessage | None:
    """The message that comes with an opening or a return, if there is one."""
    if command.text is None and not command.parts:
        return None
    return c.PostMessage(
        actor=command.actor,
        text=command.text or "",
        client_id=command.client_id,
        thread=command.thread,
        parts=command.parts,
        page=command.page,
    )


def note(draft: Draft, command: c.PostNote) -> Refusal | None:
    """Keep an agent's note, in whatever phase."""
    refusal = text_refused(command.text, chars_max=limits.NOTE_CHARS_MAX)
    if refusal is not None:
        return refusal
    if not command.text.strip():
        return invalid("A note needs text.", field="text")
    author = e.Author(kind="agent", id=command.actor.id, name=command.actor.name)
    draft.add(e.NotePosted, author=author, text=command.text)
    return None


def _refused(session: Session, command: c.PostMessage) -> Refusal | None:
    refusal = message_refused(command.text, command.parts, command.client_id)
    if refusal is None and command.page is not None:
        refusal = text_refused(command.page, "page", limits.METADATA_BYTES_MAX)
    if refusal is None and command.thread is not None and command.thread not in session.threads:
        refusal = invalid("There is no such thread in this session.", field="thread")
    return refusal


def _by_visitor(draft: Draft, command: c.PostMessage) -> None:
    """Post the visitor's message and let everything follow that a sign of life brings."""
    _posted(draft, command, VISITOR)
    session = draft.session
    asked_seq = session.seq
    _settle_return(draft)
    if session.idle_warning is not None:
        draft.add(e.WarningLifted, by="visitor")
    if session.snoozed_until is not None:
        draft.add(e.SnoozeEnded, by="visitor")
    if session.floor == "bot":
        supersede(draft, "visitor_wrote")
        ask_bot(draft, asked_seq)


def _by_service(draft: Draft, command: c.PostMessage) -> Refusal | None:
    session, actor = draft.session, command.actor
    if actor.kind == "agent":
        if session.floor != "agent" or session.agent != actor.id:
            return floor_taken(session.floor)
        author = e.Author(kind="agent", id=actor.id, name=actor.name)
    else:
        if session.floor != "bot":
            return floor_taken(session.floor)
        author = e.Author(kind="bot", name=actor.name)
    if session.snoozed_until is not None:
        draft.add(e.SnoozeEnded, by=actor.label)
    visitor_was_silent = idle_runs(draft.session)
    _posted(draft, command, author)
    if visitor_was_silent:
        add_time(draft, author.kind)
    return None


def _posted(draft: Draft, command: c.PostMessage, author: e.Author) -> None:
    if command.thread is not None and command.thread != draft.session.thread:
        draft.add(e.ThreadChanged, thread=command.thread, by=command.actor.label, current=True)
    session = draft.session
    queue = session.queue
    draft.add(
        e.MessagePosted,
        message_id=draft.message_id(),
        author=author,
        text=command.text,
        thread=session.thread,
        client_id=command.client_id,
        parts=command.parts,
        page=command.page,
        left_message=queue is not None and queue.left_message,
    )


def _settle_return(draft: Draft) -> None:
    """Settle the outcome of the period before, now that it is known what the visitor came back about."""
    before = draft.session.unsettled
    if before is None:
        return
    thread = draft.session.thread
    same_thread = thread is None or not before.threads or thread in before.threads
    outcome = settled_on_return(before.outcome, same_thread=same_thread)
    draft.add(e.OutcomeSettled, period=before.period, outcome=outcome, was=before.outcome)
