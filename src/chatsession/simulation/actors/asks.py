"""What can be asked of a session: for each command, somebody who may ask it, with plausible words."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, get_args

from chatsession.core import commands as c
from chatsession.core.words import QueueChoice, Scope
from chatsession.runtime.principal import BOT_PRINCIPAL, CLOCK_PRINCIPAL, Principal
from chatsession.simulation.actors.cast import Cast
from chatsession.simulation.chance import Chance
from chatsession.simulation.checks.story import Story

WORDS = ("Where is my parcel?", "And to Austria?", "It does not fit.", "Thanks!", "I want my money back.", "Hello?")
LONG_TEXT = "x" * 16_001
KEYS = ("order", "basket", "tier", "mood", "language", "name")
TOPICS = ("delivery", "refund", None)
SNOOZE_SECONDS = (30, 600, 7_200)


class Ask(NamedTuple):
    """Somebody's command; with a client id, it can be sent again."""

    principal: Principal
    command: c.Command
    text: str = ""
    client_id: str | None = None


class Asks:
    """Makes up commands for a session as it stands."""

    def __init__(self, cast: Cast, now: Callable[[], datetime], rng: Chance) -> None:
        self.cast = cast
        self.now = now
        self.rng = rng

    def make(self, command: type[c.Command], story: Story) -> Ask:
        """Somebody's command of this type."""
        return MAKERS[command](self, story)

    def message(self, story: Story, principal: Principal, text: str | None = None) -> Ask:
        """A message with a client id of its own."""
        client_id = self.cast.next_name("m")
        text = text if text is not None else f"{self.rng.choice(WORDS)} ({client_id})"
        thread = self.rng.choice([None, None, None, *story.threads])
        command = c.PostMessage(actor=principal.actor, text=text, client_id=client_id, thread=thread)
        return Ask(principal, command, text, client_id)

    def one_of(self, story: Story, *kinds: str) -> Principal:
        """Somebody of one of these kinds."""
        return self.cast.one_of(story, kinds)

    def by(self, command: type[c.Command], principal: Principal, **fields: Any) -> Ask:
        """The command in somebody's name."""
        return Ask(principal, command(actor=principal.actor, **fields))

    def thread_of(self, story: Story) -> str:
        """A thread of the session; where it has none, one that nobody knows."""
        return self.rng.choice([*story.threads, "thr_unknown"] if not story.threads else list(story.threads))


def _post_message(asks: Asks, story: Story) -> Ask:
    if story.floor == "agent" and asks.rng.happens(0.6):
        return asks.message(story, asks.cast.holder_of(story))
    if story.floor == "bot" and asks.rng.happens(0.1):
        return asks.message(story, asks.one_of(story, "key", "bot"))
    return asks.message(story, asks.cast.visitor_of(story), LONG_TEXT if asks.rng.happens(0.01) else None)


def _turn_of(story: Story) -> dict[str, int]:
    turn = story.turn
    return {"turn": turn.turn, "attempt": turn.attempt} if turn else {"turn": story.turns or 1, "attempt": 1}


def _answer_turn(asks: Asks, story: Story) -> Ask:
    text = asks.rng.choice(("Said by hand.", "", "So it is."))
    return asks.by(c.AnswerTurn, BOT_PRINCIPAL, text=text, **_turn_of(story))


def _fail_turn(asks: Asks, story: Story) -> Ask:
    return asks.by(c.FailTurn, asks.one_of(story, "bot", "clock"), reason="upstream", **_turn_of(story))


def _refuse_turn(asks: Asks, story: Story) -> Ask:
    who = asks.one_of(story, "bot", "clock")
    return asks.by(c.RefuseTurn, who, limit="cost_microusd", span="inbox_day", used=9, allowed=9, **_turn_of(story))


def _open_turn(asks: Asks, story: Story) -> Ask:
    return asks.by(c.OpenTurn, asks.one_of(story, "bot", "key"))


def _stop_turn(asks: Asks, story: Story) -> Ask:
    return asks.by(c.StopTurn, asks.one_of(story, "visitor", "agent", "key"))


