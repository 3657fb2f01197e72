"""Visitors: coming in, looking back, logging out, being forgotten."""

from litestar import Request, delete, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from chatsession.core.refusals import invalid
from chatsession.runtime.identity import KEY_PREFIX, VisitorGrant
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError
from chatsession.server.credentials import bearer_secret
from chatsession.server.providing import Serving, Who
from chatsession.server.shapes import NewVisitor, SessionList, ThreadList, VisitorGranted
from chatsession.store import ErasureReceipt

VISITORS = ["visitors"]


@post("/v1/inboxes/{inbox:str}/visitors", tags=VISITORS)
async def come_in(
    inbox: FromPath[str],
    request: Request[Principal, None, State],
    service: Serving,
    data: JSONBody[NewVisitor | None] = None,
) -> VisitorGranted:
    """Let a visitor in, anonymously or with a signed identity; the token is shown this once.

    With the anonymous token the same person had until now (in the body, or as `Authorization: Bearer …`), their current
    session goes along and that token ends. With the secret of a resume link, the caller goes on as who made the link.
    """
    asked = data or NewVisitor()
    if asked.resume is not None:
        if asked.jwt is not None or asked.token is not None:
            raise RefusedError(invalid("A resume link says who comes; send `resume` alone.", field="resume"))
        resumed, session = await service.resume_links.use(inbox, asked.resume)
        return _granted(resumed, session)
    bearer = bearer_secret(request.headers.get("authorization"))
    before = asked.token or (None if bearer is None or bearer.startswith(KEY_PREFIX) else bearer)
    return _granted(await service.identity.new_visitor(inbox, jwt=asked.jwt, token=before))


def _granted(grant: VisitorGrant, session: str | None = None) -> VisitorGranted:
    visitor = grant.visitor
    return VisitorGranted(
        id=visitor.id,
        token=grant.token,
        inbox=visitor.inbox,
        name=visitor.name,
        identified=visitor.subject is not None,
        session=session,
    )


@get("/v1/visitors/me/sessions", tags=VISITORS)
async def my_sessions(principal: Who, service: Serving) -> SessionList:
    """The caller's earlier chats, newest first."""
    return SessionList(sessions=await service.reading.earlier(principal))


@post("/v1/visitors/me/logout", status_code=204, tags=VISITORS)
async def log_out(principal: Who, service: Serving) -> None:
    """Revoke every token of the caller; their streams and sockets end."""
    await service.identity.log_out(principal)


@get("/v1/visitors/me/threads", tags=VISITORS)
async def my_threads(principal: Who, service: Serving) -> ThreadList:
    """The caller's threads."""
    return ThreadList(threads=await service.reading.threads(principal, principal.id or ""))


@get("/v1/visitors/{visitor:str}/threads", tags=VISITORS)
async def threads_of_visitor(visitor: FromPath[str], principal: Who, service: Serving) -> ThreadList:
    """A visitor's threads, over all their sessions in the inbox."""
    return ThreadList(threads=await service.reading.threads(principal, visitor))


@delete("/v1/visitors/{visitor:str}", status_code=200, tags=VISITORS)
async def erase(visitor: FromPath[str], principal: Who, service: Serving) -> ErasureReceipt:
    """Erase a visitor for ever: sessions, messages, traces, tokens; the receipt names nobody. For admin keys."""
    return await service.erasing.erase_visitor(principal, visitor)


OPEN_ROUTES = [come_in]
ROUTES = [my_sessions, log_out, my_threads, threads_of_visitor, erase]
