"""What the demo serves beside the contract: a page that says what is there, and skipping ahead."""

import base64
import hashlib
import html
from collections.abc import Mapping
from importlib.resources import files
from string import Template
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get, post
from litestar.params import JSONBody

from chatsession.clocks.system import SystemClock
from chatsession.core import durations
from chatsession.core.refusals import forbidden
from chatsession.demo.skipping import Skipping, SkipRequest
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.refused import RefusedError, unauthorized
from chatsession.runtime.service import Service
from chatsession.runtime.views import SessionView
from chatsession.server.credentials import bearer_secret, principal_of

SKIP_PATH = "/v1/demo/skip"
ELSEWHERE = forbidden("Only the demo's clock can be moved (`chatsession demo`); here time passes by itself.")
DURABILITIES = {
    "none": "Nothing survives this process.",
    "D1": "An acknowledged message survives a killed process.",
    "D2": "An acknowledged message survives a power cut.",
    "D3": "An acknowledged message survives the loss of a machine.",
}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What the page says about where it is."""

    base_url: str
    data: str
    keys: str
    pid: int
    version: str
    durability: str


def demo_pages(service: Service, clock: SystemClock, place: Place) -> tuple[Any, ...]:
    """The demo's routes."""
    page, headers = _page(place, service.inboxes)
    skipping = Skipping(service, clock)

    @get("/", media_type=MediaType.HTML, include_in_schema=False)
    async def home() -> Response[str]:
        return Response(page, headers=headers)

    @post(SKIP_PATH, status_code=200, include_in_schema=False)
    async def skip(request: Request[Any, Any, Any], data: JSONBody[SkipRequest]) -> SessionView:
        secret = bearer_secret(request.headers.get("authorization"))
        if secret is None:
            raise unauthorized()
        return await skipping.skip(await principal_of(service.identity, secret), data)

    return home, skip


@post(SKIP_PATH, status_code=200, include_in_schema=False)
async def no_skipping() -> None:
    """Say why time cannot be skipped here."""
    raise RefusedError(ELSEWHERE)


def _page(place: Place, inboxes: Mapping[str, Inbox]) -> tuple[str, dict[str, str]]:
    """The page, and the headers that let it be nothing but what it is."""
    style = _asset("page.css")
    facts = {name: html.escape(str(value)) for name, value in msgspec.structs.asdict(place).items()}
    page = Template(_asset("page.html")).substitute(
        facts,
        style=style,
        inboxes="\n".join(_row(inbox) for inbox in inboxes.values()),
        curl=html.escape(Template(_asset("commands.sh")).substitute(base_url=place.base_url).rstrip()),
        durability_means=DURABILITIES.get(place.durability, ""),
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return page, {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _row(inbox: Inbox) -> str:
    policy = inbox.policy
    times = (policy.idle_timeout, policy.warn_before, policy.resume_window)
    cells = "".join(f"<td>{durations.render(each)}</td>" for each in times)
    return f'<tr><th scope="row">{html.escape(inbox.name)}</th>{cells}</tr>'


def _asset(name: str) -> str:
    return (files("chatsession.demo") / name).read_text(encoding="utf-8")
