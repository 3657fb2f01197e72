"""The limits and rhythms of the runtime, each with its default."""

from datetime import timedelta

import msgspec

from chatsession.core.limits import TEXT_CHARS_MAX


class RuntimeConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What bounds the work of one process."""

    sessions_cached_max: int = 20_000
    histories_cached_max: int = 2_000
    history_lines_max: int = 120
    turns_running_max: int = 200
    """How many turns of each inbox are answered at once; others wait for their place."""
    turns_waiting_max: int = 2_000
    """How many of each inbox may wait; the visitors of more hear at once that it is not possible now."""
    answer_chars_max: int = TEXT_CHARS_MAX
    pending_per_session_max: int = 200
    batch_max: int = 64
    conflicts_max: int = 8
    budget_tokens: int = 6_000
    token_lifetime: timedelta = timedelta(days=400)
    ticket_lifetime: timedelta = timedelta(seconds=30)
    resume_link_lifetime: timedelta = timedelta(minutes=15)
    """How long a link to go on elsewhere waits to be used; never longer than the session can be resumed."""
    identity_lifetime_max: timedelta = timedelta(hours=24)
    messages_per_second: float = 10.0
    messages_burst: int = 30
    buckets_max: int = 50_000
    heartbeat_every: timedelta = timedelta(seconds=2)
    served_gap_max: timedelta = timedelta(seconds=10)
    """A heartbeat older than this at start means that we were away: `served_since` begins anew."""
    scan_every: timedelta = timedelta(minutes=4)
    """Where one process writes, it hears of every deadline itself; the store brings back those that were far away."""
    scan_max: int = 20_000
    alone: bool = True
    """Whether no other process writes to the store; where one may, what is at hand is compared with it first."""
    drain_grace: timedelta = timedelta(seconds=10)
