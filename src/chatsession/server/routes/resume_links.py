"""Links to go on with a chat on another device."""

from litestar import post
from litestar.params import FromPath, JSONBody

from chatsession.server.providing import Serving, Who
from chatsession.server.shapes import NoFields, ResumeLinkMade


@post("/v1/sessions/{session:str}/resume-link", tags=["visitors"])
async def make_resume_link(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[NoFields | None] = None
) -> ResumeLinkMade:
    """A secret that lets its bearer in as this visitor, once, for a short time: `POST …/visitors {"resume": token}`.

    Whoever has the link has the chat, so show it to its visitor alone. It never waits longer than the chat can be
    resumed, and ends when the visitor logs out. For visitors.
    """
    del data
    link = await service.resume_links.make(principal, session)
    return ResumeLinkMade(token=link.token, expires_in=int(link.lifetime.total_seconds()))


ROUTES = [make_resume_link]
