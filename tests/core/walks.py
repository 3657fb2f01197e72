"""Walks through a session's life: whatever people, bot and clock do, in whatever order and at whatever time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cast import DAY, HOUR, MINUTE, NOON, SECOND, ana, bot, carl, clock, dora, key
from hypothesis import given, settings
from hypothesis import strategies as st

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.apply import apply
from chatsession.core.decide import decide
from chatsession.core.due import due_at
from chatsession.core.policy import KeyRule, Limits, Policy
from chatsession.core.refusals import Refusal
from chatsession.core.session import Facts, Session, Thread

SECOND_POLICY = Policy(idle_timeout=90 * SECOND, warn_before=20 * SECOND, bot_silence=5 * SECOND, threads="manual")


@dataclass(frozen=True)
class Step:
    """One command of a walk: what was there, what was asked and when, what came of it."""

    before: Session | None
    command: c.Command
    at: datetime
    policy: Policy
    served_since: datetime
    answer: list[e.Event] | Refusal
    after: Session | None

    @property
    def events(self) -> list[e.Event]:
        """What happened; nothing, if the command was refused."""
        return [] if isinstance(self.answer, Refusal) else self.answer


def _turn(session: Session) -> tuple[int, int]:
    return (session.turn.number, session.turn.attempt) if session.turn else (session.turns or 1, 1)


def _answer(session: Session, **more) -> c.AnswerTurn:
    turn, attempt = _turn(session)
    return c.AnswerTurn(actor=bot, turn=turn, attempt=attempt, **{"text": "Yes", **more})


def _fail(session: Session) -> c.FailTurn:
    turn, attempt = _turn(session)
    return c.FailTurn(actor=bot, turn=turn, attempt=attempt, reason="error", usage=e.Usage(tokens_in=5))


def _refuse(session: Session) -> c.RefuseTurn:
    turn, attempt = _turn(session)
    return c.RefuseTurn(actor=bot, turn=turn, attempt=attempt, limit="tokens", span="inbox_day", used=9, allowed=9)


def _delta(session: Session) -> c.Touch:
    turn, attempt = _turn(session)
    return c.Touch(actor=bot, turn=turn, attempt=attempt)


Asked = Callable[[Session], c.Command]

DEEDS: dict[str, Asked] = {
    "visitor writes": lambda _: c.PostMessage(actor=ana, text="Hello?"),
    "visitor writes of a": lambda _: c.PostMessage(actor=ana, text="About a", thread="thr_a"),
    "visitor types": lambda _: c.Touch(actor=ana),
    "visitor keeps open": lambda _: c.KeepOpen(actor=ana),
    "visitor closes": lambda _: c.CloseSession(actor=ana),
    "visitor returns": lambda _: c.ResumeSession(actor=ana, policy=SECOND_POLICY.hash),
    "visitor returns with a word": lambda _: c.ResumeSession(actor=ana, policy=SECOND_POLICY.hash, text="Me again"),
    "visitor asks for a human": lambda _: c.RequestHandoff(actor=ana),
    "visitor waits": lambda _: c.AnswerQueueOffer(actor=ana, choice="wait"),
    "visitor takes the bot": lambda _: c.AnswerQueueOffer(actor=ana, choice="bot"),
    "visitor leaves a message": lambda _: c.AnswerQueueOffer(actor=ana, choice="leave_message"),
    "visitor stops the bot": lambda _: c.StopTurn(actor=ana),
    "visitor tries again": lambda _: c.RetryTurn(actor=ana),
    "visitor is content": lambda _: c.GiveFeedback(actor=ana, score=5),
    "visitor is not": lambda _: c.GiveFeedback(actor=ana, score=1),
    "visitor tells something": lambda _: c.ChangeContext(actor=ana, set={"order": 17, "offer": 1}),
    "visitor has a preference": lambda _: c.ChangeContext(actor=ana, scope="visitor", set={"language": "de"}),
    "visitor forgets it": lambda _: c.ChangeContext(actor=ana, unset=["order"]),
    "visitor starts a thread": lambda _: c.StartThread(actor=ana, topic="delivery"),
    "visitor goes on with a": lambda _: c.StartThread(actor=ana, thread="thr_a", continued_from="ses_0"),
    "bot answers": _answer,
    "bot answers by topic": lambda session: _answer(session, topic="refund", context={"intent": "refund"}),
    "bot does not know": lambda session: _answer(session, known=False),
    "bot needs an agent": lambda session: _answer(session, result="needs_agent"),
    "bot resolves": lambda session: _answer(session, resolved=True),
    "bot answers late": lambda session: c.AnswerTurn(actor=bot, turn=max(1, session.turns - 1), attempt=9, text="Late"),
    "bot fails": _fail,
    "bot streams": _delta,
    "bot speaks up": lambda _: c.OpenTurn(actor=bot),
    "bot says something": lambda _: c.PostMessage(actor=bot, text="News"),
    "door refuses the turn": _refuse,
    "carl claims": lambda _: c.ClaimSession(actor=carl),
    "dora claims": lambda session: c.ClaimSession(actor=dora, term=session.term),
    "carl writes": lambda _: c.PostMessage(actor=carl, text="I am here"),
    "dora writes": lambda _: c.PostMessage(actor=dora, text="So am I"),
    "carl hands back": lambda _: c.ReturnFloor(actor=carl, note="done"),
    "carl passes on": lambda _: c.ReturnFloor(actor=carl, to="queue"),
    "carl snoozes": lambda session: c.SnoozeSession(actor=carl, until=session.at + HOUR),
    "carl wakes up": lambda _: c.EndSnooze(actor=carl),
    "carl notes": lambda _: c.PostNote(actor=carl, text="note"),
    "carl resolves": lambda _: c.ResolveSession(actor=carl),
    "carl resolves a": lambda _: c.ResolveSession(actor=carl, thread="thr_a"),
    "carl closes": lambda _: c.CloseSession(actor=carl),
    "a program sets": lambda _: c.ChangeContext(actor=key, scope="thread", set={"parcel": 5}),
    "a program clears": lambda _: c.ClearContext(actor=key),
    "a program changes a": lambda _: c.ChangeThread(actor=key, thread="thr_a", status="pending", current=True),
    "a program changes the policy": lambda _: c.AdoptPolicy(actor=key, policy=SECOND_POLICY.hash),
    "the visitor is known": lambda _: c.IdentifyVisitor(actor=clock, visitor="vis_known"),
    "it is merged": lambda _: c.CloseSession(actor=clock, merged_into="ses_9"),
    "it is archived": lambda _: c.ArchiveSession(actor=clock),
}
"""What may be asked of a session; the clock's own deeds are `the clock` (when due) and `we were down`."""

