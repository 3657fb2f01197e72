"""What an OpenAI bot is told: where the model is, how it should answer, and within which bounds."""

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from chatsession.bots.openai.prices import Price
from chatsession.bots.openai.tools import Tool, ToolFunction, as_tool

INSTRUCTIONS = (
    "You answer visitors in the chat of a website. Answer briefly, in the visitor's language. "
    "Say so when you do not know something; never invent facts, prices or promises."
)


class OpenAIOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Any endpoint that speaks OpenAI's chat completions: hosted, Ollama (`http://localhost:11434/v1`), vLLM."""

    base_url: str
    model: str
    api_key: str | None = None
    """None for servers of your own that ask for none."""
    instructions: str = INSTRUCTIONS
    """The system prompt."""
    temperature: float | None = None
    tokens_max: int | None = None
    """Of one reply."""
    tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """How the server calls that bound: OpenAI's newer models want the second."""
    tools: tuple[Tool | ToolFunction, ...] = ()
    prices: Mapping[str, Price] = {}
    """By model."""
    name: str = "openai"

    budget_tokens: int = 6_000
    """What the model is shown at most, instructions included, estimated; the oldest messages go first."""
    usage_in_stream: bool = True
    """Whether to ask for the tokens used; a few old servers refuse the question."""
    extra: Mapping[str, Any] = {}
    """Further fields of the request's body, as the server documents them."""
    headers: Mapping[str, str] = {}

    connect_seconds: float = 5.0
    silence_seconds: float = 25.0
    """How long the server may say nothing; less where the service itself waits less."""
    answer_seconds: float = 120.0
    """How long an answer may take in all, tools included."""
    retries_max: int = 2
    """How often a call is repeated that was refused for a moment (429, 503)."""
    rounds_max: int = 5
    """How often the model is called in one turn; in the last round it must answer without tools."""
    tool_calls_max: int = 16
    """How many tools it may call in one turn."""
    tool_seconds: float = 10.0

    def __post_init__(self) -> None:
        url = urlsplit(self.base_url)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError("base_url must be an http or https address, such as http://localhost:11434/v1")
        if url.username or url.password:
            raise ValueError("base_url must not hold a password; give the key as api_key")
        if not self.model:
            raise ValueError("model must name a model of the server")
        as_tools(self.tools)

    def __repr__(self) -> str:
        return f"OpenAIOptions(base_url={self.base_url!r}, model={self.model!r}, …)"


def as_tools(tools: tuple[Tool | ToolFunction, ...]) -> dict[str, Tool]:
    """The tools by name; a ValueError where two have the same."""
    named: dict[str, Tool] = {}
    for tool in map(as_tool, tools):
        if tool.name in named:
            raise ValueError(f"two tools are called {tool.name!r}")
        named[tool.name] = tool
    return named
