"""A bot that is somebody's own server, asked by signed HTTP."""

import asyncio
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import cast

import httpx
import msgspec

from chatsession.bot import BotError, BotEvent, TurnInput
from chatsession.bots import failures
from chatsession.bots.releases import release_of
from chatsession.bots.signatures import KEY, request_headers
from chatsession.bots.webhook import answering
from chatsession.bots.webhook.addresses import Resolve, checked_addresses, is_loopback_name, looked_up
from chatsession.bots.webhook.breaker import Breaker
from chatsession.bots.webhook.options import WebhookOptions

OK = 200
CONNECTIONS_MAX = 200
ADDRESSES_MAX = 4
"""How many of a name's addresses are tried."""
DEADLINE = "X-Chatsession-Deadline"
"""How many seconds the answer may take in all."""
SHARE_OF_PATIENCE = 0.9
"""We give up a little before the service would, so that the trace says why."""
READERS: dict[str, answering.Reader] = {"application/json": answering.document, "application/x-ndjson": answering.lines}


class WebhookBot:
    """Posts each turn and streams what comes back; the same turn and attempt always carry the same key."""

    def __init__(self, options: WebhookOptions, *, resolve: Resolve = looked_up) -> None:
        self.name = options.name
        self._options = options
        self._resolve = resolve
        self._url = httpx.URL(options.url)
        self._port = self._url.port or (443 if self._url.scheme == "https" else 80)
        self._breaker = Breaker(options.failures_max, options.pause_seconds)
        self._client: httpx.AsyncClient | None = None

    async def answer(self, turn: TurnInput) -> AsyncIterator[BotEvent]:
        """Ask the server; a failure counts for the breaker, being stopped does not."""
        self._breaker.check()
        try:
            async with aclosing(self._asked(turn)) as events:
                async for event in events:
                    yield event
        except BotError:
            self._breaker.failed()
            raise
        self._breaker.succeeded()

    def release(self) -> str:
        """What the options say; of a server's code we see nothing."""
        return release_of(("webhook", self._options.url, self._options.release or ""))

    async def start(self) -> None:
        """Open nothing yet: connections are made when they are needed, and kept."""
        self._at_hand()

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    async def _asked(self, turn: TurnInput) -> AsyncGenerator[BotEvent, None]:
        ends_at = time.monotonic() + self._options.answer_seconds
        response = await self._sent(turn)
        try:
            read = _reader_of(response)
            chunks = _until(ends_at, cast("AsyncGenerator[bytes, None]", response.aiter_raw()))
            async with aclosing(chunks), aclosing(read(chunks, self._seal(response))) as events:
                async for event in events:
                    yield event
        except httpx.HTTPError as error:
            raise failures.of_transport(error, has_begun=True) from None
        finally:
            await response.aclose()

    async def _sent(self, turn: TurnInput) -> httpx.Response:
        """The response of the first address that can be connected to; on the others nothing was sent."""
        silence = _silence_seconds(self._options, turn)
        broken: httpx.HTTPError = httpx.ConnectError("no address")
        for address in (await self._addresses())[:ADDRESSES_MAX]:
            request = self._request(turn, address, silence)
            try:
                async with asyncio.timeout(silence + self._options.connect_seconds):
                    return await self._at_hand().send(request, stream=True)
            except TimeoutError:
                raise BotError("timeout", "the server did not begin to answer in time") from None
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                broken = error
            except httpx.HTTPError as error:
                raise failures.of_transport(error, has_begun=False) from None
        raise failures.of_transport(broken, has_begun=False)

    async def _addresses(self) -> Sequence[str]:
        options, host = self._options, self._url.host
        is_own = options.allow_private or is_loopback_name(host)
        if not is_own and self._port not in options.ports:
            raise BotError("forbidden_address", f"port {self._port} is not one of those that may be asked")
        return await checked_addresses(
            host,
            self._port,
            resolve=self._resolve,
            allow_private=options.allow_private,
            seconds=options.connect_seconds,
        )

    def _request(self, turn: TurnInput, address: str, silence: float) -> httpx.Request:
        body = msgspec.json.encode(turn)
        return self._at_hand().build_request(
            "POST",
            # The address, not the name: it is the one that was checked. The name goes into Host and certificate.
            self._url.copy_with(host=address, port=self._port),
            content=body,
            headers={
                "Host": self._url.netloc.decode("ascii"),
                "Content-Type": "application/json",
                KEY: f"{turn.session}/{turn.turn}/{turn.attempt}",
                DEADLINE: f"{self._options.answer_seconds:g}",
                **request_headers(self._options.secrets, body),
            },
            extensions={"sni_hostname": self._url.host},
            timeout=httpx.Timeout(silence, connect=self._options.connect_seconds),
        )

    def _seal(self, response: httpx.Response) -> answering.Seal | None:
        if not self._options.signed_answers:
            return None
        return answering.Seal(self._options.secrets, response.request.headers, response.headers)

    def _at_hand(self) -> httpx.AsyncClient:
        if self._client is None:
            certificates = self._options.ca_file
            self._client = httpx.AsyncClient(
                headers={"Accept": ", ".join(READERS), "Accept-Encoding": "identity"},
                limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
                follow_redirects=False,
                # A proxy would look the name up again, and check nothing.
                trust_env=False,
                verify=True if certificates is None else ssl.create_default_context(cafile=certificates),
            )
        return self._client


def _reader_of(response: httpx.Response) -> answering.Reader:
    if response.status_code != OK:
        raise failures.of_status(response.status_code)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    reader = READERS.get(kind)
    if reader is None:
        raise BotError("malformed", f"the server answered with {kind[:80] or 'no content type'}, not with JSON")
    return reader


async def _until(ends_at: float, chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The chunks while there is time: a server that drips is never silent, and never done."""
    async with aclosing(chunks):
        async for data in chunks:
            if time.monotonic() > ends_at:
                raise BotError("timeout", "the answer took too long")
            yield data


def _silence_seconds(options: WebhookOptions, turn: TurnInput) -> float:
    if turn.patience_seconds is None:
        return options.silence_seconds
    return min(options.silence_seconds, turn.patience_seconds * SHARE_OF_PATIENCE)