def _retry_turn(asks: Asks, story: Story) -> Ask:
    return asks.by(c.RetryTurn, asks.one_of(story, "visitor", "visitor", "agent", "key"))


def _touch(asks: Asks, story: Story) -> Ask:
    who = asks.one_of(story, "visitor", "visitor", "agent", "bot")
    return asks.by(c.Touch, who, **(_turn_of(story) if who.kind == "bot" else {}))


def _keep_open(asks: Asks, story: Story) -> Ask:
    return asks.by(c.KeepOpen, asks.one_of(story, "visitor", "visitor", "agent", "key"))


def _close(asks: Asks, story: Story) -> Ask:
    return asks.by(c.CloseSession, asks.one_of(story, "visitor", "agent", "key"))


def _resolve(asks: Asks, story: Story) -> Ask:
    thread = asks.rng.choice([*story.threads, None]) if story.phase == "open" else asks.thread_of(story)
    who = asks.one_of(story, "agent", "key", "bot")
    return asks.by(
        c.ResolveSession, who, outcome=asks.rng.choice(("confirmed", "unresolved", "assumed")), thread=thread
    )


def _resume(asks: Asks, story: Story) -> Ask:
    policy = asks.cast.policy_for(story).hash
    who = asks.one_of(story, "visitor", "visitor", "agent", "key")
    if who.kind != "visitor" or asks.rng.happens(0.5):
        return asks.by(c.ResumeSession, who, policy=policy)
    client_id = asks.cast.next_name("r")
    text = f"I am back ({client_id})"
    command = c.ResumeSession(actor=who.actor, policy=policy, text=text, client_id=client_id)
    return Ask(who, command, text, client_id)


def _archive(asks: Asks, story: Story) -> Ask:
    return asks.by(c.ArchiveSession, asks.one_of(story, "visitor", "key", "clock"))


def _request_handoff(asks: Asks, story: Story) -> Ask:
    who = asks.one_of(story, "visitor", "visitor", "agent", "key", "bot")
    return asks.by(c.RequestHandoff, who, note=asks.rng.choice((None, "urgent")))


def _claim(asks: Asks, story: Story) -> Ask:
    who = asks.cast.holder_of(story) if asks.rng.happens(0.6) else asks.one_of(story, "agent")
    return asks.by(c.ClaimSession, who, term=asks.rng.choice((None, story.term, story.term - 1)))


def _return_floor(asks: Asks, story: Story) -> Ask:
    who = asks.cast.holder_of(story) if asks.rng.happens(0.7) else asks.one_of(story, "agent", "key")
    return asks.by(c.ReturnFloor, who, to=asks.rng.choice(("bot", "queue")), note=asks.rng.choice((None, "as agreed")))


def _answer_offer(asks: Asks, story: Story) -> Ask:
    who = asks.cast.visitor_of(story)
    return asks.by(c.AnswerQueueOffer, who, choice=asks.rng.choice(get_args(QueueChoice)))


def _snooze(asks: Asks, story: Story) -> Ask:
    who = asks.cast.holder_of(story) if asks.rng.happens(0.7) else asks.one_of(story, "agent", "key")
    return asks.by(c.SnoozeSession, who, until=asks.now() + timedelta(seconds=asks.rng.choice(SNOOZE_SECONDS)))


def _end_snooze(asks: Asks, story: Story) -> Ask:
    who = asks.cast.holder_of(story) if asks.rng.happens(0.7) else asks.one_of(story, "agent", "key")
    return asks.by(c.EndSnooze, who)


def _note(asks: Asks, story: Story) -> Ask:
    return asks.by(c.PostNote, asks.one_of(story, "agent", "key"), text="Has ordered before.")


def _feedback(asks: Asks, story: Story) -> Ask:
    score, solved = asks.rng.choice(((1, None), (5, None), (None, True), (None, False), (3, None)))
    return asks.by(c.GiveFeedback, asks.cast.visitor_of(story), score=score, solved=solved, comment="so so")