CLOCK_DEEDS = ("the clock", "the clock", "the clock", "we were down", "the clock looks early")
MOMENTS = [timedelta(0), SECOND / 1_000, SECOND, 10 * SECOND, MINUTE, 5 * MINUTE, HOUR, -2 * SECOND]
"""How long it is to the next deed; the wall clock may also have been set back."""

policies = st.builds(
    Policy,
    idle_timeout=st.sampled_from([None, 2 * MINUTE, 30 * MINUTE]),
    warn_before=st.sampled_from([SECOND, MINUTE]),
    resume_window=st.sampled_from([None, timedelta(0), HOUR, DAY]),
    max_duration=st.sampled_from([None, 5 * MINUTE, HOUR]),
    bot_silence=st.sampled_from([None, 30 * SECOND]),
    queue_wait=st.sampled_from([None, 5 * MINUTE]),
    agent_silence=st.sampled_from([None, 10 * MINUTE]),
    retention=st.sampled_from([None, DAY]),
    reset_on=st.sampled_from(["visitor", "anyone"]),
    resume_to=st.sampled_from(["bot", "agent"]),
    keep_open_max=st.sampled_from([None, 10]),
    on_needs_agent=st.sampled_from(["offer", "queue"]),
    carry_over=st.sampled_from(["fresh", "keep_all", "summary", ("order",)]).map(lambda rule: {"default": rule}),
    preferences=st.just(("language",)),
    context_keys=st.just({"offer": KeyRule(ttl=MINUTE)}),
    threads=st.sampled_from(["off", "manual"]),
    limits=st.builds(Limits, session_turns=st.sampled_from([None, 3])),
)
MIX = [*DEEDS, *CLOCK_DEEDS * 3, *["visitor writes", "bot answers", "carl claims", "carl snoozes"] * 3]
"""The deeds as often as they are drawn."""

deeds = st.sampled_from(MIX)
steps = st.tuples(deeds, st.sampled_from(MOMENTS))
# Asked for by length, because lists of unstated length are short.
plans = st.integers(0, 60).flatmap(lambda length: st.lists(steps, min_size=length, max_size=length))


def walk(policy: Policy, plan: list[tuple[str, timedelta]], *, text: str | None = "Hello") -> Iterator[Step]:
    """Do what the plan says, step by step; the clock is asked exactly when it is due, or after an outage."""
    command: c.Command = c.OpenSession(
        actor=ana, session="ses_1", inbox="shop", visitor="vis_ana", policy=policy.hash, text=text
    )
    known = {policy.hash: policy, SECOND_POLICY.hash: SECOND_POLICY}
    step = _step(None, command, NOON, policy, NOON)
    yield step
    at, served_since, session = NOON, NOON, step.after
    for deed, later in plan:
        assert session is not None
        at += later
        current = known[session.policy]
        if deed == "we were down":
            at += HOUR
            served_since = at
        if deed == "the clock":
            due = due_at(session, current, served_since)
            at = at if due is None else max(at, due)
        command = DEEDS[deed](session) if deed in DEEDS else c.Tick(served_since=served_since)
        wanted = command.policy if isinstance(command, c.AdoptPolicy | c.ResumeSession) else session.policy
        step = _step(session, command, at, known[wanted], served_since)
        yield step
        session = step.after


def _step(session: Session | None, command: c.Command, at: datetime, policy: Policy, served_since: datetime) -> Step:
    answer = decide(session, command, policy, at, Facts(agent_present=at.second % 2 == 0, continued=Thread()))
    after = session
    for event in [] if isinstance(answer, Refusal) else answer:
        after = apply(after, event)
    return Step(session, command, at, policy, served_since, answer, after)


def each_event(policy: Policy, plan: list[tuple[str, timedelta]], text: str | None) -> Iterator[tuple]:
    """Every event of a life: its step, the session before it, the event, and the session after it."""
    for step in walk(policy, plan, text=text):
        session = step.before
        for event in step.events:
            before, session = session, apply(session, event)
            yield step, before, event, session


lives = given(policies, plans, st.sampled_from(["Hello", None]))
often = settings(max_examples=70)
