"""Your own async function as a bot.

async def bot(turn):
    return f"You said: {turn.text}"

async def bot(turn):
    async for piece in model.stream(turn.text):
        yield piece
"""

import functools
import inspect
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from types import CodeType
from typing import Any, cast

from chatsession.bot import Bot, BotError, BotEvent, ContextSet, Delta, Finished, Span, TurnInput, Working
from chatsession.bots.releases import release_of

BotFunction = Callable[[TurnInput], Any]
"""`async def bot(turn)`: returns `str | Finished | None`, or yields `str` and bot events."""

HOW = "write `async def bot(turn)` and return the answer, or `yield` it piece by piece"


class FunctionBot:
    """Answers with what an async function returns or yields; None or nothing at all counts as no answer."""

    def __init__(self, function: BotFunction, *, name: str | None = None, release: str | None = None) -> None:
        """`release` names the version where more than the function's own source shapes answers (a prompt, a model)."""
        _check(function)
        self.name = name or _name_of(function)
        self._function = function
        self._release = release_of((self.name, release or _source_of(function)))

    async def answer(self, turn: TurnInput) -> AsyncIterator[BotEvent]:
        """Call the function and pass on what comes."""
        said = self._function(turn)
        if isinstance(said, Awaitable):
            said = await cast("Awaitable[Any]", said)
        if not isinstance(said, AsyncIterator):
            if said is not None:
                yield self._event(said, "returned")
            return
        pieces = cast("AsyncIterator[Any]", said)
        try:
            async for piece in pieces:
                yield self._event(piece, "yielded")
        finally:
            await close(pieces)

    def release(self) -> str:
        """The hash of the function's source and the bot's name."""
        return self._release

    async def start(self) -> None:
        """Nothing to get ready."""

    async def close(self) -> None:
        """Nothing to let go of."""

    def _event(self, said: object, how: str) -> BotEvent:
        match said:
            case str():
                return Delta(said)
            case Finished():
                return said
            case Delta() | Working() | Span() | ContextSet() if how == "yielded":
                return said
            case _:
                raise BotError("garbage", f"the bot function {self.name!r} {how} {type(said).__name__}; {HOW}")


def as_bot(bot: Bot | BotFunction) -> Bot:
    """A bot from a bot or from an async function of the turn; a TypeError says what is missing otherwise."""
    if isinstance(bot, type):
        raise TypeError(f"{bot.__name__} is a class; pass an instance of it: {bot.__name__}(…)")
    parts = ("name", "answer", "release", "start", "close")
    missing = [part for part in parts if not hasattr(bot, part)]
    if not missing:
        return cast("Bot", bot)
    if hasattr(bot, "answer"):
        raise TypeError(f"{type(bot).__name__} is not quite a bot: it lacks {', '.join(missing)}")
    return FunctionBot(cast("BotFunction", bot))


async def close(pieces: AsyncIterator[Any]) -> None:
    """Close an async iterator, where it can be closed: only generators promise it."""
    if (aclose := getattr(pieces, "aclose", None)) is not None:
        await aclose()


def _check(function: object) -> None:
    if not callable(function):
        raise TypeError(f"a bot is an async function or has `answer`, not {type(function).__name__}; {HOW}")
    plain = _plain(function)
    if not (inspect.iscoroutinefunction(plain) or inspect.isasyncgenfunction(plain)):
        raise TypeError(f"the bot function {_name_of(function)!r} is not async; {HOW}")
    try:
        inspect.signature(function).bind(None)
    except TypeError:
        raise TypeError(f"the bot function {_name_of(function)!r} must take one argument, the turn; {HOW}") from None


def _plain(function: Any) -> Any:
    """The function that does the work, beneath `partial`, decorators and `__call__`."""
    while isinstance(function, functools.partial):
        function = cast("Any", function.func)
    if not inspect.isroutine(function):
        function = type(function).__call__
    return inspect.unwrap(function)


def _name_of(function: Any) -> str:
    plain = _plain(function)
    return plain.__name__ if plain.__name__ != "__call__" else type(function).__name__


def _source_of(function: object) -> str:
    plain = _plain(function)
    try:
        return textwrap.dedent(inspect.getsource(plain))
    except (OSError, TypeError):
        # Typed into a console, or shipped without sources: the compiled form is the next best.
        return _code_of(plain.__code__)


def _code_of(code: CodeType) -> str:
    inner = [_code_of(const) if isinstance(const, CodeType) else repr(const) for const in code.co_consts]
    return "".join((code.co_code.hex(), *inner, *code.co_names))
