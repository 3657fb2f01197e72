"""One reply of the model as it comes in: text for the visitor, calls for the tools, and what it used."""

from typing import Any

import msgspec

from chatsession.bot import BotError, BotEvent, Delta, Working
from chatsession.bots.openai.prices import Tokens
from chatsession.bots.openai.wire import DONE, CallPiece, ReportedUsage, chunk_of
from chatsession.core.context import CHARS_PER_TOKEN
from chatsession.core.limits import TEXT_CHARS_MAX

ARGUMENTS_CHARS_MAX = 64 * 1024
THINKING = Working("thinking", what="model")


class ToolCall(msgspec.Struct):
    """A tool the model wants called."""

    id: str
    name: str = ""
    arguments: str = ""

    @property
    def echoed(self) -> dict[str, Any]:
        """The call as the model is reminded of it."""
        return {
            "id": self.id,
            "type": "function",
            "function": {"name": self.name, "arguments": self.arguments},
        }


class Reply:
    """Takes the events of one stream in order."""

    def __init__(self, tokens_in_estimated: int, tool_calls_max: int) -> None:
        self.text = ""
        self.calls: list[ToolCall] = []
        self.finish_reason: str | None = None
        self.is_done = False
        self._by_index: dict[int, ToolCall] = {}
        self._tokens_in_estimated = tokens_in_estimated
        self._tool_calls_max = tool_calls_max
        self._reported: ReportedUsage | None = None

    def take(self, data: str) -> list[BotEvent]:
        """What the visitor gets to see of one event."""
        if data.strip() == DONE:
            self.is_done = True
            return []
        chunk = chunk_of(data)
        if chunk.error:
            raise BotError("upstream_error", f"the server broke off: {said_in(chunk.error)}")
        self._reported = chunk.usage or self._reported
        said: list[BotEvent] = []
        for choice in chunk.choices[:1]:
            self.finish_reason = choice.finish_reason or self.finish_reason
            delta = choice.delta
            for piece in delta.tool_calls or ():
                self._call(piece)
            if delta.content:
                self._write(delta.content)
                said.append(Delta(delta.content))
            elif delta.reasoning or delta.reasoning_content:
                said.append(THINKING)
        return said

    @property
    def tokens(self) -> Tokens:
        """What was used: what the server says, or an estimate."""
        if self._reported is not None:
            details = self._reported.prompt_tokens_details
            return Tokens(
                input=max(0, self._reported.prompt_tokens),
                output=max(0, self._reported.completion_tokens),
                cached=max(0, (details and details.cached_tokens) or 0),
            )
        written = len(self.text) + sum(len(call.name) + len(call.arguments) for call in self.calls)
        return Tokens(input=self._tokens_in_estimated, output=-(-written // CHARS_PER_TOKEN), is_estimated=True)

    def _write(self, text: str) -> None:
        if len(self.text) + len(text) > TEXT_CHARS_MAX:
            raise BotError("too_long", f"the answer passed {TEXT_CHARS_MAX} characters")
        self.text += text

    def _call(self, piece: CallPiece) -> None:
        call = self._by_index.get(piece.index)
        # Some servers give every call the same index: another id is another call.
        if call is None or (piece.id and piece.id != call.id):
            if len(self.calls) == self._tool_calls_max:
                raise BotError("tool_loop", f"the model called more than {self._tool_calls_max} tools at once")
            call = ToolCall(id=piece.id or f"call_{len(self.calls) + 1}")
            self._by_index[piece.index] = call
            self.calls.append(call)
        call.name += piece.function.name or ""
        call.arguments += piece.function.arguments or ""
        if len(call.arguments) > ARGUMENTS_CHARS_MAX:
            raise BotError("too_long", f"the arguments of one tool call passed {ARGUMENTS_CHARS_MAX} characters")


def said_in(error: Any) -> str:
    """The sentence in an endpoint's error, which comes in many shapes."""
    if isinstance(error, dict):
        message: Any = error.get("message") or error.get("error") or error.get("detail")  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        return said_in(message) if message else ""
    return error if isinstance(error, str) else ""
