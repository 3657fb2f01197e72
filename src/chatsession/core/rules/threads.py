"""Several topics in one session, and one topic over several sessions."""

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.draft import Draft
from chatsession.core.refusals import Refusal, too_large, wrong_state
from chatsession.core.rules.carrying import alive
from chatsession.core.rules.checks import text_refused


def start(draft: Draft, command: c.StartThread) -> Refusal | None:
    """Start a thread, or continue one of an earlier session with what it knew."""
    session = draft.session
    if draft.policy.threads == "off" and command.actor.kind in ("visitor", "bot"):
        return wrong_state("Threads are off in this inbox.")
    if len(session.threads) >= limits.THREADS_MAX:
        return too_large(f"A session has at most {limits.THREADS_MAX} threads.")
    if (refusal := _names_refused(command.topic, command.title)) is not None:
        return refusal
    if command.thread is not None and command.thread in session.threads:
        if session.thread != command.thread:
            draft.add(e.ThreadChanged, thread=command.thread, by=command.actor.label, current=True)
        return None
    thread = command.thread or draft.thread_id()
    draft.add(
        e.ThreadStarted,
        thread=thread,
        by=command.actor.label,
        topic=command.topic,
        title=command.title,
        continued_from=command.continued_from,
    )
    carried = draft.facts.carried
    known = alive(carried.thread_entries.get(thread, {}), draft.now) if carried else {}
    if known:
        draft.add(e.ContextChanged, scope="thread", by="carried", thread=thread, set=known)
    return None


def change(draft: Draft, command: c.ChangeThread) -> Refusal | None:
    """Change what is named of a thread; resolving it is an event of its own."""
    session = draft.session
    if command.thread not in session.threads:
        return Refusal("not_found", 404, "There is no such thread in this session.")
    if (refusal := _names_refused(command.topic, command.title)) is not None:
        return refusal
    by = command.actor.label
    if command.status == "resolved" and session.threads[command.thread].status != "resolved":
        draft.add(e.ThreadResolved, thread=command.thread, by=by)
    status = None if command.status == "resolved" else command.status
    current = command.current and session.thread != command.thread
    if command.topic or command.title or status or current:
        draft.add(
            e.ThreadChanged,
            thread=command.thread,
            by=by,
            topic=command.topic,
            title=command.title,
            status=status,
            current=current,
        )
    return None


def _names_refused(topic: str | None, title: str | None) -> Refusal | None:
    return text_refused(topic or "", "topic", limits.NAME_CHARS_MAX) or text_refused(
        title or "", "title", limits.NAME_CHARS_MAX
    )
