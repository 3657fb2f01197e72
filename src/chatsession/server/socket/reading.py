"""From the bytes of a frame to what it says, or to a refusal that names what is wrong with it."""

from typing import Any

import msgspec

from chatsession.core.refusals import Refusal, invalid
from chatsession.runtime.refused import RefusedError
from chatsession.server.bodies import read_json
from chatsession.server.socket.asking import ASKS, AnyAsk, Ask
from chatsession.server.socket.frames import Auth, SignalFromClient

Data = bytes | str


class _Named(msgspec.Struct):
    """What refused frames are told apart by."""

    client_id: str | None = None


_asks: msgspec.json.Decoder[Ask] = msgspec.json.Decoder(AnyAsk)
_named = msgspec.json.Decoder(_Named)
_objects = msgspec.json.Decoder(dict[str, Any])
_auths = msgspec.json.Decoder(Auth)

FIRST_IS_AUTH = Refusal(
    "unauthorized", 401, 'The first frame says who you are: {"type": "auth", "token": "…", "after": 0}.'
)
NO_OBJECT = invalid("A frame is one JSON object in UTF-8, without halves of surrogate pairs, and not too deep.")
BINARY = invalid("Frames are JSON objects in text frames; binary frames are not understood.")
MALFORMED = (msgspec.DecodeError, UnicodeError, RecursionError)
"""Everything the decoder raises for bytes that are not what they should be."""


class UnreadableError(RefusedError):
    """A frame that could not be understood, and the client id it carried, if it had one."""

    def __init__(self, refusal: Refusal, client_id: str | None = None) -> None:
        super().__init__(refusal)
        self.client_id = client_id


def read_auth(data: Data) -> Auth:
    """The first frame; whatever else comes first is refused as `unauthorized`."""
    try:
        auth = _auths.decode(data)
    except MALFORMED as error:
        raise UnreadableError(FIRST_IS_AUTH) from error
    if (auth.token is None) == (auth.ticket is None):
        raise UnreadableError(FIRST_IS_AUTH)
    return auth


def read_frame(data: Data) -> Ask | SignalFromClient:
    """Any later frame."""
    try:
        return _asks.decode(data)
    except MALFORMED:
        return _read_slowly(data)


def client_id_of(data: Data) -> str | None:
    """The client id of a frame that is refused unread, so that its sender knows which one it was."""
    try:
        return _named.decode(data).client_id
    except MALFORMED:
        return None


def _read_slowly(data: Data) -> Ask | SignalFromClient:
    """A signal, or a frame with a mistake in it: name the mistake."""
    try:
        fields = _objects.decode(data)
    except MALFORMED as error:
        raise UnreadableError(NO_OBJECT) from error
    try:
        return read_json(data if isinstance(data, bytes) else data.encode(), _kind_of(fields))
    except RefusedError as refused:
        raise UnreadableError(refused.refusal, client_id_of(data)) from refused


def _kind_of(fields: dict[str, Any]) -> type[msgspec.Struct]:
    match fields.get("type"):
        case "signal":
            return SignalFromClient
        case "command":
            command = fields.get("command")
            if isinstance(command, str) and command in ASKS:
                return ASKS[command]
            raise RefusedError(invalid(f"`command` is one of {', '.join(sorted(ASKS))}.", field="command"))
        case "auth":
            raise RefusedError(invalid("This socket knows who you are already; open another one to be somebody else."))
        case _:
            raise RefusedError(invalid("`type` is `command` or `signal`.", field="type"))
