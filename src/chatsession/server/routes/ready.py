"""Answers whose bytes are ready: they go out as they are, and are documented as what they say."""

from typing import TypeVar, cast

from litestar import Response

Documented = TypeVar("Documented")

FORM_VARIES = "form_varies"
"""The key of a route's `opt` that says: what form it answers in is known only when the answer is made."""


class Ready(Response[Documented]):
    """A JSON body that is encoded already, under the name of what is in it."""

    def __init__(self, body: bytes, *, status_code: int | None = None, headers: dict[str, str] | None = None) -> None:
        # Bytes pass through the framework's encoder unchanged; their type is for the documentation.
        super().__init__(cast("Documented", body), status_code=status_code, headers=headers)
