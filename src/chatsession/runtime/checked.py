"""What a bot streams, checked before it is shown or kept: the right types, text that is text, JSON of bounded size."""

from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from chatsession.bot import BotError, ContextSet, Delta, Finished, Span, Working
from chatsession.core.limits import NAME_CHARS_MAX, PARTS_MAX, SOURCES_MAX, TEXT_CHARS_MAX
from chatsession.core.rules.parts import shapes_refused
from chatsession.runtime.visible import visible

SPAN_VALUE_BYTES_MAX = 8 * 1024
"""How much of a span's input and output a trace keeps."""
ERROR_CHARS_MAX = 1_000
USAGE_MAX = 10**12
"""Of tokens, calls or millionths of a dollar in one span: their sums are kept in 64 bits."""
_encode = msgspec.json.Encoder().encode

Said = TypeVar("Said", Delta, Working, Span, ContextSet, Finished)


def delta_text(delta: Delta) -> str:
    """The text of a delta without what people cannot see."""
    return _text(delta.text)


def working(sign: Working) -> Working:
    """A sign of work with a name short enough to show."""
    sound = _sound(sign)
    return replace(sound, name=_text(sound.name)[:NAME_CHARS_MAX])


def span(seen: Span) -> Span:
    """A span that fits into a trace: what is no JSON, or too much of it, is cut."""
    error = None if seen.error is None else error_text(seen.error)
    sound = _sound(replace(seen, input=_json(seen.input), output=_json(seen.output), error=error))
    if not all(0 <= used <= USAGE_MAX for used in msgspec.structs.astuple(sound.usage)):
        raise BotError("garbage", f"a span reports a usage that is not between 0 and {USAGE_MAX}")
    return sound


def context(learnt: ContextSet) -> dict[str, Any]:
    """Context values that are JSON; whether they may be set is for the rules to say."""
    return _sound(learnt).values


def finished(outcome: Finished) -> Finished:
    """An outcome whose text, parts and sources can be posted."""
    checked = _sound(outcome)
    parts = checked.parts[:PARTS_MAX]
    refusal = shapes_refused(parts, "bot")
    if refusal is not None:
        raise BotError("garbage", refusal.detail)
    text = None if outcome.text is None else _text(outcome.text)
    if text is not None and len(text) > TEXT_CHARS_MAX:
        raise BotError("too_long", f"the answer has {len(text)} characters; the limit is {TEXT_CHARS_MAX}")
    return replace(checked, text=text, parts=parts, sources=checked.sources[:SOURCES_MAX])


def error_text(error: object) -> str:
    """Whatever a bot's error says, as text of bounded length that can be stored."""
    return str(error)[:ERROR_CHARS_MAX].encode("utf-8", "replace").decode()


def _text(text: object) -> str:
    if not isinstance(text, str):
        raise BotError("garbage", f"the text of an answer is a string, not {type(text).__name__}")
    if not _is_text(text):
        raise BotError("garbage", "the answer contains half of a surrogate pair")
    return visible(text).replace("\x00", "")


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sound(said: Said) -> Said:
    """A copy with the declared types all the way down: structs themselves take anything."""
    try:
        return msgspec.json.decode(_encode(said), type=type(said))
    except UnicodeEncodeError:
        raise BotError("garbage", f"a {type(said).__name__} contains half of a surrogate pair") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise BotError("garbage", f"not a valid {type(said).__name__}: {error}") from None


def _json(value: Any) -> Any:
    try:
        encoded = _encode(value)
    except (TypeError, ValueError, RecursionError):
        return f"<{type(value).__name__}>"
    if len(encoded) <= SPAN_VALUE_BYTES_MAX:
        return value
    return encoded[:SPAN_VALUE_BYTES_MAX].decode("utf-8", "ignore") + "…"
