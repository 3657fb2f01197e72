"""One attempt of a turn: the bot's stream becomes text, signals and a trace."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from chatsession.bot import Bot, BotError, BotEvent, ContextSet, Delta, Finished, Span, TurnInput
from chatsession.core.commands import BOT as BOT_ACTOR
from chatsession.core.commands import AnswerTurn, Command, FailTurn
from chatsession.core.events import Usage
from chatsession.tracing import Trace

SPANS_MAX = 200
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
        self._policy = policy
        self._started_at = started_at
        self._chars_max = chars_max
        self._send = send
        self._sign_of_life = sign_of_life
        self._elapsed = elapsed
        self._spans: list[Span] = []
        self._context: dict[str, object] = {}
        self._finished = Finished()
        self._sent = 0
        self._flush_is_planned = False
        self._first_delta_ms: float | None = None

    async def run(self) -> tuple[Command, Trace]:
        """Let the bot answer: the command that ends the attempt, and its trace."""
        try:
            stream = self.bot.answer(self.shown)
            try:
                async for event in stream:
                    self._take(event)
            finally:
                # Stops the bot's work, upstream requests included, when the attempt is cancelled.
                await stream.aclose()  # type: ignore[attr-defined]  every maker's stream is an async generator
        except BotError as error:
            return self._broken(error.reason, str(error))
        except Exception as error:  # noqa: BLE001  whatever a bot raises, the turn must end
            return self._broken("error", f"{type(error).__name__}: {error}")
        self._flush()
        return self._answered()

    def partial(self) -> bytes:
        """What a newcomer is shown of the text so far."""
        return _encode({"type": "partial", **self._place(), "offset": 0, "text": self.text[: self._sent]})

    def trace(self, end: str, error: str | None = None) -> Trace:
        """The record of the attempt as it stands."""
        finished = self._finished
        return Trace(
            session=self.shown.session,
            turn=self.shown.turn,
            attempt=self.shown.attempt,
            bot=self.bot.name,
            release=self.bot.release(),
            policy=self._policy,
            started_at=self._started_at,
            shown=self.shown,
            spans=self._spans,
            text=self.text,
            end=end,
            known=finished.known,
            sources=finished.sources,
            usage=self._usage(),
            first_delta_ms=self._first_delta_ms,
            ms=self._ms(),
            error=error,
        )

    def _take(self, event: BotEvent) -> None:
        self._sign_of_life()
        match event:
            case Delta(text=text):
                self._add(text)
            case Span():
                if len(self._spans) < SPANS_MAX:
                    self._spans.append(event)
            case ContextSet(values=values):
                self._context.update(values)
            case Finished():
                self._finished = event
            case _:
                raise BotError("garbage", f"a bot streams deltas, spans and one outcome, not {type(event).__name__}")

    def _add(self, text: str) -> None:
        if not isinstance(text, str):
            raise BotError("garbage", f"a delta's text is a string, not {type(text).__name__}")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BotError("garbage", "a delta contains half of a surrogate pair") from None
        if self._first_delta_ms is None:
            self._first_delta_ms = self._ms()
        self.text += text.replace("\x00", "")
        if len(self.text) > self._chars_max:
            raise BotError("too_long", f"the answer passed {self._chars_max} characters")
        if not self._flush_is_planned:
            self._flush_is_planned = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        """Send what has come since the last time: one signal for all deltas of a moment."""
        self._flush_is_planned = False
        new = self.text[self._sent :]
        if new:
            self._send(_encode({"type": "delta", **self._place(), "offset": self._sent, "text": new}))
            self._sent = len(self.text)

    def _place(self) -> dict[str, int]:
        return {"turn": self.shown.turn, "attempt": self.shown.attempt}

    def _answered(self) -> tuple[Command, Trace]:
        finished = self._finished
        if finished.text is not None:
            self.text = finished.text
        # The rules refuse text that cannot be stored; what is kept in the trace is what was posted, byte for byte.
        command = AnswerTurn(
            actor=BOT_ACTOR,
            turn=self.shown.turn,
            attempt=self.shown.attempt,
            text=self.text,
            result=finished.result,
            known=finished.known,
            resolved=finished.resolved,
            sources=finished.sources,
            parts=finished.parts,
            usage=self._usage(),
            release=self.bot.release(),
            context=dict(self._context),
            topic=finished.topic,
        )
        return command, self.trace(finished.result)

    def _broken(self, reason: str, error: str) -> tuple[Command, Trace]:
        command = FailTurn(
            actor=BOT_ACTOR, turn=self.shown.turn, attempt=self.shown.attempt, reason=reason, usage=self._usage()
        )
        return command, self.trace("failed", error)

    def _usage(self) -> Usage:
        usages = [span.usage for span in self._spans]
        return Usage(
            tokens_in=sum(each.tokens_in for each in usages),
            tokens_out=sum(each.tokens_out for each in usages),
            cost_microusd=sum(each.cost_microusd for each in usages),
            model_calls=sum(each.model_calls for each in usages),
        )

    def _ms(self) -> float:
        return round(self._elapsed() / timedelta(milliseconds=1), 3)
