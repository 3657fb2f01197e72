"""Who speaks for the service, and how the floor passes between bot, queue and agent."""

from typing import Any

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.draft import Draft
from chatsession.core.durations import LONGEST
from chatsession.core.refusals import Refusal, floor_taken, invalid
from chatsession.core.rules.checks import text_refused
from chatsession.core.words import Floor, FloorReason


def pass_floor(draft: Draft, floor: Floor, reason: FloorReason, by: str, **more: Any) -> None:
    """Give the floor to its next holder under a new term; a turn ends, a timeout warning is lifted."""
    turn = draft.session.turn
    if turn is not None:
        draft.add(e.TurnSuperseded, turn=turn.number, attempt=turn.attempt, reason="handoff")
    if draft.session.idle_warning is not None:
        draft.add(e.WarningLifted, by=by)
    draft.add(e.FloorChanged, floor=floor, term=draft.session.term + 1, reason=reason, by=by, **more)


def to_queue(draft: Draft, by: str, note: str | None) -> None:
    """Put the session into the queue for a human; `note` is the visitor's own word on why."""
    pass_floor(draft, "queue", "handoff", by, note=note)


def request_handoff(draft: Draft, command: c.RequestHandoff) -> Refusal | None:
    """Ask for a human; where one is asked for or present already, nothing new happens."""
    if command.note is not None and (refusal := text_refused(command.note, "note", limits.NOTE_CHARS_MAX)):
        return refusal
    if draft.session.floor == "bot":
        by_visitor = command.actor.kind == "visitor"
        to_queue(draft, command.actor.label, command.note if by_visitor else None)
        _note(draft, command.actor, None if by_visitor else command.note)
    return None


def claim(draft: Draft, command: c.ClaimSession) -> Refusal | None:
    """Take the floor: from bot or queue, under the term the agent saw; of several at once, one wins."""
    session, actor = draft.session, command.actor
    if session.floor == "agent":
        return None if session.agent == actor.id else floor_taken("agent")
    if command.term is not None and command.term != session.term:
        return floor_taken(session.floor)
    pass_floor(draft, "agent", "claimed", actor.label, agent=actor.id, agent_name=actor.name)
    return None


def give_back(draft: Draft, command: c.ReturnFloor) -> Refusal | None:
    """Hand the session back to the bot, or to the queue for a colleague."""
    if command.note is not None and (refusal := text_refused(command.note, "note", limits.NOTE_CHARS_MAX)):
        return refusal
    if (refusal := _not_the_holder(draft, command.actor)) is not None:
        return refusal
    match command.to:
        case "bot":
            pass_floor(draft, "bot", "handed_back", command.actor.label)
        case "queue":
            if draft.session.floor != "queue":
                pass_floor(draft, "queue", "transferred", command.actor.label)
        case _:
            return invalid('to must be "bot" or "queue".', field="to")
    _note(draft, command.actor, command.note)
    return None


def snooze(draft: Draft, command: c.SnoozeSession) -> Refusal | None:
    """Put the session aside until an instant in the future."""
    if (refusal := _not_the_holder(draft, command.actor)) is not None:
        return refusal
    if not draft.now < command.until <= draft.now + LONGEST:
        return invalid("until must lie in the future, 400 days ahead at most.", field="until")
    if draft.session.idle_warning is not None:
        draft.add(e.WarningLifted, by=command.actor.label)
    draft.add(e.SessionSnoozed, until=command.until, by=command.actor.label)
    return None


def end_snooze(draft: Draft, command: c.EndSnooze) -> Refusal | None:
    """Take the session up again."""
    if (refusal := _not_the_holder(draft, command.actor)) is not None:
        return refusal
    if draft.session.snoozed_until is not None:
        draft.add(e.SnoozeEnded, by=command.actor.label)
    return None


def _note(draft: Draft, actor: c.Actor, text: str | None) -> None:
    """Keep what staff and bot say about a change of the floor among themselves: the visitor must not read it."""
    if text:
        kind = "agent" if actor.kind == "agent" else "bot"
        draft.add(e.NotePosted, author=e.Author(kind=kind, id=actor.id, name=actor.name), text=text)


def _not_the_holder(draft: Draft, actor: c.Actor) -> Refusal | None:
    session = draft.session
    if actor.kind == "agent" and session.floor == "agent" and session.agent != actor.id:
        return floor_taken("agent")
    return None
