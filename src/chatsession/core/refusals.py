"""A refusal: the fact, a stable code, an HTTP status, and one sentence a stranger can act on."""

from typing import Any

import msgspec


class Refusal(msgspec.Struct, frozen=True):
    """Why a command was refused; nothing has changed."""

    code: str
    status: int
    detail: str
    extra: dict[str, Any] = {}


TITLES = {
    "session_closed": "The session is closed",
    "session_archived": "The session is archived",
    "another_session_open": "Another session is open",
    "keep_open_spent": "No more time can be added",
    "key_exists": "There is a key of this id",
    "limit_reached": "The longest duration is reached",
    "turn_over": "The turn is over",
    "client_id_reused": "The client id was used for another message",
    "not_found": "Not found",
    "invalid_request": "The request is not valid",
    "too_large": "Too large",
    "rate_limited": "Too many requests",
    "unauthorized": "Not signed in",
    "forbidden": "Not allowed",
    "floor_taken": "Somebody else speaks for the service",
    "wrong_state": "Not possible in this state",
    "resync": "Read the session anew",
    "newer_version": "The data comes from a newer version",
    "store_unavailable": "The store cannot be written",
    "overloaded": "Too busy",
    "method_not_allowed": "The address does not answer this method",
    "not_acceptable": "Not available in a form that was asked for",
    "unsupported_media_type": "The body is of a kind that is not understood",
    "timed_out": "The request took too long to arrive",
    "not_built": "The widget is not built",
    "internal_error": "Something went wrong on our side",
}
"""Every stable code with the title of its problem document (RFC 9457)."""


def session_closed() -> Refusal:
    """Say what can be done instead of writing into a closed session."""
    return Refusal(
        "session_closed", 409, "This session is closed. Resume it or start a new one.", {"allowed": ["resume", "new"]}
    )


def session_archived() -> Refusal:
    """Say that only a new session can follow."""
    return Refusal(
        "session_archived", 409, "This session can no longer be resumed. Start a new one.", {"allowed": ["new"]}
    )


def invalid(detail: str, **extra: Any) -> Refusal:
    """Name what is wrong with the request."""
    return Refusal("invalid_request", 422, detail, extra)


def too_large(detail: str) -> Refusal:
    """Name the limit that was passed."""
    return Refusal("too_large", 413, detail)


def turn_over() -> Refusal:
    """Tell a late bot that its answer is not wanted any more."""
    return Refusal("turn_over", 409, "This turn was answered, stopped or replaced; its answer is not accepted.")


def floor_taken(floor: str) -> Refusal:
    """Tell a writer of an older term who has the floor."""
    return Refusal("floor_taken", 409, f"The floor is with the {floor}; read the session again.", {"floor": floor})


def wrong_state(detail: str) -> Refusal:
    """Say why the state does not allow the command."""
    return Refusal("wrong_state", 409, detail)


def forbidden(detail: str) -> Refusal:
    """Say who may do this."""
    return Refusal("forbidden", 403, detail)
