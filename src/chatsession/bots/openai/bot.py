"""A bot whose answers come from a model behind an OpenAI-compatible endpoint."""

import ipaddress
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import httpx
import msgspec

from chatsession.bot import BotError, BotEvent, Delta, TurnInput
from chatsession.bots.openai.conversation import FRAME, NUDGE, Message, conversation
from chatsession.bots.openai.model import ModelCall, Patience
from chatsession.bots.openai.options import OpenAIOptions, as_tools
from chatsession.bots.openai.toolbox import Toolbox
from chatsession.bots.releases import release_of

CONNECTIONS_MAX = 200
SHARE_OF_PATIENCE = 0.9
"""We give up a little before the service would, so that the trace says why."""


class OpenAIBot:
    """Streams the model's reply; runs the tools it calls, in bounded rounds; closes the request when it is stopped."""

    def __init__(self, options: OpenAIOptions) -> None:
        self.name = options.name
        self._options = options
        self._tools = as_tools(options.tools)
        self._release = self._hash()
        self._client: httpx.AsyncClient | None = None

    async def answer(self, turn: TurnInput) -> AsyncIterator[BotEvent]:
        """Ask the model, and ask again with what its tools found, until it answers the visitor."""
        options = self._options
        patience = self._patience(turn)
        toolbox = Toolbox(self._tools, turn, calls_max=options.tool_calls_max, seconds=options.tool_seconds)
        messages = conversation(turn, options.instructions, options.budget_tokens)
        has_spoken = False
        for number in range(1, options.rounds_max + 1):
            body = self._body(messages, may_call=number < options.rounds_max)
            call = ModelCall(self._at_hand(), options, body, number, patience)
            async with aclosing(call.events()) as events:
                async for event in events:
                    if isinstance(event, Delta) and has_spoken and call.reply.text == event.text:
                        yield Delta("\n\n")
                    yield event
            if not call.reply.calls:
                return
            has_spoken = has_spoken or bool(call.reply.text)
            async with aclosing(toolbox.run(call.reply.calls)) as events:
                async for event in events:
                    yield event
            if toolbox.outcome is not None:
                yield toolbox.outcome
                return
            messages += [_calls_of(call), *toolbox.messages]
        raise BotError("tool_loop", f"the model was still calling tools after {options.rounds_max} rounds")

    def release(self) -> str:
        """The hash of model, instructions, tools and whatever else goes into a request, secrets left out."""
        return self._release

    async def start(self) -> None:
        """Open nothing yet: connections are made when they are needed, and kept."""
        self._at_hand()

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    def _at_hand(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = self._new_client()
        return self._client

    def _new_client(self) -> httpx.AsyncClient:
        options = self._options
        key = {"Authorization": f"Bearer {options.api_key}"} if options.api_key else {}
        base_url = options.base_url.rstrip("/") + "/"
        return httpx.AsyncClient(
            base_url=base_url,
            # Nothing compressed: a small stream needs no unpacking, and cannot unpack into a large one.
            headers={"Accept": "text/event-stream", "Accept-Encoding": "identity", **options.headers, **key},
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
            follow_redirects=False,
            # A proxy from the environment is for the world outside, not for a model on this machine.
            trust_env=not _is_loopback(httpx.URL(base_url).host),
        )

    def _patience(self, turn: TurnInput) -> Patience:
        silence = self._options.silence_seconds
        if turn.patience_seconds is not None:
            silence = min(silence, turn.patience_seconds * SHARE_OF_PATIENCE)
        return Patience(silence, time.monotonic() + self._options.answer_seconds)

    def _body(self, messages: list[Message], *, may_call: bool) -> dict[str, Any]:
        options = self._options
        body: dict[str, Any] = {**options.extra, "model": options.model, "messages": messages, "stream": True}
        if options.usage_in_stream:
            body["stream_options"] = {"include_usage": True}
        if options.temperature is not None:
            body["temperature"] = options.temperature
        if options.tokens_max is not None:
            body[options.tokens_field] = options.tokens_max
        if self._tools:
            body["tools"] = [tool.declaration for tool in self._tools.values()]
            if not may_call:
                body["tool_choice"] = "none"
        return body

    def _hash(self) -> str:
        options = self._options
        settings = [options.base_url, self._body([], may_call=True), options.instructions, options.budget_tokens]
        sources = [tool.source() for tool in self._tools.values()]
        return release_of((msgspec.json.encode(settings, order="deterministic"), FRAME, NUDGE, *sources))


def _calls_of(call: ModelCall) -> Message:
    calls = [each.echoed for each in call.reply.calls]
    return {"role": "assistant", "content": call.reply.text or None, "tool_calls": calls}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
