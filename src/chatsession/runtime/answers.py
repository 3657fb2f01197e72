"""One attempt of a turn: the bot's stream becomes text, signals and a trace."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec

from chatsession.bot import Bot, BotError, ContextSet, Delta, Finished, Span, TurnInput, Working
from chatsession.core.commands import BOT as BOT_ACTOR
from chatsession.core.commands import AnswerTurn, Command, FailTurn
from chatsession.core.events import Usage
from chatsession.runtime import checked
from chatsession.runtime.shown import AtWork, TextAdded, TextSoFar
from chatsession.tracing import Trace

SPANS_MAX = 200
DELTAS_EVERY_SECONDS = 0.02
"""Deltas that come faster are sent together: eyes see no difference, every follower's connection does."""
_encode = msgspec.json.Encoder().encode


class Attempt:
    """What one attempt has produced so far. Its text is what a newcomer is shown and what the trace keeps."""

    def __init__(  # noqa: PLR0913  what one attempt is
        self,
        *,
        bot: Bot,
        shown: TurnInput,
        policy: str,
        started_at: datetime,
        chars_max: int,
        send: Callable[[bytes], None],
        sign_of_life: Callable[[], None],
        elapsed: Callable[[], timedelta],
    ) -> None:
        self.bot = bot
        self.shown = shown
        self.text = ""
        self.usage = Usage()
        self._policy = policy
        self._started_at = started_at
        self._chars_max = chars_max
        self._send = send
        self._sign_of_life = sign_of_life
        self._elapsed = elapsed
        self._release = ""
        self._spans: dict[str | int, Span] = {}
        self._context: dict[str, Any] = {}
        self._finished = Finished()
        self._working: Working | None = None
        self._sent = 0
        self._sent_at = 0.0
        self._flush_planned: asyncio.TimerHandle | None = None
        self._first_delta_ms: float | None = None
        self._stopped: str | None = None

    async def run(self) -> tuple[Command, Trace]:
        """Let the bot answer: the command that ends the attempt, and its trace."""
        ended = await self._run()
        # A bot may end in its own way although it was stopped; what it says then is not wanted any more.
        return ended if self._stopped is None else self.cut_off()

    def stop(self, reason: str) -> None:
        """Say nothing more, whatever the bot still streams; the reason is the trace's."""
        self._stopped = self._stopped or reason
        self._drop_planned_flush()

    def partial(self) -> bytes | None:
        """What a newcomer is shown of the answer so far; None while there is nothing."""
        if self._sent == 0 and self._working is None:
            return None
        working = self._working.name if self._working else None
        return _encode(TextSoFar(**self._place(), offset=0, text=self.text[: self._sent], working=working))

    def trace(self, end: str, error: str | None = None) -> Trace:
        """The record of the attempt as it stands."""
        finished = self._finished
        return Trace(
            session=self.shown.session,
            turn=self.shown.turn,
            attempt=self.shown.attempt,
            bot=self.bot.name,
            release=self._release,
            policy=self._policy,
            started_at=self._started_at,
            shown=self.shown,
            spans=list(self._spans.values()),
            text=self.text,
            end=end,
            known=finished.known,
            sources=finished.sources,
            usage=self.usage,
            first_delta_ms=self._first_delta_ms,
            ms=self._ms(),
            error=error,
        )

    def cut_off(self) -> tuple[Command, Trace]:
        """How the attempt ended that somebody stopped: what it used, and the record of what it had done."""
        return self._fail("superseded"), self.trace("superseded", self._stopped)

    async def _run(self) -> tuple[Command, Trace]:
        try:
            # Once, at the beginning: knowledge that changes meanwhile is not what this answer is made from.
            self._release = self.bot.release()
            await self._listen()
            command = self._answer()
        except BotError as error:
            return self._broken(error.reason, str(error))
        except asyncio.CancelledError:
            if _is_being_cancelled():
                raise
            return self._broken("error", "the bot's own work was cancelled")
        except Exception as error:  # noqa: BLE001  whatever a bot raises, the turn must end
            return self._broken("error", f"{type(error).__name__}: {error}")
        self._flush()
        return command, self.trace(self._finished.result)

    async def _listen(self) -> None:
        stream = _stream(self.bot.answer(self.shown))
        try:
            async for event in stream:
                self._take(event)
                if isinstance(event, Finished):
                    return
        finally:
            # Stops the bot's work where it is left before its end; only generators promise that they can be closed.
            await _close(stream)

    def _take(self, event: object) -> None:
        if self._stopped is not None:
            raise BotError("superseded", "the bot went on after it was cancelled")
        self._sign_of_life()
        match event:
            case Delta():
                self._add(checked.delta_text(event))
            case Working():
                self._show(checked.working(event))
            case Span():
                self._note(checked.span(event))
            case ContextSet():
                self._context.update(checked.context(event))
            case Finished():
                self._finished = checked.finished(event)
            case _:
                raise BotError("garbage", f"a bot streams deltas, spans and one outcome, not {type(event).__name__}")

    def _add(self, text: str) -> None:
        if not text:
            return
        if len(self.text) + len(text) > self._chars_max:
            raise BotError("too_long", f"the answer passed {self._chars_max} characters")
        if self._first_delta_ms is None:
            self._first_delta_ms = self._ms()
        self.text += text
        self._working = None
        if self._flush_planned is None:
            loop = asyncio.get_running_loop()
            self._flush_planned = loop.call_later(self._sent_at + DELTAS_EVERY_SECONDS - loop.time(), self._flush)

    def _show(self, working: Working) -> None:
        if working == self._working:
            return
        self._flush()
        self._working = working
        self._send(_encode(AtWork(**self._place(), what=working.what, name=working.name)))

    def _note(self, span: Span) -> None:
        key = len(self._spans) if span.id is None else span.id
        before = self._spans.get(key)
        self.usage = _sum(self.usage, span.usage, minus=before.usage if before else Usage())
        if before is not None or len(self._spans) < SPANS_MAX:
            self._spans[key] = span

    def _flush(self) -> None:
        """Send what has come since the last time: one signal for all deltas of a moment."""
        self._drop_planned_flush()
        new = self.text[self._sent :]
        if new:
            self._send(_encode(TextAdded(**self._place(), offset=self._sent, text=new)))
            self._sent = len(self.text)
            self._sent_at = asyncio.get_running_loop().time()

    def _drop_planned_flush(self) -> None:
        if self._flush_planned is not None:
            self._flush_planned.cancel()
            self._flush_planned = None

    def _place(self) -> dict[str, int]:
        return {"turn": self.shown.turn, "attempt": self.shown.attempt}

    def _answer(self) -> Command:
        """The answer, where there is one that the rules can take."""
        finished = self._finished
        if finished.result == "failed":
            raise BotError("failed", "the bot said that it failed")
        text = self.text if finished.text is None else finished.text
        if finished.result == "answered" and not text.strip() and not finished.parts:
            raise BotError("empty", "the bot ended without an answer")
        if finished.text is not None:
            self._drop_planned_flush()
            self.text = finished.text
            self._sent = len(self.text)
        return AnswerTurn(
            actor=BOT_ACTOR,
            turn=self.shown.turn,
            attempt=self.shown.attempt,
            text=self.text,
            result=finished.result,
            known=finished.known,
            resolved=finished.resolved,
            sources=finished.sources,
            parts=finished.parts,
            usage=self.usage,
            release=self._release,
            context=dict(self._context),
            topic=finished.topic,
        )

    def _broken(self, reason: str, error: str) -> tuple[Command, Trace]:
        self._drop_planned_flush()
        return self._fail(reason), self.trace(reason, checked.error_text(error))

    def _fail(self, reason: str) -> FailTurn:
        place = self.shown
        return FailTurn(actor=BOT_ACTOR, turn=place.turn, attempt=place.attempt, reason=reason, usage=self.usage)

    def _ms(self) -> float:
        return round(self._elapsed() / timedelta(milliseconds=1), 3)


def _is_being_cancelled() -> bool:
    """Whether it is us who are cancelled; else a task of the bot's own was, which is the bot's failure."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


def _stream(answer: Any) -> AsyncIterator[object]:
    """What a bot's `answer` returned, where it is what the contract says."""
    if isinstance(answer, AsyncIterator):
        return cast("AsyncIterator[object]", answer)
    if inspect.iscoroutine(answer):
        answer.close()
    raise BotError("garbage", f"a bot's answer is an async iterator, not {type(cast('object', answer)).__name__}")


async def _close(stream: AsyncIterator[object]) -> None:
    if (aclose := getattr(stream, "aclose", None)) is not None:
        await aclose()


def _sum(so_far: Usage, more: Usage, *, minus: Usage) -> Usage:
    return Usage(
        tokens_in=so_far.tokens_in + more.tokens_in - minus.tokens_in,
        tokens_out=so_far.tokens_out + more.tokens_out - minus.tokens_out,
        cost_microusd=so_far.cost_microusd + more.cost_microusd - minus.cost_microusd,
        model_calls=so_far.model_calls + more.model_calls - minus.model_calls,
    )
