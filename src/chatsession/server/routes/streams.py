"""The stream of a session, for browsers and for whoever reads Server-Sent Events."""

from typing import Annotated, Any

from litestar import Request, get
from litestar.datastructures import State
from litestar.params import FromPath, HeaderParameter, QueryParameter
from litestar.types import ASGIApp

from chatsession.core.refusals import invalid
from chatsession.runtime.principal import Principal
from chatsession.runtime.reading import RESYNC
from chatsession.runtime.refused import RefusedError
from chatsession.server.credentials import bearer_secret, principal_of
from chatsession.server.heads import is_for_head
from chatsession.server.options import ServerOptions
from chatsession.server.places import Places
from chatsession.server.providing import Given, Serving, Who
from chatsession.server.routes.sessions import After, Epoch, check_epoch
from chatsession.server.stream import HEADERS, MEDIA_TYPE, EventStream

DIGITS_MAX = 16

LastEventId = Annotated[
    str | None, HeaderParameter(name="Last-Event-ID", description="The same, as a browser sends it when it comes back.")
]
TicketText = Annotated[
    str | None,
    QueryParameter(max_length=512, description="Instead of a header, for `EventSource`; see `POST /v1/tickets`."),
]


@get("/v1/sessions/{session:str}/stream", media_type=MEDIA_TYPE, tags=["streams"])
async def stream_session(  # noqa: PLR0913  where to begin, and for whom
    session: FromPath[str],
    request: Request[Principal, None, State],
    principal: Who,
    service: Serving,
    options: Given[ServerOptions],
    connections: Given[Places],
    after: After = 0,
    last_event_id: LastEventId = None,
    ticket: TicketText = None,  # noqa: ARG001  read by the doorkeeper, documented here
    epoch: Epoch = None,
) -> ASGIApp:
    """The list from a position on, and everything that comes, as Server-Sent Events.

    A stored event has its seq as `id` and no name, so that `onmessage` gets exactly the list. `hello`, `signal` and
    `end` are named and carry no id; comments say where the head is. `end` says whether to come back, and when; a stream
    that breaks off without it is to be opened again, with `Last-Event-ID`.
    """
    begin = after if not last_event_id else _position(last_event_id)
    head = (await service.door.state(principal, session)).session.seq
    check_epoch(service, epoch)
    if begin > head:
        raise RefusedError(RESYNC)
    secret = bearer_secret(request.headers.get("authorization"))

    async def still_known() -> object:
        return None if secret is None else await principal_of(service.identity, secret)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if is_for_head(scope):
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            return
        with connections.taken(principal):
            await EventStream(service, options, principal, session, still_known).run(begin, head, receive, send, scope)

    return app


def _position(last_event_id: str) -> int:
    """Where to begin: what a browser that comes back says counts more than what its address says."""
    if not last_event_id.isascii() or not last_event_id.isdigit() or len(last_event_id) > DIGITS_MAX:
        raise RefusedError(invalid("Last-Event-ID must be the id of an event of this stream.", field="Last-Event-ID"))
    return int(last_event_id)


ROUTES = [stream_session]
