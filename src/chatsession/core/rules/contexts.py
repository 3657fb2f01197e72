"""What may be written into the context, by whom, and with which provenance."""

from collections.abc import Iterable, Mapping
from typing import Any

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.draft import Draft
from chatsession.core.policy import KeyRule, Policy
from chatsession.core.refusals import Refusal, forbidden, invalid, too_large
from chatsession.core.rules.carrying import EARLIER_KEY, SUMMARY_KEY
from chatsession.core.rules.checks import json_refused, keys_refused
from chatsession.core.session import Session
from chatsession.core.words import ActorKind, Scope

NO_RULE = KeyRule()
OF_THE_SERVICE = frozenset((SUMMARY_KEY, EARLIER_KEY))


def change(draft: Draft, command: c.ChangeContext) -> Refusal | None:
    """Set and unset values; what a visitor sets is unverified, and each value says where it came from."""
    thread = command.thread or draft.session.thread
    refusal = (
        _scope_refused(draft.session, command.scope, thread)
        or keys_refused([*command.set, *command.unset], "context")
        or _rights_refused(draft, command.actor, [*command.set, *command.unset])
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
    present = entries_of(draft.session, command.scope, thread)
    refusal = _scope_refused(draft.session, command.scope, thread) or _rights_refused(draft, command.actor, present)
    if refusal is not None:
        return refusal
    if present:
        named = thread if command.scope == "thread" else None
        draft.add(e.ContextCleared, scope=command.scope, by=command.actor.label, thread=named)
    return None


def entries_by_bot(draft: Draft, values: Mapping[str, Any]) -> dict[str, e.Entry]:
    """What the bot learnt, less what it may not set or what does not fit: a bot's slip must not cost its answer."""
    fitting = c.ChangeContext(actor=c.BOT)
    for key, value in values.items():
        more = c.ChangeContext(actor=c.BOT, set={**fitting.set, key: value})
        refusal = (
            keys_refused([key], "context")
            or _rights_refused(draft, c.BOT, [key])
            or _size_refused(draft.session, more, None)
        )
        fitting = fitting if refusal else more
    return _entries(draft, fitting)


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


def _rights_refused(draft: Draft, actor: c.Actor, keys: Iterable[str]) -> Refusal | None:
    for key in keys:
        if not _may_set(draft.policy, actor.kind, key):
            return forbidden(f'A {actor.kind} may not set the context key "{key}".')
    return None


def _may_set(policy: Policy, kind: ActorKind, key: str) -> bool:
    rule = policy.context_keys.get(key, NO_RULE)
    match kind:
        case "visitor":
            # The bot takes the summary for what the service found; a visitor must not be able to write it.
            return rule.visitor_may_set and key not in OF_THE_SERVICE
        case "bot":
            return rule.bot_may_set
        case _:
            return True


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
