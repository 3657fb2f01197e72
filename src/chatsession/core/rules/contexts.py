"""What may be written into the context, by whom, and with which provenance."""

from collections.abc import Mapping
from typing import Any

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.draft import Draft
from chatsession.core.policy import KeyRule
from chatsession.core.refusals import Refusal, forbidden, invalid, too_large
from chatsession.core.rules.checks import json_refused, keys_refused
from chatsession.core.session import Session
from chatsession.core.words import Scope

NO_RULE = KeyRule()


def change(draft: Draft, command: c.ChangeContext) -> Refusal | None:
    """Set and unset values; what a visitor sets is unverified, and each value says where it came from."""
    thread = command.thread or draft.session.thread
    refusal = (
        _scope_refused(draft.session, command.scope, thread)
        or keys_refused([*command.set, *command.unset], "context")
        or _rights_refused(draft, command)
        or _size_refused(draft.session, command, thread)
    )
    if refusal is not None:
        return refusal
    present = entries_of(draft.session, command.scope, thread)
    unset = [key for key in command.unset if key in present]
    if command.set or unset:
        draft.add(
            e.ContextChanged,
            scope=command.scope,
            by=command.actor.label,
            thread=thread if command.scope == "thread" else None,
            set=_entries(draft, command),
            unset=unset,
        )
    return None


def clear(draft: Draft, command: c.ClearContext) -> Refusal | None:
    """Clear a whole scope; a scope that is clear already stays as it is."""
    thread = command.thread or draft.session.thread
    refusal = _scope_refused(draft.session, command.scope, thread)
    if refusal is not None:
        return refusal
    if entries_of(draft.session, command.scope, thread):
        named = thread if command.scope == "thread" else None
        draft.add(e.ContextCleared, scope=command.scope, by=command.actor.label, thread=named)
    return None


def entries_by_bot(draft: Draft, values: Mapping[str, Any]) -> dict[str, e.Entry]:
    """What the bot learnt, less what it may not set or what does not fit: a bot's slip must not cost its answer."""
    command = c.ChangeContext(actor=c.BOT, set=dict(values))
    fits: dict[str, Any] = {}
    for key, value in values.items():
        one = c.ChangeContext(actor=c.BOT, set={**fits, key: value})
        if not (
            keys_refused([key], "context") or _rights_refused(draft, one) or _size_refused(draft.session, one, None)
        ):
            fits[key] = value
    return _entries(draft, c.ChangeContext(actor=command.actor, set=fits))


def entries_of(session: Session, scope: Scope, thread: str | None) -> dict[str, e.Entry]:
    """The entries of one scope."""
    match scope:
        case "session":
            return session.context
        case "visitor":
            return session.visitor_context
        case "thread":
            return session.threads[thread].context if thread in session.threads else {}


def _entries(draft: Draft, command: c.ChangeContext) -> dict[str, e.Entry]:
    rules = draft.policy.context_keys
    entries: dict[str, e.Entry] = {}
    for key, value in command.set.items():
        rule = rules.get(key, NO_RULE)
        entries[key] = e.Entry(
            value=value,
            by=command.actor.label,
            message_id=command.message_id,
            verified=command.actor.kind != "visitor",
            sensitivity="pii" if rule.pii or command.sensitivity == "pii" else "plain",
            set_at=draft.now,
            expires_at=None if rule.ttl is None else draft.now + rule.ttl,
        )
    return entries


def _scope_refused(session: Session, scope: Scope, thread: str | None) -> Refusal | None:
    if scope == "thread" and thread not in session.threads:
        return invalid("There is no such thread in this session.", field="thread")
    return None


def _rights_refused(draft: Draft, command: c.ChangeContext) -> Refusal | None:
    kind = command.actor.kind
    for key in (*command.set, *command.unset):
        rule = draft.policy.context_keys.get(key, NO_RULE)
        if (kind == "visitor" and not rule.visitor_may_set) or (kind == "bot" and not rule.bot_may_set):
            return forbidden(f'The policy does not let a {kind} set the context key "{key}".')
    return None


def _size_refused(session: Session, command: c.ChangeContext, thread: str | None) -> Refusal | None:
    for key, value in command.set.items():
        if (
            refusal := json_refused(value, f'the context value of "{key}"', limits.CONTEXT_VALUE_BYTES_MAX)
        ) is not None:
            return refusal
    kept = {
        key: entry.value
        for key, entry in entries_of(session, command.scope, thread).items()
        if key not in command.unset
    }
    after = {**kept, **command.set}
    if len(after) > limits.CONTEXT_KEYS_MAX:
        return too_large(f"A context scope has at most {limits.CONTEXT_KEYS_MAX} keys.")
    return json_refused(after, "the context", limits.CONTEXT_BYTES_MAX)
