"""A session as a bystander would tell it, from its events alone: a second opinion on the fold of the rules."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from chatsession.core import events as e
from chatsession.core.policy import Policy
from chatsession.core.words import Floor, Phase, WaitingOn

Cell = tuple[str, str, str]
"""Phase, floor, and on whom the session waits."""
NOTHING = timedelta(0)
BUCKETS = ("bot", "queue", "agent", "snoozed", "visitor", "warned")


class Story:
    """What is known of one session after the events told so far."""

    def __init__(self, opened: e.SessionOpened, policy: Policy) -> None:
        self.id = opened.session
        self.inbox = opened.inbox
        self.visitor = opened.visitor
        self.policy = policy
        self.policies: dict[str, Policy] = {}
        self.frames: list[bytes] = []
        self.events: list[e.Event] = []
        self.at = opened.at
        self.phase: Phase = "open"
        self.period = 1
        self.period_at = opened.at
        self.closed_at: datetime | None = None
        self.resumable_until: datetime | None = None
        self.archived_at: datetime | None = None
        self.floor: Floor = "bot"
        self.term = 1
        self.agent: str | None = None
        self.waiting_on: WaitingOn = "visitor"
        self.idle_since: datetime | None = opened.at
        self.idle_warning: e.SessionWarned | None = None
        self.limit_warning: e.SessionWarned | None = None
        self.keep_opens = 0
        self.said_in_period = False
        self.turn: e.TurnOpened | e.TurnRetried | None = None
        self.turns = 0
        self.question = range(0)
        """Between the message that the open turn is about and its opening: nothing was said there but excuses."""
        self.heard_at = opened.at
        self.asked_at: datetime | None = None
        self.offers = 0
        self.has_left_message = False
        self.unanswered_since: datetime | None = None
        self.nudged_at: datetime | None = None
        self.snoozed_until: datetime | None = None
        self.context: dict[str, e.Entry] = {}
        self.visitor_context: dict[str, e.Entry] = {}
        self.threads: dict[str, dict[str, e.Entry]] = {}
        self.thread: str | None = None
        self.accounts: dict[str, timedelta] = dict.fromkeys(BUCKETS, NOTHING)
        self.duration = NOTHING
        self.cells: list[Cell] = [("none", "none", "none")]
        """By seq: where the session stood after that event."""

    @property
    def seq(self) -> int:
        """How many events were told."""
        return len(self.events)

    @property
    def cell(self) -> Cell:
        """Where the session stands."""
        return self.cells[-1]

    def scope(self, scope: str, thread: str | None) -> dict[str, e.Entry]:
        """What is known in a scope."""
        match scope:
            case "session":
                return self.context
            case "visitor":
                return self.visitor_context
            case _:
                return self.threads.setdefault(thread or "", {})

    def tell(self, event: e.Event, frame: bytes) -> None:
        """Take one more event in."""
        if self.phase == "open":
            self.accounts[self._bucket()] += event.at - self.at
        told = TELLING.get(type(event))
        if told is not None:
            told(self, event)
        self.events.append(event)
        self.frames.append(frame)
        self.at = event.at
        self.cells.append((self.phase, self.floor, self.waiting_on))

    def _bucket(self) -> str:
        if self.snoozed_until is not None:
            return "snoozed"
        if self.floor == "queue":
            return "queue"
        if self.waiting_on == "visitor" and self.idle_warning is not None:
            return "warned"
        return self.waiting_on


def _warned(story: Story, event: e.SessionWarned) -> None:
    if event.reason == "timeout":
        story.idle_warning = event
    else:
        story.limit_warning = event


def _lifted(story: Story, event: e.WarningLifted) -> None:
    if event.reason == "timeout":
        story.idle_warning = None
    else:
        story.limit_warning = None


def _kept_open(story: Story, event: e.SessionKeptOpen) -> None:
    story.keep_opens += 1
    story.idle_since = max(story.idle_since or event.at, event.at)


def _active(story: Story, event: e.ActivitySeen) -> None:
    if event.turn is not None:
        story.heard_at = max(story.heard_at, event.covers_until)
    elif story.idle_since is not None:
        story.idle_since = max(story.idle_since, event.covers_until)


def _closed(story: Story, event: e.SessionClosed) -> None:
    story.phase = "closed"
    story.closed_at, story.resumable_until = event.at, event.resumable_until
    story.duration += event.at - story.period_at
    story.idle_since = story.idle_warning = story.limit_warning = None
    story.asked_at = story.unanswered_since = story.nudged_at = story.snoozed_until = None


def _resumed(story: Story, event: e.SessionResumed) -> None:
    story.phase, story.period, story.period_at = "open", event.period, event.at
    story.policy = story.policies[event.policy]
    story.floor, story.agent, story.term = event.floor, event.agent, story.term + 1
    story.closed_at = story.resumable_until = None
    story.keep_opens, story.said_in_period = 0, False
    _wait_after(story, event.floor, event.at)
    if event.floor == "agent":
        story.waiting_on, story.idle_since, story.unanswered_since = "visitor", event.at, None


def _archived(story: Story, event: e.SessionArchived) -> None:
    story.phase, story.archived_at = "archived", event.at
    story.context, story.visitor_context = {}, {}
    story.threads = {key: {} for key in story.threads}


def _posted(story: Story, event: e.MessagePosted) -> None:
    is_first = not story.said_in_period
    story.said_in_period = True
    match event.author.kind:
        case "visitor":
            _by_visitor(story, event)
        case "agent" if story.waiting_on == "agent":
            story.waiting_on, story.idle_since = "visitor", event.at
            story.unanswered_since = story.nudged_at = None
        case _ if is_first and story.idle_since is not None and story.idle_warning is None:
            story.idle_since = max(story.idle_since, event.at)
        case _:
            pass


def _by_visitor(story: Story, event: e.MessagePosted) -> None:
    story.keep_opens = 0
    match story.floor:
        case "bot":
            story.idle_since = event.at
        case "queue":
            story.offers = 0
        case _:
            story.waiting_on, story.idle_since = "agent", None
            story.unanswered_since = story.unanswered_since or event.at


def _turn_opened(story: Story, event: e.TurnOpened) -> None:
    story.turn, story.turns, story.heard_at = event, event.turn, event.at
    story.question = range(event.asked_seq + 1, event.seq) if event.asked_seq is not None else range(0)
    if event.by != "bot":
        story.waiting_on, story.idle_since = "bot", None


def _turn_retried(story: Story, event: e.TurnRetried) -> None:
    story.turn, story.heard_at = event, event.at


def _turn_ended(story: Story, event: e.TurnAnswered | e.TurnFailed | e.TurnSuperseded) -> None:
    story.turn = None
    is_closing = isinstance(event, e.TurnSuperseded) and event.reason == "closed"
    if story.waiting_on == "bot" and not is_closing:
        story.waiting_on, story.idle_since = "visitor", event.at


def _floor_changed(story: Story, event: e.FloorChanged) -> None:
    story.floor, story.term, story.agent = event.floor, event.term, event.agent
    _wait_after(story, event.floor, event.at)


def _wait_after(story: Story, floor: str, at: datetime) -> None:
    story.snoozed_until = story.nudged_at = story.unanswered_since = story.asked_at = story.idle_since = None
    story.offers, story.has_left_message = 0, False
    match floor:
        case "bot":
            story.waiting_on, story.idle_since = "visitor", at
        case "queue":
            story.waiting_on, story.asked_at = "agent", at
        case _:
            story.waiting_on, story.unanswered_since = "agent", at


def _offered(story: Story, event: e.QueueChoiceOffered) -> None:
    story.offers, story.asked_at = event.offer, event.at


def _chosen(story: Story, event: e.QueueChoiceMade) -> None:
    story.offers, story.asked_at, story.has_left_message = 0, event.at, event.choice == "leave_message"


def _nudged(story: Story, event: e.AgentNudged) -> None:
    story.nudged_at = event.at


def _snoozed(story: Story, event: e.SessionSnoozed) -> None:
    story.snoozed_until, story.waiting_on = event.until, "agent"
    story.idle_since = story.unanswered_since = story.nudged_at = None


def _snooze_ended(story: Story, event: e.SnoozeEnded) -> None:
    story.snoozed_until, story.nudged_at = None, None
    story.waiting_on, story.unanswered_since = "agent", event.at


def _received(story: Story, event: e.ContextReceived) -> None:
    story.context |= event.session_entries
    story.visitor_context |= event.visitor_entries


def _context_changed(story: Story, event: e.ContextChanged) -> None:
    scope = story.scope(event.scope, event.thread)
    for key in event.unset:
        scope.pop(key, None)
    scope |= event.set


def _context_cleared(story: Story, event: e.ContextCleared) -> None:
    story.scope(event.scope, event.thread).clear()


def _thread_started(story: Story, event: e.ThreadStarted) -> None:
    story.threads[event.thread], story.thread = {}, event.thread


def _thread_changed(story: Story, event: e.ThreadChanged) -> None:
    story.thread = event.thread if event.current else story.thread


def _adopted(story: Story, event: e.PolicyAdopted) -> None:
    story.policy = story.policies[event.policy]


def _identified(story: Story, event: e.VisitorIdentified) -> None:
    story.visitor = event.visitor


TELLING: dict[type[e.Event], Callable[[Story, Any], None]] = {
    e.SessionWarned: _warned,
    e.WarningLifted: _lifted,
    e.SessionKeptOpen: _kept_open,
    e.ActivitySeen: _active,
    e.SessionClosed: _closed,
    e.SessionResumed: _resumed,
    e.SessionArchived: _archived,
    e.MessagePosted: _posted,
    e.TurnOpened: _turn_opened,
    e.TurnRetried: _turn_retried,
    e.TurnAnswered: _turn_ended,
    e.TurnFailed: _turn_ended,
    e.TurnSuperseded: _turn_ended,
    e.FloorChanged: _floor_changed,
    e.QueueChoiceOffered: _offered,
    e.QueueChoiceMade: _chosen,
    e.AgentNudged: _nudged,
    e.SessionSnoozed: _snoozed,
    e.SnoozeEnded: _snooze_ended,
    e.ContextReceived: _received,
    e.ContextChanged: _context_changed,
    e.ContextCleared: _context_cleared,
    e.ThreadStarted: _thread_started,
    e.ThreadChanged: _thread_changed,
    e.PolicyAdopted: _adopted,
    e.VisitorIdentified: _identified,
}
