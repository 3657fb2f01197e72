"""The turns of the bot: asked, answered, tried again, given up, replaced, stopped, or refused for a limit."""

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.draft import Draft
from chatsession.core.refusals import Refusal, turn_over
from chatsession.core.rules.checks import text_refused
from chatsession.core.rules.closing import close
from chatsession.core.rules.contexts import entries_by_bot
from chatsession.core.rules.floors import to_queue
from chatsession.core.rules.spending import limit_passed
from chatsession.core.words import SupersededReason

NO_USAGE = e.Usage()


def ask_bot(draft: Draft, asked_seq: int | None, by: str = "visitor") -> None:
    """Open the next turn, unless a limit of the policy stops the bot."""
    passed = limit_passed(draft.session, draft.policy, draft.facts)
    if passed is not None:
        limit, span, used, allowed = passed
        draft.add(e.LimitReached, limit=limit, span=span, used=used, allowed=allowed)
        excuse(draft, draft.policy.texts.limit, "limit")
        return
    session = draft.session
    draft.add(e.TurnOpened, turn=session.turns + 1, attempt=1, by=by, thread=session.thread, asked_seq=asked_seq)


def open_by_bot(draft: Draft, _: c.OpenTurn) -> Refusal | None:
    """Let the bot speak of its own accord; while a turn is open it is speaking already."""
    if draft.session.turn is None:
        ask_bot(draft, None, by="bot")
    return None


def answer(draft: Draft, command: c.AnswerTurn) -> Refusal | None:
    """Take the answer of the current attempt, and what the bot learnt and decided on the way."""
    if not _is_current(draft, command):
        return turn_over()
    if command.result == "failed" or (not command.text.strip() and not command.parts and command.result == "answered"):
        return attempt_failed(draft, "failed" if command.result == "failed" else "empty", command.usage)
    if text_refused(command.text) is not None:
        return attempt_failed(draft, "unfit_text", command.usage)
    _post_answer(draft, command)
    if command.context:
        draft.add(e.ContextChanged, scope="session", by="bot", set=entries_by_bot(draft, command.context))
    draft.add(
        e.TurnAnswered,
        turn=command.turn,
        attempt=command.attempt,
        result=command.result,
        known=command.known,
        release=command.release,
    )
    count_usage(draft, command.turn, command.attempt, command.usage)
    if command.result == "needs_agent":
        _needs_agent(draft, "not_known" if not command.known else "bot_asked")
    elif command.resolved:
        close(draft, "resolved", "bot")
    return None


def fail(draft: Draft, command: c.FailTurn) -> Refusal | None:
    """Try again, or apologise and offer a human."""
    if not _is_current(draft, command):
        return turn_over()
    return attempt_failed(draft, command.reason, command.usage)


def attempt_failed(draft: Draft, reason: str, usage: e.Usage = NO_USAGE) -> None:
    """Begin the next attempt where one is left; an end of our own process is not the bot's failure."""
    turn = draft.session.turn
    if turn is None:
        return
    count_usage(draft, turn.number, turn.attempt, usage)
    own_end = reason == "process_ended"
    silences_left = limits.TURN_SILENCES_MAX - turn.silences - (not own_end)
    if silences_left > 0 and turn.attempt < limits.TURN_ATTEMPTS_MAX:
        draft.add(e.TurnRetried, turn=turn.number, attempt=turn.attempt + 1, reason=reason)
        return
    excuse(draft, draft.policy.texts.apology, "bot_failed")
    draft.add(e.TurnFailed, turn=turn.number, attempt=turn.attempt, reason=reason)


def count_usage(draft: Draft, turn: int, attempt: int, usage: e.Usage) -> None:
    """Note what an attempt used, also one that failed: it cost all the same."""
    if usage != NO_USAGE:
        draft.add(e.UsageCounted, turn=turn, attempt=attempt, usage=usage)


def refuse(draft: Draft, command: c.RefuseTurn) -> Refusal | None:
    """End the turn because a limit is reached: a sentence for the visitor, and the offer of a human."""
    if not _is_current(draft, command):
        return turn_over()
    draft.add(e.LimitReached, limit=command.limit, span=command.span, used=command.used, allowed=command.allowed)
    excuse(draft, draft.policy.texts.limit, "limit")
    draft.add(e.TurnFailed, turn=command.turn, attempt=command.attempt, reason="limit")
    return None


def stop(draft: Draft, _: c.StopTurn) -> Refusal | None:
    """Stop the running answer, if there is one."""
    supersede(draft, "stopped")
    return None


def supersede(draft: Draft, reason: SupersededReason) -> None:
    """End the open turn, if there is one, because something else comes first."""
    turn = draft.session.turn
    if turn is not None:
        draft.add(e.TurnSuperseded, turn=turn.number, attempt=turn.attempt, reason=reason)


def excuse(draft: Draft, text: str, reason: str) -> None:
    """Tell the visitor the truth and offer a human."""
    draft.add(
        e.MessagePosted,
        message_id=draft.message_id(),
        author=e.Author(kind="bot"),
        text=text,
        thread=draft.session.thread,
    )
    draft.add(e.HumanOffered, reason=reason)


def _post_answer(draft: Draft, command: c.AnswerTurn) -> None:
    turn = draft.session.turn
    if not command.text.strip() and not command.parts:
        return
    draft.add(
        e.MessagePosted,
        message_id=draft.message_id(),
        author=e.Author(kind="bot", name=command.actor.name),
        text=command.text,
        thread=turn and turn.thread,
        parts=command.parts[: limits.PARTS_MAX],
        sources=command.sources[: limits.SOURCES_MAX],
        turn=command.turn,
        attempt=command.attempt,
    )


def _needs_agent(draft: Draft, reason: str) -> None:
    if draft.policy.on_needs_agent == "queue":
        to_queue(draft, by="bot", note=None)
    else:
        draft.add(e.HumanOffered, reason=reason)


def _is_current(draft: Draft, command: c.AnswerTurn | c.FailTurn | c.RefuseTurn) -> bool:
    turn = draft.session.turn
    return turn is not None and (turn.number, turn.attempt) == (command.turn, command.attempt)
