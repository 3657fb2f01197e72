"""Tools: your own async functions that the model may call, with the schema of their arguments read from their types."""

import inspect
import textwrap
import typing
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from chatsession.bot import Finished, TurnInput

NAME_CHARS_MAX = 64
"""What endpoints accept as a function's name."""
ToolFunction = Callable[..., Awaitable[Any]]


class ToolError(Exception):
    """Raised by a tool to tell the model what is wrong; anything else that a tool raises stays in the trace."""


class Tool:
    """One function for the model: its name, what it is for, and which arguments it takes.

    A parameter annotated `TurnInput` gets the turn; the model neither sees nor sets it. Take the visitor from there,
    never from an argument: the model says what visitors tell it to.
    """

    def __init__(
        self,
        function: ToolFunction,
        *,
        name: str | None = None,
        description: str | None = None,
        working: str | None = None,
    ) -> None:
        """`working` is what visitors read while the tool runs."""
        if not inspect.iscoroutinefunction(function):
            raise TypeError(f"the tool {_name_of(function)!r} must be an async function")
        self.name = (name or _name_of(function))[:NAME_CHARS_MAX]
        self.description = textwrap.dedent(description or inspect.getdoc(function) or "").strip()
        self.working = working or self.name
        self._function = function
        self._turn_parameters, fields = _parameters(self.name, function)
        self._arguments = msgspec.defstruct(self.name, fields, kw_only=True, forbid_unknown_fields=True)
        self.schema = _schema(self._arguments)

    @property
    def declaration(self) -> dict[str, Any]:
        """How the model is told of the tool."""
        about = {"name": self.name, "description": self.description, "parameters": self.schema}
        return {"type": "function", "function": about}

    def arguments(self, text: str) -> Mapping[str, Any]:
        """The arguments the model wrote, checked; raise ToolError with what is wrong with them."""
        try:
            given = msgspec.json.decode(text or "{}", type=self._arguments)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ToolError(f"The arguments are not valid: {error}") from None
        return {name: getattr(given, name) for name in given.__struct_fields__}

    async def call(self, arguments: Mapping[str, Any], turn: TurnInput) -> Any:
        """Run the function."""
        return await self._function(**arguments, **dict.fromkeys(self._turn_parameters, turn))

    def source(self) -> str:
        """What shapes its results, as far as we can see it."""
        try:
            return inspect.getsource(self._function)
        except (OSError, TypeError):
            return repr(self.declaration)


async def ask_for_person() -> Finished:
    """Bring in a person of the service: when the visitor asks for one, or when you cannot help."""
    return Finished(result="needs_agent")


def as_tool(tool: "Tool | ToolFunction") -> Tool:
    """A tool from a tool or from an async function."""
    return tool if isinstance(tool, Tool) else Tool(tool)


def _name_of(function: Any) -> str:
    return getattr(function, "__name__", type(function).__name__)


def _parameters(tool: str, function: ToolFunction) -> tuple[list[str], list[Any]]:
    """Which parameters get the turn, and the others as fields of a struct."""
    types = typing.get_type_hints(function, include_extras=True)
    turns: list[str] = []
    fields: list[Any] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise TypeError(f"the tool {tool!r} takes {name!r} in a way the model cannot name; use plain parameters")
        if name not in types:
            raise TypeError(f"the parameter {name!r} of the tool {tool!r} needs a type")
        if types[name] is TurnInput:
            turns.append(name)
        elif parameter.default is parameter.empty:
            fields.append((name, types[name]))
        else:
            fields.append((name, types[name], parameter.default))
    return turns, fields


def _schema(arguments: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON schema with the arguments at its top, as endpoints want it."""
    (_,), components = msgspec.json.schema_components([arguments], ref_template="#/$defs/{name}")
    schema = components.pop(arguments.__name__)
    return {**schema, "$defs": components} if components else schema
