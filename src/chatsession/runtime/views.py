"""The session as outsiders see it: the public shape; of the context each sees what is for him."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from chatsession.core.context import in_force
from chatsession.core.due import closes_at
from chatsession.core.events import Entry
from chatsession.core.policy import Policy
from chatsession.core.session import Session
from chatsession.core.words import CloseReason, Floor, Outcome, Phase, ThreadStatus, WaitingOn
from chatsession.runtime.audience import Seen


class ThreadView(msgspec.Struct, frozen=True, kw_only=True):
    """One thread of a session."""

    id: str
    topic: str | None
    title: str | None
    status: ThreadStatus
    current: bool
    continued_from: str | None = None
    context: dict[str, Any] = {}


class ClockView(msgspec.Struct, frozen=True, kw_only=True):
    """One clock that runs."""

    name: str
    since: datetime
    fires_at: datetime


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """What a session is now: its phase, who speaks, what it waits for, and when it ends if nothing happens."""

    id: str
    inbox: str
    visitor: str
    phase: Phase
    period: int
    floor: Floor
    term: int
    agent: str | None
    agent_name: str | None
    waiting_on: WaitingOn
    snoozed_until: datetime | None
    opened_at: datetime
    period_opened_at: datetime
    closes_at: datetime | None
    closes_because: str | None
    warned_at: datetime | None
    extendable: bool
    closed_at: datetime | None
    close_reason: CloseReason | None
    resumable_until: datetime | None
    previous: str | None
    merged_into: str | None
    outcome: Outcome | None
    outcome_settled: bool
    queued_at: datetime | None
    turn: int | None
    """The number of the turn that is open now."""
    can_retry: bool
    """Whether the last message got no answer and the bot can be asked again."""
    context: dict[str, Any]
    metadata: dict[str, Any]
    threads: list[ThreadView]
    clocks: list[ClockView]
    allowed: list[str]
    policy: str
    seq: int
    server_time: datetime


def view_of(session: Session, policy: Policy, now: datetime, clocks: list[ClockView], seen: Seen) -> SessionView:
    """Build the public shape from the state, with the context that is to be seen."""
    end = closes_at(session, policy)
    return SessionView(
        id=session.id,
        inbox=session.inbox,
        visitor=session.visitor,
        phase=session.phase,
        period=session.period,
        floor=session.floor,
        term=session.term,
        agent=session.agent,
        agent_name=session.agent_name,
        waiting_on=session.waiting_on,
        snoozed_until=session.snoozed_until,
        opened_at=session.opened_at,
        period_opened_at=session.period_opened_at,
        closes_at=end[0] if end else None,
        closes_because=end[1] if end else None,
        warned_at=_warned_at(session),
        extendable=_extendable(session, policy),
        closed_at=session.closed_at,
        close_reason=session.close_reason,
        resumable_until=session.resumable_until,
        previous=session.previous,
        merged_into=session.merged_into,
        outcome=session.outcome,
        outcome_settled=session.outcome_settled,
        queued_at=session.queued_at,
        turn=session.turn.number if session.turn else None,
        can_retry=session.phase == "open" and session.floor == "bot" and session.unanswered_seq is not None,
        context=_values(in_force(session, now), seen),
        metadata=session.metadata,
        threads=threads_of(session, seen),
        clocks=clocks,
        allowed={"open": [], "closed": ["resume", "new"], "archived": ["new"]}[session.phase],
        policy=session.policy,
        seq=session.seq,
        server_time=now,
    )


def threads_of(session: Session, seen: Seen) -> list[ThreadView]:
    """The threads of a session, in the order in which they began, with the context that is to be seen."""
    return [
        ThreadView(
            id=key,
            topic=thread.topic,
            title=thread.title,
            status=thread.status,
            current=key == session.thread,
            continued_from=thread.continued_from,
            context=_values(thread.context, seen),
        )
        for key, thread in session.threads.items()
    ]


def _values(entries: Mapping[str, Entry], seen: Seen) -> dict[str, Any]:
    return {key: entry.value for key, entry in entries.items() if seen(key, entry)}


def _warned_at(session: Session) -> datetime | None:
    """When the warning was given that ends first."""
    warnings = [warning for warning in (session.idle_warning, session.limit_warning) if warning is not None]
    first = min(warnings, key=lambda warning: warning.closes_at, default=None)
    return first.at if first else None


def _extendable(session: Session, policy: Policy) -> bool:
    spent = policy.keep_open_max is not None and session.keep_opens >= policy.keep_open_max
    return session.phase == "open" and session.limit_warning is None and not spent
