"""Several topics in one session, and one topic over several sessions."""

import difflib

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.draft import Draft
from chatsession.core.policy import Policy
from chatsession.core.refusals import Refusal, invalid, too_large, wrong_state
from chatsession.core.rules.carrying import alive
from chatsession.core.rules.checks import text_refused

OTHER_TOPIC = "other"
"""Where a topic goes that is none of the inbox's own, so that all of them can be counted."""


def start(draft: Draft, command: c.StartThread) -> Refusal | None:
    """Start a thread, or continue one of an earlier session with what it knew."""
    session = draft.session
    if draft.policy.threads == "off" and command.actor.kind in ("visitor", "bot"):
        return wrong_state("Threads are off in this inbox.")
    if command.thread is not None and command.thread in session.threads:
        _make_current(draft, command.thread, command.actor.label)
        return None
    if (command.thread or command.continued_from) and draft.facts.continued is None:
        return Refusal("not_found", 404, "There is no such thread in an earlier session of this visitor.")
    if len(session.threads) >= limits.THREADS_MAX:
        return too_large(f"A session has at most {limits.THREADS_MAX} threads.")
    if (refusal := _names_refused(draft.policy, command.topic, command.title)) is not None:
        return refusal
    _begin(draft, command)
    return None


def change(draft: Draft, command: c.ChangeThread) -> Refusal | None:
    """Change what is named of a thread; resolving it is an event of its own."""
    session = draft.session
    if command.thread not in session.threads:
        return Refusal("not_found", 404, "There is no such thread in this session.")
    if (refusal := _names_refused(draft.policy, command.topic, command.title)) is not None:
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


def file_under(draft: Draft, topic: str | None) -> str | None:
    """Let the bot say what the visitor talks about: the thread of that topic goes on, or one begins; which it is."""
    session, policy = draft.session, draft.policy
    if not topic or policy.threads == "off":
        return None
    if _names_refused(policy, topic, None) is not None:
        topic = OTHER_TOPIC
    found = next((key for key, thread in session.threads.items() if thread.topic == topic), None)
    if found is not None:
        _make_current(draft, found, "bot")
    elif session.thread is not None and session.threads[session.thread].topic is None:
        draft.add(e.ThreadChanged, thread=session.thread, by="bot", topic=topic)
    elif len(session.threads) < limits.THREADS_MAX:
        draft.add(e.ThreadStarted, thread=draft.thread_id(), by="bot", topic=topic)
    return draft.session.thread


def _begin(draft: Draft, command: c.StartThread) -> None:
    thread = command.thread or draft.thread_id()
    carried, continued = draft.facts.carried, draft.facts.continued
    draft.add(
        e.ThreadStarted,
        thread=thread,
        by=command.actor.label,
        topic=command.topic or (continued.topic if continued else None),
        title=command.title or (continued.title if continued else None),
        continued_from=command.continued_from,
    )
    known = alive(carried.thread_entries.get(thread, {}), draft.now) if carried else {}
    if known:
        draft.add(e.ContextChanged, scope="thread", by="carried", thread=thread, set=known)


def _make_current(draft: Draft, thread: str, by: str) -> None:
    if draft.session.thread != thread:
        draft.add(e.ThreadChanged, thread=thread, by=by, current=True)


def _names_refused(policy: Policy, topic: str | None, title: str | None) -> Refusal | None:
    return (
        text_refused(topic or "", "topic", limits.NAME_CHARS_MAX)
        or text_refused(title or "", "title", limits.NAME_CHARS_MAX)
        or _topic_refused(policy, topic)
    )


def _topic_refused(policy: Policy, topic: str | None) -> Refusal | None:
    """Keep the topics of an inbox to those it names, if it names any."""
    if not topic or not policy.topics or topic in (*policy.topics, OTHER_TOPIC):
        return None
    names = ", ".join(f'"{name}"' for name in (*policy.topics, OTHER_TOPIC))
    nearest = difflib.get_close_matches(topic, policy.topics, n=1)
    return invalid(f"topic must be one of {names}.", field="topic", **({"nearest": nearest[0]} if nearest else {}))
