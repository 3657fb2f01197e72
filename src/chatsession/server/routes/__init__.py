"""The routes of the public contract, one file for each thing they are about; all decisions are the runtime's."""

from enum import Enum

from litestar.handlers import HTTPRouteHandler

from chatsession.server.routes import (
    assets,
    commands,
    files,
    keys,
    operating,
    policies,
    resume_links,
    sessions,
    streams,
    threads,
    tickets,
    transcripts,
    visitors,
    widget,
)
from chatsession.server.routes.methods import telling_methods


class Access(Enum):
    """How a route is guarded: by nothing, by the list of pages, by a token or key, by one of these or a ticket."""

    OPEN = "open"
    PAGE = "page"
    KNOWN = "known"
    TICKET = "ticket"


_KNOWN = [
    *visitors.ROUTES,
    *sessions.ROUTES,
    *commands.ROUTES,
    *files.ROUTES,
    *transcripts.ROUTES,
    *resume_links.ROUTES,
    *threads.ROUTES,
    *policies.ROUTES,
    *keys.ROUTES,
    *tickets.ROUTES,
]

ROUTES: dict[Access, list[HTTPRouteHandler]] = {
    Access.OPEN: [*operating.ROUTES, *assets.OPEN_ROUTES, *telling_methods(_KNOWN)],
    Access.PAGE: [*visitors.OPEN_ROUTES, *widget.PAGE_ROUTES],
    Access.KNOWN: _KNOWN,
    Access.TICKET: streams.ROUTES,
}
"""Every route with what guards it; a route that is not here does not exist."""
