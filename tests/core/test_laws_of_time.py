"""What holds of clocks, warnings and accounts in every life of a session."""

from core.walks import each_event, lives, often, walk

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.apply import apply
from chatsession.core.decide import decide
from chatsession.core.due import clocks, due_at
from chatsession.core.facts import follow
from chatsession.core.refusals import Refusal


@often
@lives
def test_no_clock_fires_early(policy, plan, text):
    """I6: before it is due, a tick changes nothing; what a tick does, a clock was due for."""
    for step in walk(policy, plan, text=text):
        if isinstance(step.command, c.Tick) and step.before is not None:
            due = due_at(step.before, step.policy, step.served_since)
            if due is None or max(step.at, step.before.at) < due:
                assert step.answer == []


@often
@lives
def test_a_clock_that_has_fired_does_not_fire_again_at_once(policy, plan, text):
    """I6: fires once. Every clock that was due is dealt with by one tick, or has at least its grace to run."""
    for step in walk(policy, plan, text=text):
        if isinstance(step.command, c.Tick) and step.after is not None and step.after.phase != "archived":
            again = decide(step.after, step.command, step.policy, step.at)
            assert again == []


@often
@lives
def test_a_timer_closes_only_under_a_standing_warning_after_the_whole_grace(policy, plan, text):
    """Whatever outage lies between; and never before the clock's own length since the last sign of life."""
    warnings: dict[str, e.SessionWarned] = {}
    for step, before, event, _ in each_event(policy, plan, text):
        match event:
            case e.SessionWarned():
                warnings[event.reason] = event
                assert event.closes_at >= event.at + step.policy.warn_before
            case e.WarningLifted():
                del warnings[event.reason]
            case e.SessionClosed(reason="timeout" | "limit"):
                warning = warnings[event.reason]
                assert event.at >= warning.closes_at
                assert warning.at >= step.served_since
            case e.SessionResumed():
                warnings.clear()
        if isinstance(event, e.SessionClosed):
            warnings.clear()
        if isinstance(event, e.SessionClosed) and event.reason == "timeout" and before is not None:
            assert before.waiting_on == "visitor"
            assert before.floor != "queue"
            assert before.snoozed_until is None


@often
@lives
def test_no_silence_of_ours_counts_against_the_visitor(policy, plan, text):
    """A timeout comes the whole idle timeout after the last message, typing or keep-open, at the earliest."""
    alive_at = None
    for step in walk(policy, plan, text=text):
        session = step.before
        now = step.at if session is None else max(step.at, session.at)
        for event in step.events:
            if isinstance(event, e.SessionClosed) and event.reason == "timeout":
                assert event.at >= alive_at + step.policy.idle_timeout
            session = apply(session, event)
            if isinstance(event, e.SessionOpened) or session.waiting_on != "visitor":
                alive_at = now
        is_sign = isinstance(step.command, c.KeepOpen | c.Touch | c.PostMessage | c.ResumeSession)
        if is_sign and step.command.actor.kind == "visitor" and not isinstance(step.answer, Refusal):
            alive_at = now


@often
@lives
def test_every_moment_of_a_period_is_in_one_account_and_they_sum_to_the_duration(policy, plan, text):
    """I15."""
    facts, open_since, duration = None, None, None
    for _, before, event, after in each_event(policy, plan, text):
        facts = follow(facts, before, event)
        if isinstance(event, e.SessionOpened):
            duration = event.at - event.at
        if isinstance(event, e.SessionOpened | e.SessionResumed):
            open_since = event.at
        if isinstance(event, e.SessionClosed):
            duration += event.at - open_since
        running = after.at - open_since if after.phase == "open" else duration - duration
        assert facts.accounts.total == duration + running
        assert facts.duration == duration


@often
@lives
def test_an_open_session_that_waits_on_anybody_has_a_clock_unless_it_is_off(policy, plan, text):
    for _, _, _, after in each_event(policy, plan, text):
        names = {clock.name for clock in clocks(after, policy)}
        if after.phase != "open":
            assert names <= {"resume_window", "retention"}
            continue
        assert not names & {"resume_window", "retention"}
        assert "idle_timeout" not in names or after.waiting_on == "visitor"
        assert "snoozed_until" in names or after.snoozed_until is None
