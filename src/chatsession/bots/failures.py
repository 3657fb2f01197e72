"""What goes wrong with somebody else's server, in a few stable words and one sentence that never holds a secret."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from chatsession.bot import BotError

DETAIL_CHARS_MAX = 300
UNAUTHORIZED = (401, 403)
TOO_LARGE = 413
TOO_MANY = 429
TIMEOUTS = (408, 504)
UNAVAILABLE = 503


def of_status(status: int, said: str = "") -> BotError:
    """The failure that a status other than 200 stands for; what a server says about our credentials is left out."""
    if status in UNAUTHORIZED:
        return BotError("unauthorized", f"the server answered {status}: it does not accept our key")
    detail = f"the server answered {status}" + (f": {said}" if said else "")
    if status in range(300, 400):
        return BotError("upstream_error", f"the server answered {status}, and redirects are not followed")
    if status == TOO_MANY:
        return BotError("rate_limited", detail)
    if status == TOO_LARGE:
        return BotError("too_long", detail)
    if status in TIMEOUTS:
        return BotError("timeout", detail)
    return BotError("upstream_error", detail)


def of_transport(error: httpx.HTTPError, *, has_begun: bool) -> BotError:
    """The failure that a broken connection stands for, before or within the answer."""
    if isinstance(error, httpx.TimeoutException):
        return BotError("timeout", f"the server was silent for too long ({type(error).__name__})")
    if has_begun:
        return BotError("cut", f"the connection broke within the answer ({type(error).__name__})")
    return BotError(
        "upstream_error", f"the server cannot be reached ({type(error).__name__}: {error})"[:DETAIL_CHARS_MAX]
    )


def without(secrets: Sequence[str | None], text: str) -> str:
    """The text, short and without any of the secrets."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "[secret]")
    return text[:DETAIL_CHARS_MAX]


def retry_after_seconds(headers: httpx.Headers) -> float | None:
    """How long a server asks us to wait: seconds or a date; None where it does not say, or says nonsense."""
    said = headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, (at.astimezone(UTC) - datetime.now(UTC)).total_seconds())
