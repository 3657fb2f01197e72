"""Why a socket is closed: every code says whether the client is to come back or to stop."""

from enum import Enum
from typing import Literal

import msgspec

from chatsession.core.refusals import Refusal
from chatsession.runtime.following import EndCode

Then = Literal["reconnect", "stop"]


class Ending(msgspec.Struct, frozen=True):
    """A close code of ours: 41xx says reconnect, 40xx says stop."""

    number: int
    name: str
    says: str

    @property
    def then(self) -> Then:
        """What the client does next."""
        return "reconnect" if self.number >= Close.DRAINING.value.number else "stop"


class Close(Enum):
    """Every close code of ours; the table in the protocol's documentation is made from it."""

    ABUSE = Ending(4000, "abuse", "Too many frames that could not be understood, or far too many frames.")
    UNAUTHORIZED = Ending(4001, "unauthorized", "No valid token, key or ticket came in time.")
    FORBIDDEN = Ending(4003, "forbidden", "Pages of this origin may not use the inbox.")
    NOT_FOUND = Ending(4004, "not_found", "There is no such session, or it is not yours.")
    REVOKED = Ending(4005, "revoked", "The token or key was revoked while the socket was open.")
    ERASED = Ending(4006, "erased", "The session was erased.")
    TOO_MANY = Ending(4008, "too_many", "This visitor has too many connections open; close one.")
    DRAINING = Ending(4100, "draining", "The server is about to stop; come back after `retry_after`.")
    SLOW = Ending(4101, "slow", "Too much was waiting to be read; come back and ask for what is missing.")
    RESYNC = Ending(4102, "resync", "The position is not one of this session; come back with `after` 0.")
    UNAVAILABLE = Ending(4103, "unavailable", "The session cannot be read just now; come back later.")
    FULL = Ending(4104, "full", "The server has as many connections as it takes; come back later.")


OF_END: dict[EndCode, Close] = {
    "revoked": Close.REVOKED,
    "erased": Close.ERASED,
    "draining": Close.DRAINING,
    "resync": Close.RESYNC,
}
"""How a follower's end is told to its client."""

STANDARD: dict[int, tuple[Then, str]] = {
    1002: ("stop", "What came was not WebSocket."),
    1007: ("stop", "What came was not UTF-8."),
    1009: ("stop", "A frame was larger than 64 KiB."),
    1011: ("reconnect", "Something went wrong on our side."),
    1012: ("reconnect", "The server is about to stop."),
}
"""Codes of the protocol itself that a client may see."""

_OF_CODE = {
    "unauthorized": Close.UNAUTHORIZED,
    "forbidden": Close.FORBIDDEN,
    "not_found": Close.NOT_FOUND,
    "resync": Close.RESYNC,
    "invalid_request": Close.UNAUTHORIZED,
}


def close_for(refusal: Refusal) -> Close:
    """The close code for a refusal that keeps a socket from opening."""
    return _OF_CODE.get(refusal.code, Close.UNAVAILABLE)


def reason_of(close: Close, retry_after_seconds: float) -> str:
    """The reason of a close frame: JSON with the code's name, and when to come back."""
    reason: dict[str, str | float] = {"code": close.value.name}
    if close.value.then == "reconnect":
        reason["retry_after"] = round(retry_after_seconds, 2)
    return msgspec.json.encode(reason).decode()
