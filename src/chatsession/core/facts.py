"""The facts of a session, folded from its events: counts, waits, costs, and time accounts that add up."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from chatsession.core import events as e
from chatsession.core.apply import apply
from chatsession.core.session import Session
from chatsession.core.words import Outcome

Bucket = Literal["bot", "queue", "agent", "snoozed", "visitor", "warned"]
NOTHING = timedelta(0)


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    """How long a session was open, by whom it waited for; the sum is the duration."""

    bot: timedelta = NOTHING
    queue: timedelta = NOTHING
    agent: timedelta = NOTHING
    snoozed: timedelta = NOTHING
    visitor: timedelta = NOTHING
    warned: timedelta = NOTHING

    @property
    def total(self) -> timedelta:
        """The time all periods were open."""
        return self.bot + self.queue + self.agent + self.snoozed + self.visitor + self.warned


class SessionFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row per session: what happened, in numbers. Constant in size."""

    since: datetime
    """The instant up to which the accounts are kept."""
    accounts: Accounts = Accounts()
    duration: timedelta = NOTHING
    """The sum of the closed periods' lengths, each from its opening to its closing."""
    periods: int = 1
    visitor_messages: int = 0
    bot_messages: int = 0
    agent_messages: int = 0
    turns: int = 0
    turns_failed: int = 0
    turns_unknown: int = 0
    turns_superseded: int = 0
    asked_at: datetime | None = None
    first_response: timedelta | None = None
    handoffs: int = 0
    warnings: int = 0
    tokens: int = 0
    cost_microusd: int = 0
    score: int | None = None
    solved: bool | None = None
    outcome: Outcome | None = None
    human_took_part: bool = False


def bucket_of(session: Session) -> Bucket:
    """To which account an instant in this state belongs."""
    if session.snoozed_until is not None:
        return "snoozed"
    if session.floor == "queue":
        return "queue"
    if session.waiting_on == "visitor":
        return "warned" if session.idle_warning is not None else "visitor"
    return session.waiting_on


def follow(  # noqa: C901, PLR0912  one case for each event that counts
    facts: SessionFacts | None, before: Session | None, event: e.Event
) -> SessionFacts:
    """The facts after one more event; `before` is the session as it was when the event came."""
    if facts is None or before is None:
        return SessionFacts(since=event.at)
    kept = _accounted(facts, before, event.at)
    match event:
        case e.MessagePosted():
            return _message(kept, event)
        case e.TurnOpened():
            return replace(kept, turns=kept.turns + 1)
        case e.TurnAnswered():
            unknown = not event.known or event.result == "needs_agent"
            return replace(kept, turns_unknown=kept.turns_unknown + unknown)
        case e.TurnFailed():
            return replace(kept, turns_failed=kept.turns_failed + 1)
        case e.UsageCounted():
            return _spent(kept, event.usage)
        case e.TurnSuperseded():
            return replace(kept, turns_superseded=kept.turns_superseded + 1)
        case e.FloorChanged():
            return replace(kept, handoffs=kept.handoffs + (event.reason == "handoff"))
        case e.SessionWarned():
            return replace(kept, warnings=kept.warnings + 1)
        case e.FeedbackGiven():
            return _judged(kept, before, event)
        case e.SessionClosed():
            return replace(kept, outcome=event.outcome, duration=kept.duration + (event.at - before.period_opened_at))
        case e.OutcomeSettled():
            return replace(kept, outcome=event.outcome)
        case e.SessionResumed():
            return replace(kept, periods=event.period)
        case _:
            return kept


def _accounted(facts: SessionFacts, before: Session, at: datetime) -> SessionFacts:
    if before.phase != "open":
        return replace(facts, since=at)
    bucket = bucket_of(before)
    passed = getattr(facts.accounts, bucket) + (at - facts.since)
    return replace(facts, since=at, accounts=replace(facts.accounts, **{bucket: passed}))


def _message(facts: SessionFacts, event: e.MessagePosted) -> SessionFacts:
    match event.author.kind:
        case "visitor":
            asked_at = facts.asked_at or event.at
            return replace(facts, visitor_messages=facts.visitor_messages + 1, asked_at=asked_at)
        case "bot":
            return _responded(replace(facts, bot_messages=facts.bot_messages + 1), event.at)
        case "agent":
            counted = replace(facts, agent_messages=facts.agent_messages + 1, human_took_part=True)
            return _responded(counted, event.at)


def _responded(facts: SessionFacts, at: datetime) -> SessionFacts:
    if facts.first_response is not None or facts.asked_at is None:
        return facts
    return replace(facts, first_response=at - facts.asked_at)


def _judged(facts: SessionFacts, before: Session, event: e.FeedbackGiven) -> SessionFacts:
    """A comment alone takes no judgement back; a judgement after the closing may change the outcome."""
    if event.score is None and event.solved is None:
        return facts
    outcome = apply(before, event).outcome or facts.outcome
    return replace(facts, score=event.score, solved=event.solved, outcome=outcome)


def _spent(facts: SessionFacts, usage: e.Usage) -> SessionFacts:
    tokens = facts.tokens + usage.tokens_in + usage.tokens_out
    return replace(facts, tokens=tokens, cost_microusd=facts.cost_microusd + usage.cost_microusd)
