"""Before any route: who is asking, from which page, how often, and for what kind of answer."""

import time
from datetime import UTC, datetime
from typing import Any

from litestar.connection import ASGIConnection
from litestar.enums import MediaType
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from chatsession.core.refusals import Refusal
from chatsession.runtime.principal import Principal
from chatsession.runtime.rates import Rates
from chatsession.runtime.refused import RefusedError, not_found, rate_limited, unauthorized
from chatsession.runtime.service import Service
from chatsession.server.credentials import bearer_secret, principal_of
from chatsession.server.heads import is_for_head
from chatsession.server.options import ServerOptions
from chatsession.server.origins import check_origin
from chatsession.server.routes import ROUTES, Access
from chatsession.server.routes.ready import FORM_VARIES

Connection = ASGIConnection[Any, Any, Any, Any]

NOT_ACCEPTABLE = Refusal("not_acceptable", 406, "This address answers in another form than the `Accept` header allows.")

NOT_FOR_HEAD = Refusal("unauthorized", 401, "A ticket opens the stream once; it is not used up for HEAD. Send a token.")


class Doorkeeper:
    """Guards the routes: returns, or raises the refusal."""

    def __init__(self, service: Service, options: ServerOptions) -> None:
        self._service = service
        self._access = {handler.fn: access for access, handlers in ROUTES.items() for handler in handlers}
        self._rates = Rates(options.requests_per_second, options.requests_burst, options.buckets_max)

    async def check(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Guard a route as its access says; the pages that others add guard themselves."""
        access = self._access.get(handler.fn)
        match access:
            case Access.PAGE:
                self._check_page(connection)
            case Access.KNOWN:
                await self._check_known(connection)
            case Access.TICKET:
                await self._check_known_or_ticket(connection)
            case Access.OPEN | None:
                pass
        if access is not None:
            _check_acceptable(connection, handler)

    async def _check_known(self, connection: Connection) -> None:
        """The caller's key or token is somebody's."""
        secret = bearer_secret(connection.headers.get("authorization"))
        if secret is None:
            raise unauthorized()
        self._admit(connection, await principal_of(self._service.identity, secret))

    async def _check_known_or_ticket(self, connection: Connection) -> None:
        """The same, or a ticket for this one session, for those who cannot send headers."""
        ticket = connection.query_params.get("ticket")
        if ticket is None or "authorization" in connection.headers:
            await self._check_known(connection)
            return
        if is_for_head(connection.scope):
            raise RefusedError(NOT_FOR_HEAD)
        session = str(connection.path_params["session"])
        self._admit(connection, await self._service.identity.of_ticket(ticket, session))

    def _check_page(self, connection: Connection) -> None:
        """The page that talks to this inbox is on its list."""
        self._check_origin(connection, str(connection.path_params["inbox"]))

    def _admit(self, connection: Connection, principal: Principal) -> None:
        connection.scope["user"] = principal
        if principal.kind == "visitor":
            self._check_origin(connection, principal.inbox or "")
            # What a machine can bear has nothing to do with the time of the sessions.
            if not self._rates.allow(principal.id or "", datetime.fromtimestamp(time.monotonic(), UTC)):
                raise rate_limited()

    def _check_origin(self, connection: Connection, inbox: str) -> None:
        place = self._service.inboxes.get(inbox)
        if place is None:
            raise not_found()
        check_origin(place, connection.headers.get("origin"), connection.headers.get("host", ""))


def _check_acceptable(connection: Connection, handler: BaseRouteHandler) -> None:
    """The caller takes what the route gives."""
    accepted = connection.headers.get("accept")
    if not accepted or not isinstance(handler, HTTPRouteHandler) or FORM_VARIES in handler.opt:
        return
    given = handler.media_type
    if not _accepts(accepted, given.value if isinstance(given, MediaType) else str(given or MediaType.JSON.value)):
        raise RefusedError(NOT_ACCEPTABLE)


def _accepts(accepted: str, given: str) -> bool:
    """Whether an `Accept` header covers a media type; weights matter only where they are 0."""
    main, _, sub = given.partition("/")
    for part in accepted.split(","):
        media, *parameters = (each.strip().lower() for each in part.split(";"))
        if media in (given, f"{main}/*", "*/*", "*") and not any(_is_zero(each) for each in parameters):
            return bool(sub)
    return False


def _is_zero(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name == "q" and value.strip("0.") == ""
