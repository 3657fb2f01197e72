"""One streamed call of the model: opened with patience, read within bounds, closed whatever happens."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, cast

import httpx
import msgspec

from chatsession.bot import BotError, BotEvent, Span
from chatsession.bots import failures
from chatsession.bots.openai.conversation import tokens_estimated
from chatsession.bots.openai.options import OpenAIOptions
from chatsession.bots.openai.prices import usage_of
from chatsession.bots.openai.reply import Reply, said_in
from chatsession.bots.openai.wire import ServerSentEvents
from chatsession.core.events import Usage

RESPONSE_BYTES_MAX = 4 * 1024 * 1024
REFUSAL_BYTES_MAX = 16 * 1024
RETRY_AFTER_SECONDS = 0.5
"""How long to wait where the server does not say; twice as long each further time."""
LINGER_SECONDS = 0.5
REPORT_EVERY_TOKENS = 200
"""How often what a running call has used is noted, so that stopping it does not make it free."""
OK = 200
RETRIED = (failures.TOO_MANY, failures.UNAVAILABLE)


class Patience(msgspec.Struct, frozen=True):
    """How long to wait: for the next sign of life, and for the whole answer."""

    silence_seconds: float
    ends_at: float
    """By the monotonic clock."""

    def left(self, since: float) -> float:
        """The seconds that remain of the silence that began at `since`."""
        return min(since + self.silence_seconds, self.ends_at) - time.monotonic()


class ModelCall:
    """Streams one request to the endpoint; afterwards `reply` holds what came."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        options: OpenAIOptions,
        body: Mapping[str, Any],
        number: int,
        patience: Patience,
    ) -> None:
        self.reply = Reply(tokens_estimated(body), options.tool_calls_max)
        self._client = client
        self._options = options
        self._body = body
        self._id = f"model-{number}"
        self._patience = patience
        self._began = time.monotonic()
        self._response: httpx.Response | None = None
        self._reported_out = 0

    async def events(self) -> AsyncGenerator[BotEvent, None]:
        """What the visitor sees of the reply, and the span of the call, also of one that fails."""
        try:
            self._response = await self._opened()
            yield self._span()
            async with aclosing(self._read(self._response)) as events:
                async for event in events:
                    yield event
        except BotError as error:
            yield self._span(error.reason)
            raise
        finally:
            if self._response is not None:
                await self._response.aclose()
        yield self._span()

    async def _read(self, response: httpx.Response) -> AsyncGenerator[BotEvent, None]:
        parser, size = ServerSentEvents(), 0
        try:
            async with aclosing(cast("AsyncGenerator[bytes, None]", response.aiter_raw())) as chunks:
                async for data in chunks:
                    size += len(data)
                    self._check_bounds(size)
                    for event in parser.feed(data):
                        for said in self.reply.take(event):
                            yield said
                    if (span := self._grown()) is not None:
                        yield span
                    if self.reply.is_done:
                        await _to_the_end(chunks)
                        return
        except httpx.HTTPError as error:
            raise failures.of_transport(error, has_begun=True) from None
        if self.reply.finish_reason is None:
            raise BotError("cut", "the stream ended before the answer did")

    def _check_bounds(self, size: int) -> None:
        if size > RESPONSE_BYTES_MAX:
            raise BotError("too_long", f"the stream passed {RESPONSE_BYTES_MAX} bytes")
        if time.monotonic() > self._patience.ends_at:
            raise BotError("timeout", f"the answer took longer than {self._options.answer_seconds:g} s")

    async def _opened(self) -> httpx.Response:
        """The response once it streams; a server that is busy for a moment is asked again while there is time."""
        tried = 0
        while True:
            response = await self._sent()
            if response.status_code == OK:
                return await self._checked(response)
            failure = await self._refused(response)
            wait = failures.retry_after_seconds(response.headers)
            wait = RETRY_AFTER_SECONDS * 2**tried if wait is None else wait
            is_last = tried == self._options.retries_max or wait >= self._patience.left(self._began)
            if response.status_code not in RETRIED or is_last:
                raise failure
            await asyncio.sleep(wait)
            tried += 1

    async def _sent(self) -> httpx.Response:
        timeout = httpx.Timeout(self._patience.silence_seconds, connect=self._options.connect_seconds)
        request = self._client.build_request("POST", "chat/completions", json=self._body, timeout=timeout)
        try:
            async with asyncio.timeout(max(0.0, self._patience.left(self._began))):
                return await self._client.send(request, stream=True)
        except TimeoutError:
            raise BotError("timeout", "the server did not begin to answer in time") from None
        except httpx.HTTPError as error:
            raise failures.of_transport(error, has_begun=False) from None

    async def _checked(self, response: httpx.Response) -> httpx.Response:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "text/event-stream":
            return response
        await response.aclose()
        raise BotError(
            "malformed", f"the server answered with {kind[:80] or 'no content type'}, not with a stream of events"
        )

    async def _refused(self, response: httpx.Response) -> BotError:
        """What a refusal says, as far as it can be told."""
        body = b""
        try:
            async with asyncio.timeout(max(0.0, self._patience.left(self._began))):
                async for data in response.aiter_raw():
                    body += data
                    if len(body) > REFUSAL_BYTES_MAX:
                        break
        except (TimeoutError, httpx.HTTPError):
            body = b""
        finally:
            await response.aclose()
        try:
            error = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            error = None
        said = failures.without([self._options.api_key], said_in(error))
        if "context_length" in body.decode("utf-8", "replace"):
            return BotError("too_long", f"the conversation is longer than the model reads: {said}")
        return failures.of_status(response.status_code, said)

    def _grown(self) -> Span | None:
        tokens = self.reply.tokens
        if tokens.output < self._reported_out + REPORT_EVERY_TOKENS:
            return None
        self._reported_out = tokens.output
        return self._span()

    def _span(self, error: str | None = None) -> Span:
        """The call as it stands. Nothing of the conversation: the trace holds what was shown, redacted."""
        tokens = self.reply.tokens
        return Span(
            id=self._id,
            kind="model",
            name=self._options.model,
            ms=round((time.monotonic() - self._began) * 1000, 3),
            input={"messages": len(self._body["messages"]), "tools": len(self._body.get("tools", ()))},
            output={
                "finish_reason": self.reply.finish_reason,
                "tool_calls": [call.name for call in self.reply.calls],
                "tokens": "estimated" if tokens.is_estimated else "reported",
            },
            error=error,
            usage=usage_of(tokens, self._options.prices.get(self._options.model))
            if self._response is not None
            else Usage(),
        )


async def _to_the_end(chunks: AsyncGenerator[bytes, None]) -> None:
    """Read what follows the answer's end, so that the connection can be used again; nobody waits long for it."""
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            async for _ in chunks:
                pass
    except (TimeoutError, httpx.HTTPError):
        return
