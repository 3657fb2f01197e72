"""The rules' own table: who may ask for what, in which phase, on which floor, and which function answers.

The diagrams and tables of the documentation, the authorisation of the door and the coverage of the simulation are all
read from here.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from chatsession.core import commands as c
from chatsession.core.draft import Draft
from chatsession.core.refusals import Refusal, turn_over
from chatsession.core.rules import (
    closing,
    contexts,
    feedback,
    floors,
    idling,
    messages,
    policies,
    queueing,
    returning,
    threads,
    ticking,
    turns,
)
from chatsession.core.words import ActorKind, Floor, Phase

Handler = Callable[[Draft, Any], Refusal | None]

EVERY_PHASE: frozenset[Phase] = frozenset(("open", "closed", "archived"))
EVERY_FLOOR: frozenset[Floor] = frozenset(("bot", "queue", "agent"))
OPEN: frozenset[Phase] = frozenset(("open",))
NEVER: frozenset[Phase] = frozenset()


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Where a command is legal and what answers it."""

    handler: Handler
    actors: frozenset[ActorKind]
    phases: frozenset[Phase] = OPEN
    already: frozenset[Phase] = NEVER
    """Phases in which what is asked for already is: answered with nothing new."""
    floors: frozenset[Floor] = EVERY_FLOOR
    """Floors on which the command can do something, while the session is open."""
    late: Callable[[], Refusal] | None = None
    """The refusal out of place, where it is not the phase's or the floor's own."""


def _who(*kinds: ActorKind) -> frozenset[ActorKind]:
    return frozenset(kinds)


_BOT: frozenset[Floor] = frozenset(("bot",))
_AGENT: frozenset[Floor] = frozenset(("agent",))
_STAFF = _who("agent", "key")
_PEOPLE = _who("visitor", "agent", "key")
_ALL = _who("visitor", "agent", "key", "bot")

TABLE: dict[type[c.Command], Rule] = {
    c.PostMessage: Rule(handler=messages.post, actors=_ALL),
    c.AnswerTurn: Rule(handler=turns.answer, actors=_who("bot"), floors=_BOT, late=turn_over),
    c.FailTurn: Rule(handler=turns.fail, actors=_who("bot", "clock"), floors=_BOT, late=turn_over),
    c.OpenTurn: Rule(handler=turns.open_by_bot, actors=_who("bot", "key"), floors=_BOT),
    c.RefuseTurn: Rule(handler=turns.refuse, actors=_who("bot", "clock"), floors=_BOT, late=turn_over),
    c.StopTurn: Rule(handler=turns.stop, actors=_PEOPLE, floors=_BOT),
    c.RetryTurn: Rule(handler=turns.retry, actors=_PEOPLE, floors=_BOT),
    c.Touch: Rule(handler=idling.touch, actors=_ALL),
    c.KeepOpen: Rule(handler=idling.keep_open, actors=_PEOPLE),
    c.CloseSession: Rule(
        handler=closing.close_on_request,
        actors=_who("visitor", "agent", "key", "clock"),
        already=frozenset(("closed", "archived")),
    ),
    c.ResolveSession: Rule(handler=closing.resolve, actors=_who("agent", "key", "bot"), phases=EVERY_PHASE),
    c.ResumeSession: Rule(handler=returning.resume, actors=_PEOPLE, phases=frozenset(("open", "closed")), already=OPEN),
    c.ArchiveSession: Rule(
        handler=closing.archive_on_request,
        actors=_who("visitor", "key", "clock"),
        phases=frozenset(("closed",)),
        already=frozenset(("archived",)),
    ),
    c.RequestHandoff: Rule(handler=floors.request_handoff, actors=_ALL),
    c.ClaimSession: Rule(handler=floors.claim, actors=_who("agent")),
    c.ReturnFloor: Rule(handler=floors.give_back, actors=_STAFF, floors=frozenset(("agent", "queue"))),
    c.AnswerQueueOffer: Rule(handler=queueing.answer_offer, actors=_who("visitor"), floors=frozenset(("queue",))),
    c.SnoozeSession: Rule(handler=floors.snooze, actors=_STAFF, floors=_AGENT),
    c.EndSnooze: Rule(handler=floors.end_snooze, actors=_STAFF, floors=_AGENT),
    c.PostNote: Rule(handler=messages.note, actors=_STAFF, phases=EVERY_PHASE),
    c.GiveFeedback: Rule(handler=feedback.give, actors=_who("visitor"), phases=EVERY_PHASE),
    c.ChangeContext: Rule(handler=contexts.change, actors=_ALL),
    c.ClearContext: Rule(handler=contexts.clear, actors=_ALL),
    c.StartThread: Rule(handler=threads.start, actors=_ALL),
    c.ChangeThread: Rule(handler=threads.change, actors=_ALL),
    c.AdoptPolicy: Rule(handler=policies.adopt, actors=_who("agent", "key", "clock")),
    c.IdentifyVisitor: Rule(handler=policies.identify, actors=_who("visitor", "clock")),
    c.Tick: Rule(handler=ticking.tick, actors=_who("clock"), phases=EVERY_PHASE),
}


def legal(command: type[c.Command], phase: Phase, floor: Floor) -> bool:
    """Whether the command can be answered by its rule in this phase and on this floor."""
    rule = TABLE[command]
    return phase in rule.phases and (phase != "open" or floor in rule.floors)
