"""Sessions: opening, reading, listing."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from chatsession.core.refusals import invalid
from chatsession.core.words import Outcome, Phase
from chatsession.runtime.opening import Opened, OpenRequest
from chatsession.runtime.principal import Principal
from chatsession.runtime.reading import RESYNC
from chatsession.runtime.refused import RefusedError
from chatsession.runtime.service import Service
from chatsession.runtime.views import SessionView
from chatsession.server.heads import is_for_head
from chatsession.server.metadata import completed
from chatsession.server.options import ServerOptions
from chatsession.server.places import Places
from chatsession.server.providing import Given, Serving, Who
from chatsession.server.routes.ready import Ready
from chatsession.server.shapes import (
    LIMIT_MAX,
    SEQ_MAX,
    EventList,
    MessageAccepted,
    OpenedSession,
    SessionList,
    TraceList,
)
from chatsession.store import SessionQuery

SESSIONS = ["sessions"]
PAGE = 100
CURSOR_CHARS_MAX = 64
WORDS_CHARS_MAX = 1_000
NAME_CHARS_MAX = 256
FILTERS = frozenset(("inbox", "phase", "visitor", "outcome", "topic", "q", "cursor", "limit"))

ANY: Literal["any"] = "any"
"""The word for leaving a filter out: an absent value is written `null` by some clients, which must not mean it."""
NoFilter = Literal["any"]
After = Annotated[int, QueryParameter(ge=0, le=SEQ_MAX, description="The last seq the caller has.")]
Place = Annotated[int, PathParameter(ge=1, le=SEQ_MAX, description="The seq of the message.")]
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX, description="How many at most.")]
Name = Annotated[str | None, QueryParameter(max_length=NAME_CHARS_MAX)]
Epoch = Annotated[
    str | None,
    QueryParameter(
        max_length=NAME_CHARS_MAX, description="The epoch the position is from; another one answers `resync`."
    ),
]


@post("/v1/inboxes/{inbox:str}/sessions", tags=SESSIONS)
async def open_session(
    inbox: FromPath[str],
    request: Request[Principal, None, State],
    principal: Who,
    service: Serving,
    data: JSONBody[OpenRequest | None] = None,
) -> Response[OpenedSession]:
    """Bring the visitor in: their open session goes on (200), their closed one is resumed (200), or one begins (201).

    The first message can come along, so that both happen or neither. The same request again leads to the same session.
    """
    asked = data or OpenRequest()
    address = request.client.host if request.client else None
    metadata = completed(asked.metadata, request.headers, address)
    opened = await service.opening.open(principal, inbox, msgspec.structs.replace(asked, metadata=metadata))
    view = await service.reading.view(principal, opened.session.id)
    status = HTTP_201_CREATED if opened.how == "opened" else HTTP_200_OK
    return Response(_opened(view, opened), status_code=status, headers={"Location": f"/v1/sessions/{view.id}"})


def _opened(view: SessionView, opened: Opened) -> OpenedSession:
    said = opened.message
    message = MessageAccepted(id=said.message_id or "", seq=said.seq) if said is not None else None
    fields: dict[str, Any] = {name: getattr(view, name) for name in view.__struct_fields__}
    return OpenedSession(**fields, how=opened.how, message=message)


@get("/v1/sessions", tags=SESSIONS)
async def list_sessions(  # noqa: PLR0913  the filters
    request: Request[Principal, None, State],
    principal: Who,
    service: Serving,
    inbox: Name = None,
    phase: FromQuery[Phase | NoFilter] = ANY,
    visitor: Name = None,
    outcome: FromQuery[Outcome | NoFilter] = ANY,
    topic: Name = None,
    q: Annotated[
        str | None, QueryParameter(max_length=WORDS_CHARS_MAX, description="Words that were said, all of them.")
    ] = None,
    cursor: Annotated[
        str | None, QueryParameter(max_length=CURSOR_CHARS_MAX, description="From the page before.")
    ] = None,
    limit: Limit = 50,
) -> SessionList:
    """Sessions of the inboxes the key may see, newest first; every filter that is given must match. For keys."""
    # A misspelt filter must not answer with everybody's sessions.
    for name in request.query_params:
        if name not in FILTERS:
            raise RefusedError(
                invalid(f"There is no filter `{name}`; there are: {', '.join(sorted(FILTERS))}.", field=name)
            )
    query = SessionQuery(
        inbox=inbox,
        phase=None if phase == ANY else phase,
        visitor=visitor,
        outcome=None if outcome == ANY else outcome,
        topic=topic,
        q=q,
        cursor=cursor,
        limit=limit,
    )
    page = await service.reading.find(principal, query)
    return SessionList(sessions=page.sessions, cursor=page.cursor, as_of=page.as_of)


@get("/v1/sessions/{session:str}", tags=SESSIONS)
async def read_session(session: FromPath[str], principal: Who, service: Serving) -> SessionView:
    """The session as it stands: phase, floor, clocks, context."""
    return await service.reading.view(principal, session)


@get("/v1/sessions/{session:str}/events", tags=SESSIONS)
async def read_events(  # noqa: PLR0913  a page, and how long to wait for it
    session: FromPath[str],
    request: Request[Principal, None, State],
    principal: Who,
    service: Serving,
    options: Given[ServerOptions],
    waits: Given[Places],
    after: After = 0,
    limit: Limit = PAGE,
    wait: Annotated[float, QueryParameter(ge=0, le=30, description="Seconds to wait for a first event.")] = 0,
    epoch: Epoch = None,
) -> Ready[EventList]:
    """The list from a position on, in order; with `wait`, a long poll."""
    await service.door.state(principal, session)
    check_epoch(service, epoch)
    if wait and not is_for_head(request.scope):
        with waits.taken(principal):
            page = await service.reading.events(principal, session, after, limit, min(wait, options.wait_seconds_max))
    else:
        page = await service.reading.events(principal, session, after, limit)
    # The stored bytes, joined: nothing is decoded or encoded again.
    following = b"null" if page.next is None else b"%d" % page.next
    return Ready(b'{"events":[' + b",".join(page.frames) + b'],"next":' + following + b"}")


def check_epoch(service: Service, epoch: str | None) -> None:
    """Raise `resync` for a position in another life of the data."""
    if epoch is not None and epoch != service.epoch:
        raise RefusedError(RESYNC)


@get("/v1/sessions/{session:str}/traces", tags=SESSIONS)
async def read_traces(session: FromPath[str], principal: Who, service: Serving) -> TraceList:
    """What each attempt of each turn saw, did and cost. For keys."""
    return TraceList(traces=await service.reading.traces(principal, session))


@delete("/v1/sessions/{session:str}/messages/{seq:int}", tags=SESSIONS)
async def redact_message(session: FromPath[str], seq: Place, principal: Who, service: Serving) -> None:
    """Remove the words of a message or note for ever; a tombstone keeps its place. For admin keys.

    Snapshots, traces and search forget it too, and who follows the session is told to read it anew.
    """
    await service.redacting.redact(principal, session, seq)


ROUTES = [open_session, list_sessions, read_session, read_events, read_traces, redact_message]
