"""The inboxes of the simulation: each with a policy that stresses other rules, and a second version of it."""

from datetime import timedelta

from msgspec.structs import replace

from chatsession.core.policy import KeyRule, Limits, Policy
from chatsession.runtime.inboxes import Inbox

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=s) for s in (1, 60, 3_600, 86_400))
SECRET = "the simulation signs its visitors with this one"  # noqa: S105  nobody outside the simulation trusts it

SHORT = Policy(
    idle_timeout=2 * MINUTE,
    warn_before=30 * SECOND,
    resume_window=20 * MINUTE,
    bot_silence=10 * SECOND,
    queue_wait=MINUTE,
    agent_silence=2 * MINUTE,
    threads="manual",
)
_KEYS = {
    "order": KeyRule(pii=True),
    "basket": KeyRule(ttl=10 * MINUTE),
    "tier": KeyRule(visitor_may_set=False),
    "mood": KeyRule(bot_may_set=False),
}

POLICIES: dict[str, Policy] = {
    "short": SHORT,
    "limited": replace(
        SHORT,
        idle_timeout=5 * MINUTE,
        max_duration=15 * MINUTE,
        limits=Limits(session_turns=5, visitor_day_turns=9, session_tokens=600),
    ),
    "several": replace(SHORT, several_open=True, carry_over={"default": "keep_all"}, idle_timeout=10 * MINUTE),
    "strict": replace(
        SHORT,
        resume_window=timedelta(0),
        on_return="new",
        keep_open_max=10,
        preferences=("language",),
        warn_before=20 * SECOND,
    ),
    "endless": replace(
        SHORT, idle_timeout=None, resume_window=None, bot_silence=None, queue_wait=None, agent_silence=None
    ),
    "queueing": replace(
        SHORT, on_needs_agent="queue", queue_offers_max=2, resume_to="agent", idle_timeout=4 * MINUTE, reset_on="anyone"
    ),
    "messaging": replace(
        SHORT,
        idle_timeout=DAY,
        warn_before=HOUR,
        resume_window=30 * DAY,
        bot_silence=MINUTE,
        queue_wait=HOUR,
        agent_silence=4 * HOUR,
        carry_over={"default": "summary", "visitor": "keep_all"},
    ),
    "fleeting": replace(SHORT, retention=DAY, resume_window=HOUR, max_duration=DAY, idle_timeout=10 * MINUTE),
    "keyed": replace(
        SHORT,
        carry_over={"timeout": ("order", "tier"), "resolved": "fresh", "default": ("basket",)},
        context_keys=_KEYS,
        on_policy_change="finish_on_old",
        resume_window=2 * HOUR,
        preferences=("language", "name"),
    ),
}
NAMES = tuple(POLICIES)


def versions(name: str) -> tuple[Policy, Policy]:
    """The policy an inbox starts with, and the one it may change to while it runs."""
    first = POLICIES[name]
    longer = None if first.idle_timeout is None else first.idle_timeout * 2
    return first, replace(first, idle_timeout=longer, warn_before=first.warn_before + 5 * SECOND)


def inbox(name: str) -> Inbox:
    """The inbox that has this policy."""
    return Inbox(name=name, policy=POLICIES[name], identity_secrets=(SECRET,))
