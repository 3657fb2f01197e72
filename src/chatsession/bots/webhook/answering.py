"""What a webhook answers, read within bounds: one JSON document, or a line for each event."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Any

import msgspec

from chatsession.bot import BotError, BotEvent, ContextSet, Delta, Finished, Span, Working
from chatsession.bots.lines import Lines
from chatsession.bots.signatures import SignatureError, fresh, verified_line, verify_answer
from chatsession.core.events import Source
from chatsession.core.words import TurnResult

ANSWER_BYTES_MAX = 256 * 1024


class WebhookAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer in one document."""

    text: str = ""
    known: bool = True
    result: TurnResult = "answered"
    resolved: bool = False
    sources: list[Source] = []
    context: dict[str, Any] = {}
    parts: list[dict[str, Any]] = []
    topic: str | None = None

    def events(self) -> list[BotEvent]:
        """The same as the events of a stream."""
        end = Finished(
            result=self.result,
            known=self.known,
            resolved=self.resolved,
            sources=self.sources,
            parts=self.parts,
            topic=self.topic,
        )
        learnt = [ContextSet(self.context)] if self.context else []
        return [*learnt, Delta(self.text), end]


class Seal(msgspec.Struct, frozen=True):
    """What an answer's signatures are checked with: the secrets, and the headers of both sides."""

    secrets: Sequence[str]
    request: Mapping[str, str]
    answer: Mapping[str, str]


Reader = Callable[[AsyncGenerator[bytes, None], Seal | None], AsyncGenerator[BotEvent, None]]

_answers = msgspec.json.Decoder(WebhookAnswer)
_events = msgspec.json.Decoder(Delta | Working | Span | ContextSet | Finished)


class Bounded:
    """Counts the bytes of an answer."""

    def __init__(self) -> None:
        self._size = 0

    def take(self, data: bytes) -> bytes:
        """The bytes, while there are not too many."""
        self._size += len(data)
        if self._size > ANSWER_BYTES_MAX:
            raise BotError("too_long", f"the answer passed {ANSWER_BYTES_MAX} bytes")
        return data


async def document(chunks: AsyncGenerator[bytes, None], seal: Seal | None) -> AsyncGenerator[BotEvent, None]:
    """The events of an answer in one document."""
    bounded = Bounded()
    body = b"".join([bounded.take(data) async for data in chunks])
    if seal is not None:
        try:
            verify_answer(seal.secrets, seal.answer, seal.request, body)
        except SignatureError as error:
            raise BotError("unsigned", str(error)) from None
    try:
        answer = _answers.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BotError("malformed", f"the answer is not what a webhook answers: {error}") from None
    for event in answer.events():
        yield event


async def lines(chunks: AsyncGenerator[bytes, None], seal: Seal | None) -> AsyncGenerator[BotEvent, None]:
    """The events of a streamed answer; its last line says how it ended, or it was cut off."""
    bounded, cutter, number = Bounded(), Lines(ANSWER_BYTES_MAX), 0
    if seal is not None:
        try:
            fresh(seal.answer)
        except SignatureError as error:
            raise BotError("unsigned", str(error)) from None
    async for data in chunks:
        for line in cutter.feed(bounded.take(data)):
            if not line.strip():
                continue
            event = _event(line, number, seal)
            number += 1
            yield event
            if isinstance(event, Finished):
                return
    raise BotError("cut", "the stream ended without saying how the turn ended")


def _event(line: str, number: int, seal: Seal | None) -> BotEvent:
    try:
        text = line if seal is None else verified_line(seal.secrets, seal.answer, seal.request, number, line)
        return _events.decode(text)
    except SignatureError as error:
        raise BotError("unsigned", f"line {number} of the stream: {error}") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise BotError("malformed", f"line {number} of the stream is no event of a bot: {error}") from None
