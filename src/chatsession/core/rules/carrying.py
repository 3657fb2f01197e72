"""What of the context crosses a boundary, by which rule, with a ledger entry for each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chatsession.core import events as e
from chatsession.core.draft import Draft
from chatsession.core.policy import CarryRule
from chatsession.core.session import Session

SUMMARY_KEY = "summary"
EARLIER_KEY = "earlier_chat"
"""Where the next session finds what is known of the one before under the rule `summary`."""

Entries = dict[str, e.Entry]


def alive(entries: Mapping[str, e.Entry], now: datetime) -> Entries:
    """The entries whose time to live is not over: it is checked whenever they are read."""
    return {key: entry for key, entry in entries.items() if entry.expires_at is None or entry.expires_at > now}


def ledger(draft: Draft, boundary: str, rule: str) -> None:
    """Note that a boundary kept everything that was still alive, and dropped what had expired."""
    kept, dropped = _split(draft.session, draft.now)
    draft.add(e.ContextCarried, boundary=boundary, rule=rule, kept=kept, dropped=dropped)


def hand_on(draft: Draft) -> None:
    """Compute what the next session gets, by the policy's rule for the reason this one closed for."""
    session, policy = draft.session, draft.policy
    rule = policy.carry_rule(session.close_reason)
    entries = alive(session.context, draft.now)
    carried, summarised = _session_entries(session, rule, entries)
    visitor_entries = _visitor_entries(session, rule, policy.preferences, draft.now)
    threads = {key: alive(thread.context, draft.now) for key, thread in session.threads.items()}
    thread_entries = {key: _kept_by(rule, each) for key, each in threads.items()}
    crossing = {*carried, *visitor_entries, *summarised}
    draft.add(
        e.ContextCarried,
        boundary="archived",
        rule=rule if isinstance(rule, str) else "keep_keys",
        kept=sorted({*carried, *visitor_entries}),
        summarised=summarised,
        dropped=sorted({*session.context, *session.visitor_context} - crossing),
        session_entries=carried,
        visitor_entries=visitor_entries,
        thread_entries={key: each for key, each in thread_entries.items() if each},
    )


def _split(session: Session, now: datetime) -> tuple[list[str], list[str]]:
    every = {**session.visitor_context, **session.context}
    kept = alive(every, now)
    return sorted(kept), sorted(every.keys() - kept.keys())


def _kept_by(rule: CarryRule, entries: Entries) -> Entries:
    match rule:
        case "keep_all":
            return entries
        case "fresh" | "summary":
            return {}
        case keys:
            return {key: entry for key, entry in entries.items() if key in keys}


def _session_entries(session: Session, rule: CarryRule, entries: Entries) -> tuple[Entries, list[str]]:
    if rule != "summary":
        return _kept_by(rule, entries), []
    kept = {SUMMARY_KEY: entries[SUMMARY_KEY]} if SUMMARY_KEY in entries else {}
    kept[EARLIER_KEY] = e.Entry(value=_earlier(session), by="rules", verified=True, set_at=session.at)
    return kept, sorted(entries.keys() - kept.keys())


def _earlier(session: Session) -> dict[str, Any]:
    """The facts of the session in a few words; what was said stays behind."""
    topics = sorted({thread.topic for thread in session.threads.values() if thread.topic})
    return {
        "closed_because": session.close_reason,
        "outcome": session.outcome,
        "visitor_messages": session.tally.visitor_messages,
        "with_agent": session.tally.agent_messages > 0,
        "topics": topics,
    }


def _visitor_entries(session: Session, rule: CarryRule, preferences: tuple[str, ...], now: datetime) -> Entries:
    entries = alive(session.visitor_context, now)
    declared = {key: entry for key, entry in entries.items() if key in preferences}
    return {**_kept_by(rule, entries), **declared}
