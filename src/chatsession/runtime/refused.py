"""A refusal on its way to whoever asked."""

import logging
from collections.abc import Awaitable
from typing import TypeVar

from chatsession.core.refusals import Refusal
from chatsession.files import FilesError
from chatsession.store import ConflictError, NewerVersionError, StoreBusyError, StoreError
from chatsession.tracing import LOG_UNEXPECTED

Result = TypeVar("Result")

RETRY_AFTER_SECONDS = 2
FILES_UNAVAILABLE = Refusal(
    "store_unavailable",
    503,
    "Files cannot be kept or read just now; try again soon.",
    {"retry_after": RETRY_AFTER_SECONDS},
)


BROKEN = Refusal("internal_error", 500, "Something went wrong on our side; nothing was changed.")
log = logging.getLogger("chatsession")


class RefusedError(Exception):
    """The command was refused and nothing has changed; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


def not_found() -> RefusedError:
    """The answer for what does not exist and for what is somebody else's: exactly the same."""
    return RefusedError(Refusal("not_found", 404, "There is no such thing here, or it is not yours."))


def unauthorized() -> RefusedError:
    """The answer to missing, wrong, expired and revoked credentials."""
    return RefusedError(Refusal("unauthorized", 401, "Send a valid token or key as `Authorization: Bearer …`."))


def refusal_for(error: BaseException | None, session: str) -> RefusedError:
    """What those are told whose command came to nothing; what nobody foresaw is logged."""
    match error:
        case RefusedError():
            return error
        case StoreError():
            return unavailable(error)
        case FilesError():
            return RefusedError(FILES_UNAVAILABLE)
        case Exception():
            log.error(LOG_UNEXPECTED, exc_info=error, extra={"session": session})
        case _:
            pass
    return RefusedError(BROKEN)


def rate_limited(retry_after_seconds: int = 1) -> RefusedError:
    """The answer to whoever is too fast."""
    detail = "Too many requests; slow down and try again."
    return RefusedError(Refusal("rate_limited", 429, detail, {"retry_after": retry_after_seconds}))


def unavailable(error: StoreError) -> RefusedError:
    """The store's trouble in words for whoever asked; what exactly happened is for the log."""
    match error:
        case StoreBusyError():
            return _later("overloaded", "Too much is waiting to be written; try again soon.")
        case ConflictError():
            return not_found()
        case NewerVersionError():
            return RefusedError(Refusal("newer_version", 503, str(error)))
        case _:
            return _later(
                "store_unavailable", "The store cannot be written just now; nothing was changed. Try again soon."
            )


async def stored(work: Awaitable[Result]) -> Result:
    """What the store answers; its trouble as a refusal."""
    try:
        return await work
    except StoreError as error:
        raise unavailable(error) from error


def _later(code: str, detail: str) -> RefusedError:
    return RefusedError(Refusal(code, 503, detail, {"retry_after": RETRY_AFTER_SECONDS}))