def _change_context(asks: Asks, story: Story) -> Ask:
    who = asks.one_of(story, "visitor", "agent", "key", "bot")
    scope = asks.rng.choice(get_args(Scope))
    keys = asks.rng.sample(KEYS, 3)
    values = {key: asks.rng.randrange(1_000) for key in keys[:2]}
    return asks.by(c.ChangeContext, who, scope=scope, set=values, unset=keys[2:])


def _clear_context(asks: Asks, story: Story) -> Ask:
    who = asks.one_of(story, "visitor", "agent", "key", "bot")
    return asks.by(c.ClearContext, who, scope=asks.rng.choice(("session", "visitor")))


def _start_thread(asks: Asks, story: Story) -> Ask:
    who = asks.one_of(story, "visitor", "agent", "key", "bot")
    again = asks.thread_of(story) if story.threads and asks.rng.happens(0.3) else None
    return asks.by(c.StartThread, who, topic=asks.rng.choice(TOPICS), title="A title", thread=again)


def _change_thread(asks: Asks, story: Story) -> Ask:
    who = asks.one_of(story, "visitor", "agent", "key", "bot")
    status = asks.rng.choice((None, "open", "pending", "resolved"))
    current = asks.rng.happens(0.5)
    return asks.by(
        c.ChangeThread, who, thread=asks.thread_of(story), title="Another title", status=status, current=current
    )


def _adopt(asks: Asks, story: Story) -> Ask:
    return asks.by(c.AdoptPolicy, asks.one_of(story, "agent", "key", "clock"), policy=asks.cast.policy_for(story).hash)


def _identify(asks: Asks, story: Story) -> Ask:
    who = asks.one_of(story, "visitor", "clock")
    named = story.visitor if asks.rng.happens(0.5) else asks.cast.next_name("vis_known_")
    return asks.by(c.IdentifyVisitor, who, visitor=named)


def _tick(asks: Asks, _: Story) -> Ask:
    return asks.by(c.Tick, CLOCK_PRINCIPAL)


MAKERS: dict[type[c.Command], Callable[[Asks, Story], Ask]] = {
    c.PostMessage: _post_message,
    c.AnswerTurn: _answer_turn,
    c.FailTurn: _fail_turn,
    c.OpenTurn: _open_turn,
    c.RefuseTurn: _refuse_turn,
    c.StopTurn: _stop_turn,
    c.RetryTurn: _retry_turn,
    c.Touch: _touch,
    c.KeepOpen: _keep_open,
    c.CloseSession: _close,
    c.ResolveSession: _resolve,
    c.ResumeSession: _resume,
    c.ArchiveSession: _archive,
    c.RequestHandoff: _request_handoff,
    c.ClaimSession: _claim,
    c.ReturnFloor: _return_floor,
    c.AnswerQueueOffer: _answer_offer,
    c.SnoozeSession: _snooze,
    c.EndSnooze: _end_snooze,
    c.PostNote: _note,
    c.GiveFeedback: _feedback,
    c.ChangeContext: _change_context,
    c.ClearContext: _clear_context,
    c.StartThread: _start_thread,
    c.ChangeThread: _change_thread,
    c.AdoptPolicy: _adopt,
    c.IdentifyVisitor: _identify,
    c.Tick: _tick,
}
"""For every command of the rules' table but the opening, which has a walk of its own."""
WEIGHTS: dict[type[c.Command], int] = {
    c.PostMessage: 24,
    c.CloseSession: 3,
    c.ResumeSession: 6,
    c.ArchiveSession: 1,
    c.ResolveSession: 3,
    c.ClaimSession: 6,
    c.RequestHandoff: 5,
    c.ReturnFloor: 3,
    c.AnswerTurn: 3,
    c.OpenTurn: 3,
    c.SnoozeSession: 3,
    c.AnswerQueueOffer: 5,
    c.IdentifyVisitor: 1,
    c.ChangeThread: 4,
}
"""How often each is asked, where it is legal; the others 2 each."""
