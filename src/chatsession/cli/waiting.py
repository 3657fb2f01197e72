"""Ask again while nobody answers or the server is busy, for requests that may come twice without harm."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from chatsession.cli.remote import ProblemError, UnreachableError

Result = TypeVar("Result")
WAITS_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0)
"""Between two attempts; the last one is repeated."""
PATIENCE_SECONDS = 120.0
TOO_MANY, UNAVAILABLE = 429, 503


def _nobody_asks() -> None:
    """Nobody wants to know."""


async def surely(
    request: Callable[[], Awaitable[Result]],
    *,
    lost: Callable[[], None] = _nobody_asks,
    found: Callable[[], None] = _nobody_asks,
) -> Result:
    """The answer, however often it takes; raise what will not pass, or what has not after our patience.

    `lost` and `found` are told whether somebody answers at all.
    """
    until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    tried = 0
    while True:
        try:
            answer = await request()
        except (UnreachableError, ProblemError) as error:
            if not will_pass(error) or asyncio.get_running_loop().time() > until:
                raise
            (lost if isinstance(error, UnreachableError) else found)()
        else:
            found()
            return answer
        await asyncio.sleep(wait_seconds(tried))
        tried += 1


def will_pass(error: UnreachableError | ProblemError) -> bool:
    """Whether it is worth asking again."""
    return isinstance(error, UnreachableError) or error.status in (TOO_MANY, UNAVAILABLE)


def wait_seconds(tried: int) -> float:
    """How long to wait before the next attempt."""
    return WAITS_SECONDS[min(tried, len(WAITS_SECONDS) - 1)]
