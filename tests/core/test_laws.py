"""What holds in every life of a session, whatever happens in it."""

from random import Random
from typing import get_args

from cast import MINUTE
from core.walks import DEEDS, MIX, MOMENTS, each_event, lives, often, walk

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.apply import fold
from chatsession.core.context import assemble, flat_context
from chatsession.core.decide import decide
from chatsession.core.policy import Limits, Policy
from chatsession.core.refusals import Refusal
from chatsession.core.session import Session
from chatsession.core.table import TABLE, legal
from chatsession.core.words import CloseReason

AFTER_THE_END = (
    e.SessionResumed,
    e.FeedbackGiven,
    e.OutcomeSettled,
    e.ContextCarried,
    e.SessionArchived,
    e.NotePosted,
    e.ThreadResolved,
)
TURN_ENDS = (e.TurnAnswered, e.TurnFailed, e.TurnSuperseded)


@often
@lives
def test_replaying_the_list_gives_the_same_session_from_the_start_and_from_any_snapshot(policy, plan, text):
    """I16."""
    frames, snapshots = [], [None]
    for _, _, event, after in each_event(policy, plan, text):
        frames.append(e.encode(event))
        snapshots.append(after)

    final = snapshots[-1]
    assert fold(frames) == final
    middle = len(frames) // 2
    assert fold(frames[middle:], snapshots[middle]) == final
    assert all(e.encode(e.decode(frame)) == frame for frame in frames)


@often
@lives
def test_events_are_numbered_without_gaps_and_none_is_before_the_one_before_it(policy, plan, text):
    """I5."""
    for step, before, event, _ in each_event(policy, plan, text):
        assert event.seq == (1 if before is None else before.seq + 1)
        assert event.at >= (before.at if before else event.at)
        assert event.at == max(step.at, before.at if before else step.at)


@often
@lives
def test_what_was_decided_is_decided_again_the_same(policy, plan, text):
    """The rules are a function: a store that lost a race asks them once more."""
    for step in walk(policy, plan, text=text):
        if step.before is not None and not isinstance(step.command, c.ResumeSession | c.StartThread):
            assert decide(step.before, step.command, step.policy, step.at) == step.answer


@often
@lives
def test_exactly_one_holds_the_floor_under_a_term_that_only_grows(policy, plan, text):
    """I10."""
    for _, before, event, after in each_event(policy, plan, text):
        changed = isinstance(event, e.FloorChanged | e.SessionResumed)
        assert after.term == (1 if before is None else before.term + changed)
        assert (after.floor == "agent") == (after.agent is not None)


@often
@lives
def test_whom_an_open_session_waits_for_is_there_to_be_waited_for(policy, plan, text):
    for step in walk(policy, plan, text=text):
        after = step.after
        if after.phase == "open":
            assert (after.floor == "queue") == (after.queue is not None)
            assert after.turn is None or after.floor == "bot"
            assert after.waiting_on != "bot" or after.turn is not None
            assert (after.waiting_on == "visitor") == (after.idle_since is not None)
            assert after.snoozed_until is None or (after.floor, after.waiting_on) == ("agent", "agent")
            assert after.idle_warning is None or after.waiting_on == "visitor"


@often
@lives
def test_only_who_has_the_floor_speaks_for_the_service(policy, plan, text):
    for _, before, event, _ in each_event(policy, plan, text):
        if isinstance(event, e.MessagePosted) and event.author.kind != "visitor":
            assert before is not None
            assert before.floor == event.author.kind
            assert event.author.kind == "bot" or event.author.id == before.agent


@often
@lives
def test_nothing_enters_a_session_that_is_not_open_but_what_may(policy, plan, text):
    """I7."""
    for _, before, event, _ in each_event(policy, plan, text):
        if before is not None and before.phase != "open":
            assert isinstance(event, AFTER_THE_END)
        if before is not None and before.phase == "archived":
            assert not isinstance(event, e.SessionResumed)


@often
@lives
def test_every_opened_turn_is_answered_failed_or_superseded(policy, plan, text):
    """I9."""
    running: set[int] = set()
    for _, _, event, after in each_event(policy, plan, text):
        if isinstance(event, e.TurnOpened):
            running.add(event.turn)
        if isinstance(event, TURN_ENDS):
            running.remove(event.turn)
        assert running == ({after.turn.number} if after.turn else set())
        assert after.phase == "open" or not running


