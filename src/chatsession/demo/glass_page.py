"""The glass box: a page of its own beside the shop, which reads the public API with a key that the shop never has."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from chatsession.clocks.system import SystemClock
from chatsession.demo.drawing import page
from chatsession.demo.place import Place
from chatsession.runtime.identity import Identity
from chatsession.runtime.refused import unauthorized
from chatsession.server.credentials import bearer_secret, principal_of
from chatsession.server.origins import is_this_machine

PLACE_PATH = "/v1/demo/place"
GLASS_POLICY = {"frame-src": "'self'", "frame-ancestors": "'none'"}
ALONE = {"Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin", "Vary": "Sec-Fetch-Dest"}


class PlaceSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Which process serves, since when, how it is started again, and how far its clock was moved ahead."""

    pid: int
    started_at: datetime
    restart: str
    server_time: datetime
    ahead_seconds: float


def glass_pages(identity: Identity, clock: SystemClock, place: Place) -> list[HTTPRouteHandler]:
    """The glass box, and what it must know of the process it watches."""

    @get("/glass", include_in_schema=False)
    async def glass(request: Request[Any, Any, State]) -> Response[str]:
        key = place.agent_key if _may_have_key(request) else ""
        return page("glass.html", {"place": place, "key": key}, policy=GLASS_POLICY, headers=ALONE)

    @get(PLACE_PATH, include_in_schema=False)
    async def where(request: Request[Any, Any, State]) -> PlaceSeen:
        secret = bearer_secret(request.headers.get("authorization"))
        if secret is None or (await principal_of(identity, secret)).kind not in ("agent", "key"):
            raise unauthorized()
        return PlaceSeen(
            pid=place.pid,
            started_at=place.started_at,
            restart=place.restart,
            server_time=clock.now(),
            ahead_seconds=clock.ahead().total_seconds(),
        )

    return [glass, where]


def _may_have_key(request: Request[Any, Any, State]) -> bool:
    """Whether somebody at this machine opened the page itself.

    A page's script cannot read it instead: browsers mark what scripts fetch, the policy forbids framing, and the opener
    policy cuts the tie to a window that opened it.
    """
    return is_this_machine(request) and request.headers.get("sec-fetch-dest") == "document"
