"""I15, I16: the list alone gives the state that was decided on, and every instant of it has one account."""

from collections.abc import Sequence
from typing import Any

from chatsession.core import events as e
from chatsession.core.apply import apply, fold
from chatsession.core.facts import SessionFacts, follow
from chatsession.core.session import Session
from chatsession.simulation.checks.entering import Finding
from chatsession.simulation.checks.story import BUCKETS, Story
from chatsession.simulation.checks.violations import Invariant


def disagreement(story: Story, state: Session) -> Finding:
    """Say where the state that was decided on is not what its events tell."""
    for invariant, name, told, decided in _compared(story, state):
        if told != decided:
            return invariant, f"{name} is {decided!r}; its events tell {told!r}"
    return None


def _compared(story: Story, state: Session) -> list[tuple[Invariant, str, Any, Any]]:
    turn = story.turn and (story.turn.turn, story.turn.attempt)
    queue = state.queue
    return [
        ("I16", "seq", story.seq, state.seq),
        ("I16", "at", story.at, state.at),
        ("I7", "phase", story.phase, state.phase),
        ("I7", "period", story.period, state.period),
        ("I10", "floor", (story.floor, story.term, story.agent), (state.floor, state.term, state.agent)),
        ("I10", "waiting_on", story.waiting_on, state.waiting_on),
        ("I9", "turn", turn, state.turn and (state.turn.number, state.turn.attempt)),
        ("I6", "idle_since", story.idle_since, state.idle_since),
        ("I6", "idle_warning", _warning(story.idle_warning), _warning(state.idle_warning)),
        ("I6", "limit_warning", _warning(story.limit_warning), _warning(state.limit_warning)),
        ("I6", "asked_at", story.asked_at, queue and queue.asked_at),
        ("I6", "unanswered_since", story.unanswered_since, state.unanswered_since),
        ("I6", "nudged_at", story.nudged_at, state.nudged_at),
        ("I6", "snoozed_until", story.snoozed_until, state.snoozed_until),
        ("I6", "resumable_until", story.resumable_until, state.resumable_until),
        ("I8", "context", story.context, state.context),
        ("I8", "visitor_context", story.visitor_context, state.visitor_context),
        ("I8", "threads", story.threads, {key: thread.context for key, thread in state.threads.items()}),
        ("I16", "visitor", story.visitor, state.visitor),
        ("I16", "thread", story.thread, state.thread),
    ]


def _warning(warning: Any) -> Any:
    return warning and (warning.at, warning.closes_at)


def folded_otherwise(frames: Sequence[bytes], state: Session, loaded: Session | None) -> str | None:
    """Say whether the list, folded from its first event or from the snapshot, gives another state."""
    again = fold(frames)
    if again != state:
        return f"the full fold differs in {_differences(again, state)}"
    if loaded != state:
        return f"snapshot and tail differ in {_differences(loaded, state)}"
    return None


def _differences(one: Session | None, other: Session) -> str:
    if one is None:
        return "everything: there is nothing"
    names = [name for name in other.__struct_fields__ if getattr(one, name) != getattr(other, name)]
    return ", ".join(f"{name}: {getattr(one, name)!r}, not {getattr(other, name)!r}" for name in names[:3])


def misaccounted(story: Story) -> str | None:
    """Say whether the accounts of the closed periods do not add up to their lengths, or differ from the bystander's."""
    facts = _facts_of(story.events)
    if facts is None:
        return None
    total = facts.accounts.total
    if not total == facts.duration == story.duration:
        return f"accounts of {total} for periods of {facts.duration}; a bystander counted {story.duration}"
    wrong = [name for name in BUCKETS if getattr(facts.accounts, name) != story.accounts[name]]
    if wrong:
        counted = {name: str(story.accounts[name]) for name in wrong}
        return f"accounts {[(name, str(getattr(facts.accounts, name))) for name in wrong]}, a bystander: {counted}"
    return None


def _facts_of(events: Sequence[e.Event]) -> SessionFacts | None:
    facts: SessionFacts | None = None
    before: Session | None = None
    for event in events:
        facts = follow(facts, before, event)
        before = apply(before, event)
    return facts
