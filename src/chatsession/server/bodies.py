"""How a body is read: as JSON, strictly as the type its route asks for, with every mistake named."""

import asyncio
import re
from types import NoneType
from typing import Any, get_args

import msgspec
from litestar import Request
from litestar.datastructures import State

from chatsession.core.refusals import Refusal, invalid
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError
from chatsession.server.options import ServerOptions
from chatsession.server.problems import TOO_DEEP

MEDIA_TYPE = "application/json"
UNSUPPORTED = Refusal("unsupported_media_type", 415, "Send the body as JSON, with `Content-Type: application/json`.")
TOO_SLOW = Refusal("timed_out", 408, "The body did not arrive in time; send it again.")
NOT_UTF8 = invalid("The body is not UTF-8.")
HALF_PAIR = invalid("The body contains half of a surrogate pair, which is not text.")

_UNKNOWN = re.compile(r"unknown field `(.*?)`")
_PLACE = re.compile(r" - at `(?:key in )?\$\.?(.*)`$")
_PAIR = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_HALF = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


class JsonRequest(Request[Principal, Any, State]):
    """A request whose body is what its route's `data` says, or a refusal that names the mistake."""

    async def body(self) -> bytes:
        """The body, if it arrives in time."""
        options: ServerOptions = self.app.state.options
        try:
            async with asyncio.timeout(options.body_seconds_max):
                return await super().body()
        except TimeoutError:
            raise RefusedError(TOO_SLOW) from None

    async def json(self) -> Any:
        """The body as the type of `data`."""
        if self.content_type[0].lower() != MEDIA_TYPE:
            raise RefusedError(UNSUPPORTED)
        field = self.route_handler.parsed_data_field
        return read_json(await self.body(), Any if field is None else _present(field.annotation))


def _present(kind: Any) -> Any:
    """A body that may be left out is still never null."""
    return next((one for one in get_args(kind) if one is not NoneType), kind) if NoneType in get_args(kind) else kind


def read_json(body: bytes, kind: Any) -> Any:
    """The body as a value of this type; raise RefusedError with the first mistake."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise RefusedError(_wrong_value(str(error), kind)) from None
    except msgspec.DecodeError as error:
        raise RefusedError(_malformed(body, str(error))) from None
    except UnicodeDecodeError:
        raise RefusedError(NOT_UTF8) from None
    except RecursionError:
        raise RefusedError(TOO_DEEP) from None


def _wrong_value(mistake: str, kind: Any) -> Refusal:
    found = _PLACE.search(mistake)
    place = found[1] if found else ""
    sentence = _PLACE.sub("", mistake)
    if (unknown := _UNKNOWN.search(sentence)) is not None:
        field = f"{place}.{unknown[1]}" if place else unknown[1]
        known = "" if place else _fields_of(kind)
        return invalid(f"There is no field `{field}` here{known}.", field=field)
    return invalid(
        f"{place}: {sentence}." if place else f"The body: {sentence}.", **({"field": place} if place else {})
    )


def _fields_of(kind: Any) -> str:
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return ""
    names = ", ".join(kind.__struct_encode_fields__)
    return f"; there are: {names}" if names else "; the body is an empty object"


def _malformed(body: bytes, mistake: str) -> Refusal:
    if _HALF.search(_PAIR.sub(b"", body)):
        return HALF_PAIR
    return invalid(f"The body is not JSON that can be read: {mistake.removeprefix('JSON is malformed: ')}.")