@often
@lives
def test_a_period_has_one_closing_and_a_session_says_how_each_ended(policy, plan, text):
    closings: dict[int, e.SessionClosed] = {}
    settled: dict[int, e.OutcomeSettled] = {}
    final: Session | None = None
    for _, _, event, after in each_event(policy, plan, text):
        final = after
        if isinstance(event, e.SessionClosed):
            assert event.period not in closings
            closings[event.period] = event
        if isinstance(event, e.OutcomeSettled):
            assert event.period in closings
            assert event.period not in settled
            settled[event.period] = event
    assert final is not None
    over = final.period if final.phase == "archived" else final.period - 1
    unsettled = {final.unsettled.period} if final.unsettled else set()
    assert set(settled) == set(range(1, over + 1)) - unsettled


@often
@lives
def test_what_is_refused_or_asked_again_changes_nothing(policy, plan, text):
    for step in walk(policy, plan, text=text):
        if isinstance(step.answer, Refusal):
            assert step.after == step.before
        if step.before is not None and step.before.phase in TABLE[type(step.command)].already:
            brings = isinstance(step.command, c.ResumeSession) and step.command.text is not None
            assert step.answer == [] or brings


@often
@lives
def test_the_table_says_where_a_command_is_legal(policy, plan, text):
    for step in walk(policy, plan, text=text):
        if step.before is not None and step.events:
            assert legal(type(step.command), step.before.phase, step.before.floor)
            assert step.command.actor.kind in TABLE[type(step.command)].actors


@often
@lives
def test_a_resume_restores_exactly_the_context_of_the_closing(policy, plan, text):
    """I8; a scope that is cleared, and the context of an archived session, stay cleared."""
    sealed = None
    for _, before, event, after in each_event(policy, plan, text):
        if isinstance(event, e.SessionClosed):
            sealed = (after.context, after.visitor_context, after.threads)
        if isinstance(event, e.SessionResumed) and before is not None:
            now = {key: thread.context for key, thread in after.threads.items()}
            assert (after.context, after.visitor_context) == sealed[:2]
            assert now == {key: thread.context for key, thread in sealed[2].items()}
        if after.phase == "archived":
            assert flat_context(after, event.at) == {}
            assert assemble(after, [], event.at).context == {}


@often
@lives
def test_an_expired_value_is_never_shown(policy, plan, text):
    for step, _, _, after in each_event(policy, plan, text):
        shown = flat_context(after, step.at)
        of_thread = after.threads[after.thread].context if after.thread else {}
        in_force = {**after.visitor_context, **after.context, **of_thread}
        fresh = [name for name, entry in in_force.items() if not entry.expires_at or entry.expires_at > step.at]
        assert set(shown) == set(fresh)


@often
@lives
def test_a_session_does_not_grow_with_its_history(policy, plan, text):
    """No messages and no set of ids in the state: it is as large after a thousand as after one."""
    for _, _, _, after in each_event(policy, plan, text):
        assert len(repr(after)) < 9_000


def test_the_walks_go_everywhere():
    """Every deed is accepted somewhere, every event happens and every clock closes: else the laws would say little."""
    chance = Random(7)
    accepted, happened, reasons = set(), set(), set()
    for _ in range(400):
        plan = [(chance.choice(MIX), chance.choice(MOMENTS[:5] * 4 + MOMENTS)) for _ in range(60)]
        policy = Policy(
            idle_timeout=2 * MINUTE,
            warn_before=MINUTE,
            max_duration=chance.choice([None, 20 * MINUTE]),
            threads="manual",
            limits=Limits(session_turns=20),
            on_needs_agent=chance.choice(["offer", "queue"]),
        )
        steps_ = [*walk(policy, plan)]
        accepted |= {deed for (deed, _), step in zip(plan, steps_[1:], strict=True) if step.events}
        events = [event for step in steps_ for event in step.events]
        happened |= {type(event) for event in events}
        reasons |= {event.reason for event in events if isinstance(event, e.SessionClosed)}

    assert set(DEEDS) - accepted == {"bot answers late"}
    assert set(e.EVENT_TYPES.values()) - happened == {e.ContextReceived, e.Redacted}
    assert reasons == set(get_args(CloseReason))
