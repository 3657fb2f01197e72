"""What goes over the wire, one struct for each frame: JSON objects in text frames."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

EVENT = b'{"type":"event","event":%b}'
SIGNAL = b'{"type":"signal","signal":%b}'
"""Events and signals are encoded once, whoever gets them: their bytes are put in here as they are."""

SECRET_CHARS_MAX = 512
Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=SECRET_CHARS_MAX)]


class FromClient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frame from a client; unknown fields are refused."""


class Auth(FromClient, frozen=True, kw_only=True, tag="auth"):
    """The first frame: who is there, and after which seq to begin. One of `token` (or key) and `ticket`."""

    token: Secret | None = None
    ticket: Secret | None = None
    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    epoch: str | None = None
    """Of the `hello` in which `after` was learnt; another one than the store's is answered `resync`."""


class SignalFromClient(FromClient, frozen=True, kw_only=True, tag="signal"):
    """Something that matters only now."""

    signal: Literal["typing", "read"]
    seq: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """Of `read`: the last event that was seen."""

    def __post_init__(self) -> None:
        """Tell a signal that says nothing."""
        if (self.signal == "read") != (self.seq is not None):
            raise ValueError("`seq` goes with the signal `read`, and with no other")


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello"):
    """The answer to `auth`: which store this is, where the session stands, and what an `ack` survives."""

    epoch: str
    head: int
    durability: str
    server_time: datetime


class Ack(msgspec.Struct, frozen=True, kw_only=True, tag="ack"):
    """A command was carried out, and is durable; `seq` is the message's, or the session's after the command."""

    client_id: str | None
    seq: int
    message_id: str | None
    repeated: bool
    """Whether this command had been carried out before, and only its first answer was given again."""


class Beat(msgspec.Struct, frozen=True, kw_only=True, tag="beat"):
    """The connection lives; whoever has not seen `head` has missed something that is on its way."""

    head: int
