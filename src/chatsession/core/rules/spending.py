"""Limits on what the bot may use: tokens, cost, turns and model calls, per session, visitor and inbox-day."""

from chatsession.core.policy import Policy
from chatsession.core.session import Facts, Session, Spent, UsageToday
from chatsession.core.words import LimitName, LimitSpan

NAMES: tuple[LimitName, ...] = ("tokens", "cost_microusd", "turns", "model_calls")

Passed = tuple[LimitName, LimitSpan, int, int]
"""Which limit, of which span, how much was used, how much is allowed."""


def limit_passed(session: Session, policy: Policy, facts: Facts) -> Passed | None:
    """The first limit that forbids another turn; None if the bot may go on."""
    spans: tuple[tuple[LimitSpan, Spent | UsageToday | None], ...] = (
        ("session", session.spent),
        ("visitor_day", facts.visitor_today),
        ("inbox_day", facts.inbox_today),
    )
    for span, spent in spans:
        for name in NAMES:
            allowed = getattr(policy.limits, f"{span}_{name}")
            used = getattr(spent, name, 0)
            if allowed is not None and spent is not None and used >= allowed:
                return name, span, used, allowed
    return None
