"""The turns of the bot: asked, answered, tried again, given up, replaced, stopped, or refused for a limit."""

from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.draft import Draft
from chatsession.core.refusals import Refusal, turn_over, wrong_state
from chatsession.core.rules.checks import json_refused, text_refused
from chatsession.core.rules.closing import close
from chatsession.core.rules.contexts import entries_by_bot
from chatsession.core.rules.floors import to_queue
from chatsession.core.rules.idling import add_time
from chatsession.core.rules.parts import check_parts
from chatsession.core.rules.spending import limit_passed
from chatsession.core.rules.threads import file_under
from chatsession.core.session import Turn
from chatsession.core.words import AuthorKind, SupersededReason

NO_USAGE = e.Usage()


def ask_bot(draft: Draft, asked_seq: int) -> None:
    """Open the next turn, unless a limit of the policy stops the bot."""
    passed = limit_passed(draft.session, draft.policy, draft.facts)
    if passed is None:
        _open(draft, "visitor", asked_seq)
        return
    limit, span, used, allowed = passed
    draft.add(e.LimitReached, limit=limit, span=span, used=used, allowed=allowed)
    _excuse(draft, draft.policy.texts.limit, "limit")


def open_by_bot(draft: Draft, _: c.OpenTurn) -> Refusal | None:
    """Let the bot speak of its own accord; while a turn is open it is speaking already."""
    if draft.session.turn is not None:
        return None
    if (refusal := _limit_refused(draft)) is not None:
        return refusal
    _open(draft, "bot", None)
    return None


def answer(draft: Draft, command: c.AnswerTurn) -> Refusal | None:
    """Take the answer of the current attempt, and what the bot learnt and decided on the way."""
    turn = _current(draft, command)
    if turn is None:
        return turn_over()
    fit = _fit(draft, command)
    if isinstance(fit, str):
        return attempt_failed(draft, fit, command.usage)
    filed = file_under(draft, command.topic)
    _post_answer(draft, fit, filed or turn.thread)
    if learnt := entries_by_bot(draft, command.context):
        draft.add(e.ContextChanged, scope="session", by="bot", set=learnt)
    draft.add(
        e.TurnAnswered,
        turn=command.turn,
        attempt=command.attempt,
        result=command.result,
        known=command.known,
        release=command.release,
    )
    _count_usage(draft, command.turn, command.attempt, command.usage)
    if command.result == "needs_agent":
        _needs_agent(draft, "not_known" if not command.known else "bot_asked")
    elif command.resolved:
        close(draft, "resolved", "bot")
    return None


def fail(draft: Draft, command: c.FailTurn) -> Refusal | None:
    """Try again, or apologise and offer a human; of an attempt that is over already, only count what it used."""
    if _current(draft, command) is not None:
        return attempt_failed(draft, command.reason, command.usage)
    if command.usage == NO_USAGE:
        return turn_over()
    _count_usage(draft, command.turn, command.attempt, command.usage)
    return None


def attempt_failed(draft: Draft, reason: str, usage: e.Usage = NO_USAGE) -> None:
    """Begin the next attempt where one is left; an end of our own process is not the bot's failure."""
    turn = draft.session.turn
    if turn is None:
        return
    _count_usage(draft, turn.number, turn.attempt, usage)
    own_end = reason == "process_ended"
    silences_left = limits.TURN_SILENCES_MAX - turn.silences - (not own_end)
    if silences_left > 0 and turn.attempt < limits.TURN_ATTEMPTS_MAX:
        draft.add(e.TurnRetried, turn=turn.number, attempt=turn.attempt + 1, reason=reason)
        return
    _fail(draft, turn, text=draft.policy.texts.apology, offer="bot_failed", reason=reason)


def refuse(draft: Draft, command: c.RefuseTurn) -> Refusal | None:
    """End the turn because a limit is reached: a sentence for the visitor, and the offer of a human."""
    turn = _current(draft, command)
    if turn is None:
        return turn_over()
    draft.add(e.LimitReached, limit=command.limit, span=command.span, used=command.used, allowed=command.allowed)
    _fail(draft, turn, text=draft.policy.texts.limit, offer="limit", reason="limit")
    return None


def stop(draft: Draft, _: c.StopTurn) -> Refusal | None:
    """Stop the running answer, if there is one."""
    supersede(draft, "stopped")
    return None


