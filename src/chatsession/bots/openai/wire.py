"""The endpoint's stream: server-sent events cut out of bytes, and the chunks in them."""

from typing import Any

import msgspec

from chatsession.bot import BotError
from chatsession.bots.lines import Lines

DONE = "[DONE]"


class FunctionPiece(msgspec.Struct):
    """A piece of a call's name and arguments."""

    name: str | None = None
    arguments: str | None = None


class CallPiece(msgspec.Struct):
    """A piece of a tool call; pieces of one call have the same index."""

    index: int = 0
    id: str | None = None
    function: FunctionPiece = msgspec.field(default_factory=FunctionPiece)


class ChoiceDelta(msgspec.Struct):
    """What is new; of the model's reasoning we only notice that it is there."""

    content: str | None = None
    tool_calls: list[CallPiece] | None = None
    reasoning: Any = None
    reasoning_content: Any = None


class Choice(msgspec.Struct):
    """One candidate; we ask for one."""

    index: int = 0
    delta: ChoiceDelta = msgspec.field(default_factory=ChoiceDelta)
    finish_reason: str | None = None


class PromptDetails(msgspec.Struct):
    """How much of the prompt the server had in its cache."""

    cached_tokens: int | None = None


class ReportedUsage(msgspec.Struct):
    """What the server says it used."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: PromptDetails | None = None


class Chunk(msgspec.Struct):
    """One event of the stream."""

    choices: list[Choice] = []
    usage: ReportedUsage | None = None
    error: Any = None


_decoder = msgspec.json.Decoder(Chunk)


def chunk_of(data: str) -> Chunk:
    """Read one event's data."""
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BotError("malformed", f"the stream holds something that is no chunk of an answer: {error}") from None


class ServerSentEvents:
    """The data of the events in a stream; comments, names and ids are passed over."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._data: list[str] = []

    def feed(self, data: bytes) -> list[str]:
        """The data of the events that are whole now."""
        events: list[str] = []
        for line in self._lines.feed(data):
            if line.startswith("data:"):
                self._data.append(line.removeprefix("data:").removeprefix(" "))
            elif not line and self._data:
                events.append("\n".join(self._data))
                self._data = []
        return events
