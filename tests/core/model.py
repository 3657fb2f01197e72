"""A second, much smaller opinion on what a session is: from the documentation alone, sharing no code with it."""

from datetime import datetime, timedelta

IDLE, GRACE, WINDOW = timedelta(minutes=30), timedelta(minutes=2), timedelta(hours=24)
SILENCE, QUEUE, AGENT = timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=10)
TYPING, OFFERS_MAX, ATTEMPTS_MAX = timedelta(seconds=20), 3, 2


class Model:
    """Phase, floor, whom it waits for, when it closes and how it ended."""

    def __init__(self, at: datetime) -> None:
        self.phase, self.outcome, self.settled = "open", None, False
        self.begin_period(at)

    def begin_period(self, at: datetime) -> None:
        """Open or resume, with the bot."""
        self.phase, self.outcome, self.settled = "open", None, False
        self.floor, self.waiting_on, self.warned = "bot", "visitor", False
        self.since, self.tries, self.covered = at, 0, at
        self.messages, self.visitor_was_last, self.unanswered = 0, False, False

    @property
    def due(self) -> datetime | None:
        """When something happens by itself; every place has one clock."""
        match (self.phase, self.floor, self.waiting_on):
            case ("open", "bot", "bot"):
                return self.since + SILENCE
            case ("open", _, "visitor"):
                return self.since + IDLE - (timedelta(0) if self.warned else GRACE)
            case ("open", "queue", _):
                return self.since + QUEUE
            case ("open", "agent", _):
                return self.since + AGENT
            case ("closed", _, _):
                return self.since + WINDOW
        return None

    @property
    def closes_at(self) -> datetime | None:
        """What the countdown says."""
        return self.since + IDLE if (self.phase, self.waiting_on) == ("open", "visitor") else None

    def pass_time(self, until: datetime) -> None:
        """Let everything happen by itself that is due until then."""
        while self.due is not None and self.due <= until:
            self.fire(self.due)

    def fire(self, at: datetime) -> None:
        """One deadline."""
        match (self.phase, self.floor, self.waiting_on):
            case ("closed", _, _):
                self.phase, self.settled = "archived", True
            case (_, _, "visitor") if self.warned:
                self.close(at)
            case (_, _, "visitor"):
                self.warned = True
            case (_, "bot", _):
                self.tries, self.since = self.tries + 1, at
                if self.tries == ATTEMPTS_MAX:
                    self.answer(at, knows=False)
            case (_, "queue", _):
                self.tries, self.since = self.tries + 1, at
                if self.tries > OFFERS_MAX:
                    self.pass_floor("bot", at)
                    self.visitor_was_last = False
            case (_, "agent", _):
                self.tries, self.since = self.tries + 1, at
                if self.tries == ATTEMPTS_MAX:
                    self.pass_floor("queue", at)

    def pass_floor(self, floor: str, at: datetime) -> None:
        """Somebody else speaks for the service."""
        self.floor, self.waiting_on, self.warned = floor, "visitor" if floor == "bot" else "agent", False
        self.since, self.tries = at, 0

    def write(self, at: datetime) -> None:
        """The visitor says something."""
        self.messages, self.visitor_was_last, self.covered = self.messages + 1, True, at
        if self.floor == "queue":
            self.tries = 0
        elif self.floor == "bot" or self.waiting_on == "visitor":
            self.unanswered = self.unanswered and self.floor != "bot"
            self.waiting_on, self.warned, self.since, self.tries = self.floor, False, at, 0

    def answer(self, at: datetime, *, knows: bool = True) -> None:
        """Bot or agent says something to what was asked."""
        self.waiting_on, self.visitor_was_last, self.unanswered = "visitor", False, not knows
        self.since, self.tries = at, 0

    def type(self, at: datetime) -> None:
        """The visitor types: what the last time covers is not counted again."""
        if self.waiting_on == "visitor" and (self.warned or not at < self.covered <= self.since):
            self.since = self.covered = at + TYPING
            self.warned = False

    def keep_open(self, at: datetime) -> None:
        """The visitor asks for more time."""
        if self.waiting_on == "visitor":
            self.since, self.warned = max(self.since, at), False

    def close(self, at: datetime) -> None:
        """The period ends."""
        self.phase, self.since = "closed", at
        if self.messages == 0:
            self.outcome = "empty"
        elif self.unanswered:
            self.outcome = "unresolved"
        elif self.waiting_on != "visitor" or self.visitor_was_last:
            self.outcome = "abandoned"
        else:
            self.outcome = "assumed"