def retry(draft: Draft, command: c.RetryTurn) -> Refusal | None:
    """Ask the bot again about the message that got no answer; a standing timeout warning is lifted by that."""
    session = draft.session
    if session.turn is not None:
        return None
    if session.unanswered_seq is None:
        return wrong_state("There is nothing to try again: the last message was answered, or more was said since.")
    if (refusal := _limit_refused(draft)) is not None:
        return refusal
    if session.idle_warning is not None:
        draft.add(e.WarningLifted, by=command.actor.label)
    _open(draft, "visitor", session.unanswered_seq)
    return None


def supersede(draft: Draft, reason: SupersededReason) -> None:
    """End the open turn, if there is one, because something else comes first."""
    turn = draft.session.turn
    if turn is not None:
        draft.add(e.TurnSuperseded, turn=turn.number, attempt=turn.attempt, reason=reason)


def _limit_refused(draft: Draft) -> Refusal | None:
    passed = limit_passed(draft.session, draft.policy, draft.facts)
    if passed is None:
        return None
    limit, span, used, allowed = passed
    return wrong_state(f"A limit stops the bot: {used} of {allowed} {limit} are used ({span}).")


def _current(draft: Draft, command: c.AnswerTurn | c.FailTurn | c.RefuseTurn) -> Turn | None:
    """The open turn, if it and its attempt are those of the command."""
    turn = draft.session.turn
    is_current = turn is not None and (turn.number, turn.attempt) == (command.turn, command.attempt)
    return turn if is_current else None


def _open(draft: Draft, by: AuthorKind, asked_seq: int | None) -> None:
    session = draft.session
    draft.add(e.TurnOpened, turn=session.turns + 1, attempt=1, by=by, thread=session.thread, asked_seq=asked_seq)


def _fail(draft: Draft, turn: Turn, *, text: str, offer: str, reason: str) -> None:
    """End the turn; whoever asked is told. Where nobody asked, an apology would only puzzle."""
    if turn.by == "visitor":
        _excuse(draft, text, offer)
    draft.add(e.TurnFailed, turn=turn.number, attempt=turn.attempt, reason=reason)


def _excuse(draft: Draft, text: str, reason: str) -> None:
    """Tell the visitor the truth and offer a human."""
    draft.add(
        e.MessagePosted,
        message_id=draft.message_id(),
        author=e.Author(kind="bot"),
        text=text,
        thread=draft.session.thread,
    )
    draft.add(e.HumanOffered, reason=reason)


def _count_usage(draft: Draft, turn: int, attempt: int, usage: e.Usage) -> None:
    """Note what an attempt used, also one that failed: it cost all the same."""
    if usage != NO_USAGE:
        draft.add(e.UsageCounted, turn=turn, attempt=attempt, usage=usage)


def _fit(draft: Draft, command: c.AnswerTurn) -> c.AnswerTurn | str:
    """The answer as it may be posted; or why it is none: the bot says so, it says nothing, nobody could show it."""
    if command.result == "failed":
        return "failed"
    if command.result == "answered" and not command.text.strip() and not command.parts:
        return "empty"
    checked = check_parts(command.parts[: limits.PARTS_MAX], "bot", draft.facts)
    sources = command.sources[: limits.SOURCES_MAX]
    refusal = text_refused(command.text) or json_refused(sources, "sources", limits.SOURCES_BYTES_MAX)
    if refusal is not None or isinstance(checked, Refusal):
        return "unfit"
    return replace(command, parts=checked.parts, sources=sources)


def _post_answer(draft: Draft, command: c.AnswerTurn, thread: str | None) -> None:
    if not command.text.strip() and not command.parts:
        return
    draft.add(
        e.MessagePosted,
        message_id=draft.message_id(),
        author=e.Author(kind="bot", name=command.actor.name),
        text=command.text,
        thread=thread,
        parts=command.parts,
        sources=command.sources,
        turn=command.turn,
        attempt=command.attempt,
    )
    add_time(draft, "bot")


def _needs_agent(draft: Draft, reason: str) -> None:
    if draft.policy.on_needs_agent == "queue":
        to_queue(draft, by="bot", note=None)
    else:
        draft.add(e.HumanOffered, reason=reason)
