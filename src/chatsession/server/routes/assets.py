"""The built widget: its script, its files, and the page that is nothing but a chat."""

import asyncio
from functools import partial
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_304_NOT_MODIFIED

from chatsession.runtime.refused import not_found
from chatsession.server.metadata import locale_of
from chatsession.server.providing import Given, Serving
from chatsession.server.routes.ready import FORM_VARIES
from chatsession.server.widget.assets import Asset, Assets
from chatsession.server.widget.caching import is_known
from chatsession.server.widget.page import FENCE, page_of

Asked = Request[Any, Any, State]


@get("/widget.js", include_in_schema=False, opt={FORM_VARIES: True})
async def read_loader(request: Asked, assets: Given[Assets]) -> Response[bytes]:
    """The script that pages embed."""
    return _answer(request, await asyncio.to_thread(assets.loader, _accepted(request)))


@get("/widget/{name:path}", include_in_schema=False, opt={FORM_VARIES: True})
async def read_asset(name: FromPath[str], request: Asked, assets: Given[Assets]) -> Response[bytes]:
    """A file of the widget."""
    return _answer(request, await asyncio.to_thread(partial(assets.named, name, _accepted(request))))


@get("/chat/{inbox:str}", media_type=MediaType.HTML, include_in_schema=False, sync_to_thread=False)
def read_page(inbox: FromPath[str], request: Asked, service: Serving) -> Response[str]:
    """The page that is nothing but a chat."""
    place = service.inboxes.get(inbox)
    if place is None:
        raise not_found()
    headers = {"Content-Security-Policy": FENCE, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
    page = page_of(place, locale_of(request.headers.get("accept-language", "")))
    return Response(page, media_type=MediaType.HTML, headers=headers | {"Vary": "Accept-Language"})


def _answer(request: Asked, asset: Asset) -> Response[bytes]:
    """Any page may fetch them: they are the same for everybody, and hold no secret."""
    headers = {
        "ETag": asset.tag,
        "Cache-Control": asset.kept,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        **({} if asset.encoding is None else {"Content-Encoding": asset.encoding}),
    }
    known = is_known(asset.tag, request.headers.get("if-none-match"))
    return Response(
        b"" if known else asset.content,
        status_code=HTTP_304_NOT_MODIFIED if known else HTTP_200_OK,
        media_type=asset.media_type,
        headers=headers,
    )


def _accepted(request: Asked) -> str:
    return request.headers.get("accept-encoding", "")


OPEN_ROUTES = [read_loader, read_asset, read_page]
