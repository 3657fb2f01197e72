"""What the demo serves beside the contract: the shop, the glass box, a page to try everything from, and skipping."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import JSONBody

from chatsession.clocks.system import SystemClock
from chatsession.core import durations
from chatsession.core.refusals import forbidden
from chatsession.demo.assets import asset_route, own_assets, web_assets
from chatsession.demo.drawing import page
from chatsession.demo.glass_page import glass_pages
from chatsession.demo.inboxes import shop_folder
from chatsession.demo.place import DURABILITIES, Place
from chatsession.demo.shop_pages import shop_pages
from chatsession.demo.skipping import Skipping, SkipRequest
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.refused import RefusedError, unauthorized
from chatsession.runtime.service import Service
from chatsession.runtime.views import SessionView
from chatsession.server.credentials import bearer_secret, principal_of

SKIP_PATH = "/v1/demo/skip"
UNITS = {"m": "min", "d": "d"}
ELSEWHERE = forbidden("Only the demo's clock can be moved (`chatsession demo`); here time passes by itself.")


def demo_pages(service: Service, clock: SystemClock, place: Place) -> tuple[Any, ...]:
    """The demo's routes."""
    skipping = Skipping(service, clock)

    @get("/demo", include_in_schema=False)
    async def guide() -> Response[str]:
        return page("guide.html", _facts(place, service.inboxes))

    @post(SKIP_PATH, status_code=200, include_in_schema=False)
    async def skip(request: Request[Any, Any, Any], data: JSONBody[SkipRequest]) -> SessionView:
        secret = bearer_secret(request.headers.get("authorization"))
        if secret is None:
            raise unauthorized()
        return await skipping.skip(await principal_of(service.identity, secret), data)

    assets = asset_route(own_assets(), web_assets())
    return (*shop_pages(shop_folder()), *glass_pages(service.identity, clock, place), guide, assets, skip)


@post(SKIP_PATH, status_code=200, include_in_schema=False)
async def no_skipping() -> None:
    """Say why time cannot be skipped here."""
    raise RefusedError(ELSEWHERE)


def _facts(place: Place, inboxes: Mapping[str, Inbox]) -> dict[str, Any]:
    return {
        "place": place,
        "durability_means": DURABILITIES.get(place.durability, ""),
        "inboxes": [_times(inbox) for inbox in inboxes.values()],
    }


def _times(inbox: Inbox) -> dict[str, str]:
    policy = inbox.policy
    return {
        "name": inbox.name,
        "idle_timeout": _in_words(policy.idle_timeout),
        "warn_before": _in_words(policy.warn_before),
        "resume_window": _in_words(policy.resume_window),
    }


def _in_words(duration: timedelta | None) -> str:
    """Write a duration for people: `3 min` for `3m`."""
    return re.sub(
        r"(\d+)([a-z]+)", lambda found: f"{found[1]} {UNITS.get(found[2], found[2])} ", durations.render(duration)
    ).strip()
