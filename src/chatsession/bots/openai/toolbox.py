"""The tools at work: all calls of one reply side by side, each seen by the visitor and kept in the trace."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import msgspec

from chatsession.bot import BotError, BotEvent, ContextSet, Finished, Span, TurnInput, Working
from chatsession.bots.openai.reply import ToolCall
from chatsession.bots.openai.tools import Tool, ToolError

OUTPUT_CHARS_MAX = 16_000
"""How much of a tool's result the model is shown."""
SLIPS_MAX = 1
"""How often in a turn the model may call what cannot be called; it is told, and may do better."""


class Slip(ToolError):  # noqa: N818  the model's, and no error of ours
    """A call that names no tool, or whose arguments are not its tool's."""


class Result(msgspec.Struct, frozen=True):
    """What came of one call."""

    call: ToolCall
    span: Span
    value: Any = None
    is_slip: bool = False
    told: str = ""
    """What the model is told of it."""


class Toolbox:
    """Runs the tools of one turn."""

    def __init__(self, tools: dict[str, Tool], turn: TurnInput, *, calls_max: int, seconds: float) -> None:
        self._tools = tools
        self._turn = turn
        self._calls_max = calls_max
        self._seconds = seconds
        self._called = 0
        self._slips = 0
        self.outcome: Finished | None = None
        """The end of the turn, where a tool decided on it."""
        self.messages: list[dict[str, Any]] = []
        """What the model is told of the calls that were run last."""

    async def run(self, calls: Sequence[ToolCall]) -> AsyncGenerator[BotEvent, None]:
        """Run the calls and stream what is to be seen of them."""
        self._called += len(calls)
        if self._called > self._calls_max:
            raise BotError("tool_loop", f"the model called more than {self._calls_max} tools in one turn")
        for name in dict.fromkeys(call.name for call in calls):
            if name in self._tools:
                yield Working(self._tools[name].working)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._result(call)) for call in calls]
        results = [task.result() for task in tasks]
        self.messages = [{"role": "tool", "tool_call_id": each.call.id, "content": each.told} for each in results]
        for result in results:
            yield result.span
            if isinstance(result.value, ContextSet):
                yield result.value
            elif isinstance(result.value, Finished):
                self.outcome = result.value
        self._count_slips(results)

    async def _result(self, call: ToolCall) -> Result:
        began = time.monotonic()
        value, error, told, is_slip = None, None, "", False
        try:
            async with asyncio.timeout(self._seconds):
                value = await self._called_tool(call)
            told = _told(value)
        except ToolError as refused:
            error, is_slip, told = str(refused), isinstance(refused, Slip), _error(str(refused))
        except TimeoutError:
            error, told = f"took longer than {self._seconds:g} s", _error("The tool did not answer in time.")
        except Exception as broken:  # noqa: BLE001  whatever a tool raises, the model is told that it failed
            error, told = f"{type(broken).__name__}: {broken}", _error("The tool failed.")
        span = Span(
            kind="tool",
            name=call.name or "(no name)",
            ms=round((time.monotonic() - began) * 1000, 3),
            input=_json_or_text(call.arguments),
            output=msgspec.to_builtins(value) if isinstance(value, ContextSet | Finished) else value,
            error=error,
        )
        return Result(call, span, value, is_slip, told)

    async def _called_tool(self, call: ToolCall) -> Any:
        tool = self._tools.get(call.name)
        if tool is None:
            raise Slip(f"There is no tool {call.name!r}; there are: {', '.join(self._tools) or 'none'}.")
        try:
            arguments = tool.arguments(call.arguments)
        except ToolError as error:
            raise Slip(str(error)) from None
        return await tool.call(arguments, self._turn)

    def _count_slips(self, results: Sequence[Result]) -> None:
        slips = [result for result in results if result.is_slip]
        self._slips += bool(slips)
        if self._slips > SLIPS_MAX:
            raise BotError("malformed", f"the model goes on calling tools wrongly: {slips[-1].span.error}")


def _told(value: Any) -> str:
    match value:
        case str():
            text = value
        case ContextSet() | Finished():
            text = '{"done": true}'
        case _:
            text = msgspec.json.encode(value).decode()
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= OUTPUT_CHARS_MAX else text[:OUTPUT_CHARS_MAX] + "… (cut)"


def _error(sentence: str) -> str:
    return msgspec.json.encode({"error": sentence}).decode()


def _json_or_text(arguments: str) -> Any:
    try:
        return msgspec.json.decode(arguments or "{}")
    except (msgspec.DecodeError, RecursionError):
        return arguments
