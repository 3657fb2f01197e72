"""The widget's own: what it is told before anybody has said a word."""

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_304_NOT_MODIFIED

from chatsession.server.providing import Serving
from chatsession.server.routes.ready import Ready
from chatsession.server.widget.caching import is_known, tag_of
from chatsession.server.widget.configuring import WidgetConfig, configuration

WIDGET = ["widget"]
KEPT = "public, max-age=60"


@get("/v1/inboxes/{inbox:str}/widget", tags=WIDGET)
async def read_widget(
    inbox: FromPath[str], request: Request[Any, Any, State], service: Serving
) -> Response[WidgetConfig]:
    """Everything a page needs to draw the widget; it may be kept for a minute."""
    _, policy = service.policies.current(inbox)
    config = configuration(service.inboxes[inbox], policy, service.files.allowed(inbox))
    content = msgspec.json.encode(config)
    tag = tag_of(content)
    headers = {"ETag": tag, "Cache-Control": KEPT, "Vary": "Origin"}
    if is_known(tag, request.headers.get("if-none-match")):
        return Ready(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
    return Ready(content, status_code=HTTP_200_OK, headers=headers)


PAGE_ROUTES = [read_widget]
