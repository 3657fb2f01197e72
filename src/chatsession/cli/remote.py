"""A server as its clients see it: JSON over HTTP, events as they come, problems in words."""

from collections.abc import AsyncIterator, Iterable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import msgspec

from chatsession.cli.failing import WRONG_USE, CommandError

SECONDS = 45.0
"""Longer than a long poll may wait."""
CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 60.0
"""A stream says something at least this often, or it is dead."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class UnreachableError(CommandError):
    """Nobody answers at this address, or the connection broke."""

    def __init__(self, base_url: str) -> None:
        super().__init__(
            "unreachable", f"no server answers at {base_url}; start one with `chatsession demo` or `serve`"
        )


class ProblemError(CommandError):
    """The server said no; `problem` is its document."""

    def __init__(self, problem: Mapping[str, Any], status: int) -> None:
        code, detail = str(problem.get("code", f"http_{status}")), problem.get("detail")
        super().__init__(code, str(detail or f"the server answered {status}"))
        self.problem = problem
        self.status = status


class Frame(msgspec.Struct, frozen=True):
    """One frame of a stream: an event has a seq, everything else a name: `hello`, `signal`, `end`."""

    seq: int | None
    name: str
    data: dict[str, Any]


class Remote:
    """Asks one server, as the holder of one secret."""

    def __init__(self, base_url: str, secret: str | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self.secret = secret
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise CommandError(
                "invalid_url", f'"{base_url}" is no address; write it like http://127.0.0.1:8080', exits=WRONG_USE
            )
        # A proxy of the environment is not asked for this very machine.
        self._client = httpx.AsyncClient(
            base_url=self.base_url,
            timeout=httpx.Timeout(SECONDS, connect=CONNECT_SECONDS),
            trust_env=parts.hostname not in LOOPBACK,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(self, path: str, **params: Any) -> Any:
        """Read something."""
        given = {name: value for name, value in params.items() if value is not None}
        return await self._ask("GET", path, params=given)

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Ask for something to be done."""
        return await self._ask("POST", path, json=dict(body or {}))

    async def delete(self, path: str) -> None:
        """Have something removed."""
        await self._ask("DELETE", path)

    async def stream(self, path: str, after: int) -> AsyncIterator[Frame]:
        """The frames of a stream after a seq, until it ends; raise UnreachableError where it breaks."""
        request = self._client.stream(
            "GET",
            path,
            params={"after": after},
            headers={**self._headers, "Accept": "text/event-stream"},
            timeout=httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
        )
        try:
            async with request as answer:
                if answer.is_error:
                    await answer.aread()
                    raise _problem(answer)
                async for frame in frames(answer.aiter_lines()):
                    yield frame
        except httpx.HTTPError as error:
            raise UnreachableError(self.base_url) from error

    @property
    def _headers(self) -> dict[str, str]:
        return {} if self.secret is None else {"Authorization": f"Bearer {self.secret}"}

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = await self._client.request(method, path, headers=self._headers, **more)
        except httpx.HTTPError as error:
            raise UnreachableError(self.base_url) from error
        if answer.is_error:
            raise _problem(answer)
        try:
            return answer.json() if answer.content else None
        except ValueError:
            raise CommandError("not_chatsession", f"what answers at {self.base_url} is no chatsession server") from None


async def frames(lines: AsyncIterator[str]) -> AsyncIterator[Frame]:
    """Server-Sent Events as frames; comments, which only show that the stream lives, are none."""
    block: list[str] = []
    async for line in lines:
        if line:
            block.append(line)
            continue
        if (frame := _frame(block)) is not None:
            yield frame
        block = []


def _frame(block: Iterable[str]) -> Frame | None:
    fields: dict[str, str] = {}
    for line in block:
        name, _, value = line.partition(":")
        fields[name] = value.removeprefix(" ")
    if "data" not in fields:
        return None
    seq = int(fields["id"]) if fields.get("id", "").isdecimal() else None
    return Frame(seq, fields.get("event", "message"), msgspec.json.decode(fields["data"], type=dict[str, Any]))


def _problem(answer: httpx.Response) -> ProblemError:
    try:
        problem = msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.MsgspecError:
        problem = {}
    return ProblemError(problem, answer.status_code)
