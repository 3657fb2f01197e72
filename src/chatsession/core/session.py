"""The state of one session: O(1) in its history, with no messages and no set of ids in it."""

from datetime import datetime
from typing import Any

import msgspec

from chatsession.core.events import ContextCarried, Entry
from chatsession.core.parts import FilePart, Form
from chatsession.core.words import CloseReason, Floor, Outcome, Phase, ThreadStatus, WaitingOn

FOLD_VERSION = 3
"""Raised whenever `apply` changes its meaning: snapshots of another version are thrown away and folded anew."""


class State(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A frozen part of a session's state."""


class StandingWarning(State, frozen=True):
    """A warning that stands: given at `at`, closing at `closes_at`."""

    at: datetime
    closes_at: datetime


class Turn(State, frozen=True):
    """The turn that is open now; `heard_at` is the last sign of life of its current attempt."""

    number: int
    attempt: int
    heard_at: datetime
    attempt_at: datetime
    by: str
    silences: int = 0
    thread: str | None = None
    asked_seq: int | None = None
    opened_seq: int = 0
    """Of the event that opened it."""


class Queue(State, frozen=True):
    """A place in the queue: kept since `since`, asked after at `asked_at`."""

    since: datetime
    asked_at: datetime
    offers: int = 0
    left_message: bool = False


class Thread(State, frozen=True):
    """One thread of the session with its own context."""

    topic: str | None = None
    title: str | None = None
    status: ThreadStatus = "open"
    continued_from: str | None = None
    context: dict[str, Entry] = {}


class Spent(State, frozen=True):
    """What the bot has used in this session so far."""

    tokens: int = 0
    cost_microusd: int = 0
    turns: int = 0
    model_calls: int = 0


class Tally(State, frozen=True):
    """What the outcome of a period is read from; it starts anew with each period."""

    visitor_messages: int = 0
    service_messages: int = 0
    agent_messages: int = 0
    last_author: str | None = None
    last_turn: str | None = None
    """`answered`, `unknown`, `failed` or `superseded`."""
    rated_down: bool = False
    confirmed: bool = False
    declared: Outcome | None = None
    """What the agent or program that resolved the session said of it."""
    threads: tuple[str, ...] = ()


class Unsettled(State, frozen=True):
    """The outcome of the period before, waiting for what the visitor came back about."""

    period: int
    outcome: Outcome
    threads: tuple[str, ...] = ()


class Session(State, frozen=True):
    """One chat session as its events left it."""

    id: str
    inbox: str
    visitor: str
    policy: str
    seq: int
    at: datetime
    opened_at: datetime
    period_opened_at: datetime
    policy_by_hand: bool = False
    """Whether the policy was given to this session alone: then a change of the inbox's policy is not its matter."""
    phase: Phase = "open"
    period: int = 1
    floor: Floor = "bot"
    term: int = 1
    waiting_on: WaitingOn = "visitor"
    previous: str | None = None
    metadata: dict[str, Any] = {}

    idle_since: datetime | None = None
    """Where the idle clock counts from; None while the session does not wait on the visitor."""
    idle_warning: StandingWarning | None = None
    limit_warning: StandingWarning | None = None
    keep_opens: int = 0
    visitor_seen_at: datetime | None = None

    turn: Turn | None = None
    turns: int = 0
    unanswered_seq: int | None = None
    """The message whose answer failed or was stopped, as long as nothing was said since."""
    queue: Queue | None = None
    queued_at: datetime | None = None
    """When the visitor first asked for a human: the place in the queue, kept if an agent falls silent."""
    agent: str | None = None
    agent_name: str | None = None
    last_agent: str | None = None
    last_agent_name: str | None = None
    unanswered_since: datetime | None = None
    nudged_at: datetime | None = None
    snoozed_at: datetime | None = None
    snoozed_until: datetime | None = None

    closed_at: datetime | None = None
    close_reason: CloseReason | None = None
    closed_by: str | None = None
    outcome: Outcome | None = None
    outcome_settled: bool = False
    unsettled: Unsettled | None = None
    resumable_until: datetime | None = None
    """The promise made at closing; None with `phase` closed means resumable for ever."""
    archived_at: datetime | None = None
    merged_into: str | None = None

    context: dict[str, Entry] = {}
    visitor_context: dict[str, Entry] = {}
    threads: dict[str, Thread] = {}
    thread: str | None = None
    """The current thread, if threads are in use."""
    carried: ContextCarried | None = None
    """What the session handed on when it was archived."""
    spent: Spent = Spent()
    tally: Tally = Tally()
    unknown_from: int | None = None
    """The seq of the first event a newer version wrote; from there on the session is read-only here."""


class Receipt(State, frozen=True):
    """The first answer given to a client id: where the message is, and what it said."""

    seq: int
    digest: bytes
    message_id: str


class UsageToday(State, frozen=True):
    """What a visitor or an inbox has used since midnight UTC."""

    tokens: int = 0
    cost_microusd: int = 0
    turns: int = 0
    model_calls: int = 0

    def plus(self, more: "UsageToday") -> "UsageToday":
        """Both together."""
        return UsageToday(
            tokens=self.tokens + more.tokens,
            cost_microusd=self.cost_microusd + more.cost_microusd,
            turns=self.turns + more.turns,
            model_calls=self.model_calls + more.model_calls,
        )


class Facts(State, frozen=True):
    """What the door looked up before asking the rules."""

    receipt: Receipt | None = None
    other_open: str | None = None
    """Another open session of the same visitor in the same inbox."""
    visitor_today: UsageToday | None = None
    inbox_today: UsageToday | None = None
    agent_present: bool = False
    """Whether the last agent of the session is present."""
    carried: ContextCarried | None = None
    """What the session before handed on."""
    continued: Thread | None = None
    """The thread of an earlier session of the same visitor that is to be continued."""
    form: Form | None = None
    """The form of this session that the message answers, and the message in which it was asked."""
    form_message: str | None = None
    is_form_answered: bool = False
    files: dict[str, FilePart] = {}
    """The files of this session that the message names, as they are posted."""


NO_FACTS = Facts()
