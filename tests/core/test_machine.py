"""The rules against a second opinion: any sequence of deeds and of time leads both to the same place."""

from datetime import timedelta

from cast import NOON, ana, bot, carl, clock, open_session
from core.model import Model
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chatsession.core import commands as c
from chatsession.core.apply import apply
from chatsession.core.decide import decide
from chatsession.core.due import closes_at, due_at
from chatsession.core.policy import Limits, Policy
from chatsession.core.refusals import Refusal

POLICY = Policy(limits=Limits(session_turns=None))
LENGTHS = [
    timedelta(0),
    timedelta(milliseconds=1),
    timedelta(seconds=15),
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=10),
    timedelta(minutes=28),
    timedelta(hours=2),
    timedelta(days=2),
]


def is_open(machine):
    return machine.model.phase == "open"


def has(floor, waiting_on=None):
    def place(machine):
        model = machine.model
        return model.phase == "open" and model.floor == floor and waiting_on in (None, model.waiting_on)

    return place


class SessionMachine(RuleBasedStateMachine):
    """A session of the rules and one of the model, side by side."""

    @initialize(greeted=st.booleans())
    def open(self, greeted):
        self.now = NOON
        self.begin(greeted=greeted)

    def begin(self, *, greeted):
        self.model = Model(self.now)
        self.session = open_session(at=self.now, policy=POLICY, text=None if greeted else "Hello")
        if not greeted:
            self.model.write(self.now)

    def do(self, command):
        answer = decide(self.session, command, POLICY, self.now)
        assert not isinstance(answer, Refusal), answer
        for event in answer:
            self.session = apply(self.session, event)

    @rule(length=st.sampled_from(LENGTHS))
    def time_passes(self, length):
        until = self.now + length
        self.model.pass_time(until)
        while (due := due_at(self.session, POLICY)) is not None and due <= until:
            self.now = due
            self.do(c.Tick())
        self.now = until

    @precondition(is_open)
    @rule()
    def visitor_writes(self):
        self.do(c.PostMessage(actor=ana, text="Hello?"))
        self.model.write(self.now)

    @precondition(is_open)
    @rule()
    def visitor_types(self):
        self.do(c.Touch(actor=ana))
        self.model.type(self.now)

    @precondition(is_open)
    @rule()
    def visitor_keeps_open(self):
        self.do(c.KeepOpen(actor=ana))
        self.model.keep_open(self.now)

    @precondition(has("bot", "bot"))
    @rule(knows=st.booleans())
    def bot_answers(self, knows):
        turn = self.session.turn
        self.do(c.AnswerTurn(actor=bot, turn=turn.number, attempt=turn.attempt, text="Yes", known=knows))
        self.model.answer(self.now, knows=knows)

    @precondition(has("bot"))
    @rule()
    def visitor_asks_for_a_human(self):
        self.do(c.RequestHandoff(actor=ana))
        self.model.pass_floor("queue", self.now)

    @precondition(has("queue"))
    @rule()
    def agent_claims(self):
        self.do(c.ClaimSession(actor=carl))
        self.model.pass_floor("agent", self.now)

    @precondition(has("agent", "agent"))
    @rule()
    def agent_answers(self):
        self.do(c.PostMessage(actor=carl, text="I am here"))
        self.model.answer(self.now)

    @precondition(has("agent"))
    @rule()
    def agent_hands_back(self):
        self.do(c.ReturnFloor(actor=carl))
        self.model.pass_floor("bot", self.now)

    @precondition(is_open)
    @rule()
    def visitor_closes(self):
        self.do(c.CloseSession(actor=ana))
        self.model.close(self.now)

    @precondition(lambda machine: machine.model.phase == "closed")
    @rule(with_a_word=st.booleans())
    def visitor_returns(self, with_a_word):
        text = "Me again" if with_a_word else None
        self.do(c.ResumeSession(actor=ana, policy=POLICY.hash, text=text))
        self.model.begin_period(self.now)
        if with_a_word:
            self.model.write(self.now)

    @precondition(lambda machine: machine.model.phase == "closed")
    @rule()
    def a_new_session_begins(self):
        self.do(c.ArchiveSession(actor=clock))
        self.model.phase, self.model.settled = "archived", True

    @precondition(lambda machine: machine.model.phase == "archived")
    @rule(greeted=st.booleans())
    def visitor_starts_anew(self, greeted):
        self.begin(greeted=greeted)

    @invariant()
    def both_are_in_the_same_place(self):
        session, model = self.session, self.model
        assert (session.phase, session.outcome, session.outcome_settled) == (model.phase, model.outcome, model.settled)
        if session.phase == "open":
            assert (session.floor, session.waiting_on) == (model.floor, model.waiting_on)
            assert (session.idle_warning is not None) == model.warned
        end = closes_at(session, POLICY)
        assert (end and end[0]) == model.closes_at
        assert due_at(session, POLICY) == model.due


SessionMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestSessionMachine = SessionMachine.TestCase
