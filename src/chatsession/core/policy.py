"""Every knob of how sessions behave, with its default; a policy belongs to an inbox and is named by its hash."""

import hashlib
from datetime import timedelta
from functools import cached_property
from typing import Literal

import msgspec

from chatsession.core.words import CloseReason

Duration = timedelta | None
"""A length of time; None is written "off" and never fires."""

CarryRule = Literal["fresh", "keep_all", "summary"] | tuple[str, ...]
"""What a new session gets from the one before: nothing, all, its summary, or the named keys."""


class KeyRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds for one context key: personal data or not, how long it lives, who may set it."""

    pii: bool = False
    ttl: Duration = None
    visitor_may_set: bool = True
    bot_may_set: bool = True


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where calls of the bot stop: per session, per visitor and day, per inbox and day; None is no limit."""

    session_tokens: int | None = None
    session_cost_microusd: int | None = None
    session_turns: int | None = 500
    session_model_calls: int | None = None
    visitor_day_tokens: int | None = None
    visitor_day_cost_microusd: int | None = None
    visitor_day_turns: int | None = None
    visitor_day_model_calls: int | None = None
    inbox_day_tokens: int | None = None
    inbox_day_cost_microusd: int | None = None
    inbox_day_turns: int | None = None
    inbox_day_model_calls: int | None = None


class Texts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sentences the rules themselves say to the visitor."""

    apology: str = "Sorry, I could not answer that just now. Please try again, or ask for a person."
    limit: str = "I have reached the limit of what I may do here. A person can help you further."
    gave_up: str = "Sorry, nobody could join just now. I am here again, and you can ask for a person any time."


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """How the sessions of an inbox open, are timed, warn, close, resume and hand on context."""

    idle_timeout: Duration = timedelta(minutes=30)
    warn_before: timedelta = timedelta(minutes=2)
    resume_window: Duration = timedelta(hours=24)
    max_duration: Duration = None
    bot_silence: Duration = timedelta(seconds=30)
    queue_wait: Duration = timedelta(minutes=5)
    agent_silence: Duration = timedelta(minutes=10)
    retention: Duration = None
    open_on: Literal["first_message", "open"] = "first_message"
    on_return: Literal["resume", "new"] = "resume"
    resume_to: Literal["bot", "agent"] = "bot"
    reset_on: Literal["visitor", "anyone"] = "visitor"
    keep_open_max: int | None = None
    queue_offers_max: int = 3
    on_needs_agent: Literal["offer", "queue"] = "offer"
    on_policy_change: Literal["finish_on_old", "at_next_turn"] = "at_next_turn"
    claim_anonymous: Literal["current", "never"] = "current"
    several_open: bool = False
    carry_over: dict[str, CarryRule] = msgspec.field(default_factory=lambda: {"default": "fresh"})
    """By close reason, with "default" for the reasons not named."""
    preferences: tuple[str, ...] = ()
    """Visitor-scope keys that survive a fresh start; every other key of that scope does not."""
    context_keys: dict[str, KeyRule] = {}
    keep_address: bool = False
    topics: tuple[str, ...] = ()
    """The topics threads may have, besides "other"; none named means any."""
    threads: Literal["off", "manual"] = "off"
    """Whether visitor and bot may begin threads; staff always may."""
    limits: Limits = Limits()
    texts: Texts = Texts()

    @cached_property
    def hash(self) -> str:
        """The policy's name: equal for equal knobs, on every machine and in every run."""
        return "pol_" + hashlib.sha256(canonical(self)).hexdigest()[:24]

    def carry_rule(self, reason: CloseReason | None) -> CarryRule:
        """The rule for what a new session gets, by the reason the last period closed for."""
        return self.carry_over.get(reason or "default", self.carry_over.get("default", "fresh"))


def canonical(policy: Policy) -> bytes:
    """The policy as stored: JSON with sorted keys, durations in ISO 8601."""
    return msgspec.json.encode(policy, order="deterministic")


def from_canonical(data: bytes) -> Policy:
    """Read a stored policy back."""
    return msgspec.json.decode(data, type=Policy)


PRESETS = {
    "default": Policy(),
    "support": Policy(idle_timeout=timedelta(minutes=15), preferences=("language", "name")),
    "sales": Policy(
        idle_timeout=timedelta(hours=4), warn_before=timedelta(minutes=10), carry_over={"default": "keep_all"}
    ),
    "messaging": Policy(
        idle_timeout=timedelta(hours=24),
        warn_before=timedelta(hours=1),
        resume_window=timedelta(days=30),
        carry_over={"default": "summary"},
    ),
}
"""Starting points by kind of traffic; every knob can still be set on top of one."""
