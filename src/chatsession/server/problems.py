"""Every error as a problem document (RFC 9457): a stable code, and one sentence a stranger can act on."""

import logging
import secrets
from typing import Any, cast

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.response.base import ASGIResponse
from litestar.status_codes import HTTP_401_UNAUTHORIZED, HTTP_408_REQUEST_TIMEOUT

from chatsession.core.refusals import TITLES, Refusal, invalid, too_large
from chatsession.runtime.refused import RefusedError, unavailable
from chatsession.server.asgi import Receive, Scope, Send
from chatsession.store import StoreError
from chatsession.tracing import LOG_UNEXPECTED

log = logging.getLogger("chatsession")
MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:chatsession:problem:"
INTERNAL = Refusal("internal_error", 500, "Something went wrong on our side; nothing was acknowledged. Try again.")
NO_ROUTE = Refusal("not_found", 404, "There is nothing at this address; /openapi.json says what there is.")
TOO_DEEP = invalid("The JSON of the body is nested too deeply.")
BROKEN_REQUEST = invalid("This is not a request that can be understood.")


def problem_of(error: Exception, instance: str | None = None) -> dict[str, Any]:
    """The problem document of whatever was raised; what we did not expect says nothing about itself."""
    refusal = refusal_of(error)
    problem: dict[str, Any] = {
        **refusal.extra,
        "type": TYPE_PREFIX + refusal.code,
        "title": TITLES[refusal.code],
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.detail,
    }
    return problem if instance is None else {**problem, "instance": instance}


def refusal_of(error: Exception) -> Refusal:
    """The refusal behind an exception of ours, of the store's or of the HTTP framework's."""
    match error:
        case RefusedError():
            return error.refusal
        case StoreError():
            return unavailable(error).refusal
        case HTTPException():
            return _of_framework(error)
        case RecursionError():
            return TOO_DEEP
        case _:
            return INTERNAL


def _of_framework(error: HTTPException) -> Refusal:
    match error:
        case NotFoundException():
            return NO_ROUTE
        case MethodNotAllowedException():
            allowed = (error.headers or {}).get("allow", "")
            return Refusal("method_not_allowed", 405, f"This address answers {allowed}.")
        case RequestEntityTooLarge():
            return too_large("The body is larger than this server takes in.")
        case ValidationException():
            return _of_parameters(error)
        case ClientException():
            return BROKEN_REQUEST
        case _:
            return INTERNAL


def _of_parameters(error: ValidationException) -> Refusal:
    """Name the first parameter that is wrong, and how."""
    mistakes = cast("list[dict[str, str]]", error.extra if isinstance(error.extra, list) else [])
    wrong = mistakes[0] if mistakes else {}
    field = wrong.get("key")
    if field is None:
        return BROKEN_REQUEST
    if field == "data":
        return invalid("Send a JSON object as the body.")
    return invalid(f"{field}: {wrong.get('message', 'not valid')}.", field=field)


def headers_of(error: Exception, problem: dict[str, Any]) -> dict[str, str]:
    """The headers that go with a problem: when to try again, which methods there are, how to sign in."""
    headers: dict[str, str] = {}
    if "retry_after" in problem:
        headers["Retry-After"] = str(problem["retry_after"])
    if problem["status"] == HTTP_401_UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if problem["status"] == HTTP_408_REQUEST_TIMEOUT:
        headers["Connection"] = "close"
    if isinstance(error, MethodNotAllowedException):
        headers["Allow"] = (error.headers or {}).get("allow", "")
    return headers


def respond(_: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """Answer a request with its problem; one of ours that nobody expected is logged under the id the document names."""
    instance = None
    if refusal_of(error) is INTERNAL:
        instance = f"urn:chatsession:error:{secrets.token_hex(8)}"
        log.error(LOG_UNEXPECTED, exc_info=error, extra={"instance": instance})
    problem = problem_of(error, instance)
    return Response(problem, status_code=problem["status"], media_type=MEDIA_TYPE, headers=headers_of(error, problem))


async def send_problem(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    """The same where there is no route yet."""
    problem = problem_of(error)
    body = msgspec.json.encode(problem)
    response = ASGIResponse(
        body=body, status_code=problem["status"], media_type=MEDIA_TYPE, headers=headers_of(error, problem)
    )
    await response(cast("Any", scope), cast("Any", receive), cast("Any", send))
