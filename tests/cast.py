"""The cast: who appears in the tests, when, and under which policy."""

from datetime import UTC, datetime, timedelta

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.apply import apply
from chatsession.core.decide import decide
from chatsession.core.policy import Limits, Policy
from chatsession.core.refusals import Refusal
from chatsession.core.session import NO_FACTS, Facts, Session, Thread

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=s) for s in (1, 60, 3_600, 86_400))

ana = c.Actor(kind="visitor", id="vis_ana")
bea = c.Actor(kind="visitor", id="vis_bea")
carl = c.Actor(kind="agent", id="carl", name="Carl")
dora = c.Actor(kind="agent", id="dora", name="Dora")
key = c.Actor(kind="key", id="backoffice")
bot = c.BOT
clock = c.CLOCK

POLICY = Policy(threads="manual", limits=Limits(session_turns=None))


def stepped(
    session: Session | None,
    command: c.Command,
    *,
    at: datetime = NOON,
    policy: Policy = POLICY,
    facts: Facts = NO_FACTS,
) -> Session:
    """The session after a command that must be accepted."""
    decided = decide(session, command, policy, at, facts)
    assert not isinstance(decided, Refusal), decided
    for event in decided:
        session = apply(session, event)
    assert session is not None
    return session


def open_session(
    visitor: c.Actor = ana,
    *,
    at: datetime = NOON,
    policy: Policy = POLICY,
    text: str | None = "Hello",
    facts: Facts = NO_FACTS,
    **more,
) -> Session:
    """A session that a visitor has just opened, by default with a first message (so that a turn is open)."""
    command = c.OpenSession(
        actor=visitor, session="ses_1", inbox="shop", visitor=visitor.id or "", policy=policy.hash, text=text, **more
    )
    return stepped(None, command, at=at, policy=policy, facts=facts)


def answered(
    session: Session, *, at: datetime = NOON, policy: Policy = POLICY, text: str = "Hi, how can I help?"
) -> Session:
    """The session after the bot has answered its open turn."""
    assert session.turn is not None
    command = c.AnswerTurn(actor=bot, turn=session.turn.number, attempt=session.turn.attempt, text=text)
    return stepped(session, command, at=at, policy=policy)


def decided(
    session: Session | None,
    command: c.Command,
    *,
    at: datetime = NOON,
    policy: Policy = POLICY,
    facts: Facts = NO_FACTS,
) -> list[e.Event]:
    """The events of a command that must be accepted."""
    answer = decide(session, command, policy, at, facts)
    assert not isinstance(answer, Refusal), answer
    return answer


def refused(
    session: Session | None,
    command: c.Command,
    *,
    at: datetime = NOON,
    policy: Policy = POLICY,
    facts: Facts = NO_FACTS,
) -> Refusal:
    """The refusal of a command that must be refused."""
    answer = decide(session, command, policy, at, facts)
    assert isinstance(answer, Refusal), answer
    return answer


def kinds(events: list[e.Event]) -> list[type[e.Event]]:
    """What kinds of events these are, in order."""
    return [type(event) for event in events]


def waiting(*, at: datetime = NOON, policy: Policy = POLICY, **more) -> Session:
    """A session that waits on the visitor: asked and answered at once."""
    return answered(open_session(at=at, policy=policy, **more), at=at, policy=policy)


def queued(*, at: datetime = NOON, policy: Policy = POLICY) -> Session:
    """A session whose visitor waits for a human."""
    return stepped(waiting(at=at, policy=policy), c.RequestHandoff(actor=ana), at=at, policy=policy)


def with_agent(agent: c.Actor = carl, *, at: datetime = NOON, policy: Policy = POLICY) -> Session:
    """A session that an agent has taken from the queue."""
    return stepped(queued(at=at, policy=policy), c.ClaimSession(actor=agent), at=at, policy=policy)


def closed(*, at: datetime = NOON, policy: Policy = POLICY, by: c.Actor = ana) -> Session:
    """A session that was answered and then closed."""
    return stepped(waiting(at=at, policy=policy), c.CloseSession(actor=by), at=at, policy=policy)


def archived(*, at: datetime = NOON, policy: Policy = POLICY) -> Session:
    """A session that cannot be resumed any more."""
    return stepped(closed(at=at, policy=policy), c.ArchiveSession(actor=clock), at=at, policy=policy)


def in_thread(session: Session, thread: str, *, policy: Policy = POLICY, topic: str | None = None) -> Session:
    """The session after a thread of an earlier one was taken up in it."""
    command = c.StartThread(actor=key, thread=thread, topic=topic, continued_from="ses_0")
    return stepped(session, command, at=session.at, policy=policy, facts=Facts(continued=Thread()))
