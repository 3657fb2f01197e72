"""For whoever runs the server: whether it lives, whether it can write, and what it counts."""

from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from prometheus_client import CONTENT_TYPE_LATEST

from chatsession.core.refusals import forbidden
from chatsession.runtime.refused import RefusedError, stored
from chatsession.runtime.service import Service
from chatsession.server.counting import Counting
from chatsession.server.credentials import bearer_secret, principal_of
from chatsession.server.options import ServerOptions
from chatsession.server.origins import is_this_machine
from chatsession.server.providing import Given, Serving
from chatsession.server.shapes import Health
from chatsession.server.stopping import Stopping

OPERATING = ["operating"]
ONLY_HERE = forbidden("Metrics are for programs on this machine and for admin keys.")


@get("/healthz", tags=OPERATING)
async def is_alive(service: Serving) -> Health:
    """The process lives; `durability` is what an acknowledged write survives (D1 a killed process, D2 a power cut)."""
    return Health(status="ok", durability=service.store.durability)


@get("/readyz", tags=OPERATING)
async def is_ready(service: Serving, stopping: Given[Stopping]) -> Health:
    """The process takes requests and its store can be written; 503 otherwise."""
    stopping.check()
    await stored(service.store.health())
    return Health(status="ready", durability=service.store.durability)


@get("/metrics", media_type="text/plain", tags=OPERATING)
async def read_metrics(
    request: Request[Any, Any, State], service: Serving, options: Given[ServerOptions], counting: Given[Counting]
) -> Response[bytes]:
    """What the server counts, in the text format of Prometheus."""
    if not (options.metrics == "local" and is_this_machine(request)):
        await _check_key(request, service, options)
    # As a header: a media type of text would be given its charset a second time.
    return Response(counting.exposed(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _check_key(request: Request[Any, Any, State], service: Service, options: ServerOptions) -> None:
    secret = bearer_secret(request.headers.get("authorization"))
    if options.metrics == "off" or secret is None:
        raise RefusedError(ONLY_HERE)
    if (await principal_of(service.identity, secret)).kind != "key":
        raise RefusedError(ONLY_HERE)


ROUTES = [is_alive, is_ready, read_metrics]
