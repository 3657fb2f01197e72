"""The shop's pages: products, a cart that only the browser knows, and the help."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from chatsession.demo.catalogue import read_catalogue
from chatsession.demo.drawing import page
from chatsession.demo.help_pages import HelpPage, by_topic, read_help
from chatsession.runtime.refused import not_found

PageRequest = Request[Any, Any, State]
Draw = Callable[..., Response[str]]
ELSEWHERE = ("/about", "/shop")
"""Help pages whose addresses are not below `/help`."""
MORE_MAX = 4


def shop_pages(folder: Path) -> list[HTTPRouteHandler]:
    """The routes of the shop, whose help is the Markdown in this folder."""
    pages = read_help(folder)
    return [*_selling(pages), *_helping(pages), _elsewhere]


def _selling(pages: dict[str, HelpPage]) -> list[HTTPRouteHandler]:
    products = read_catalogue()

    @get("/", include_in_schema=False)
    async def home(request: PageRequest) -> Response[str]:
        return _draw(request, "home.html", products=products.values())

    @get("/products/{slug:str}", include_in_schema=False)
    async def product(slug: FromPath[str], request: PageRequest) -> Response[str]:
        piece = products.get(slug)
        if piece is None:
            return _missing(request)
        others = [each for each in products.values() if each is not piece][:MORE_MAX]
        asked = [pages[path] for path in piece.see]
        return _draw(request, "product.html", product=piece, others=others, asked=asked)

    @get("/cart", include_in_schema=False)
    async def cart(request: PageRequest) -> Response[str]:
        return _draw(request, "cart.html")

    return [home, product, cart]


def _helping(pages: dict[str, HelpPage]) -> list[HTTPRouteHandler]:
    topics = by_topic(pages.values())

    def help_page(request: PageRequest, path: str) -> Response[str]:
        if path not in pages:
            return _missing(request)
        found = pages[path]
        beside = [each for each in pages.values() if each.topic == found.topic]
        return _draw(request, "help_page.html", page=found, beside=beside)

    @get("/help", include_in_schema=False)
    async def help_index(request: PageRequest) -> Response[str]:
        return _draw(request, "help.html", topics=topics)

    @get("/help/{name:str}", include_in_schema=False)
    async def one(name: FromPath[str], request: PageRequest) -> Response[str]:
        return help_page(request, f"/help/{name}")

    @get(list(ELSEWHERE), include_in_schema=False)
    async def elsewhere(request: PageRequest) -> Response[str]:
        return help_page(request, request.url.path)

    return [help_index, one, elsewhere]


@get("/{rest:path}", include_in_schema=False)
async def _elsewhere(request: PageRequest) -> Response[str]:
    """Say to people that there is nothing at an address, and to programs what they understand."""
    if "text/html" not in request.headers.get("accept", ""):
        raise not_found()
    return _missing(request)


def _draw(request: PageRequest, template: str, *, status: int = 200, **facts: Any) -> Response[str]:
    # Beside the glass box the shop needs no word about the glass box.
    is_framed = request.headers.get("sec-fetch-dest") == "iframe"
    where = {"path": request.url.path, "is_framed": is_framed}
    return page(template, {**where, **facts}, status=status, headers={"Vary": "Sec-Fetch-Dest"})


def _missing(request: PageRequest) -> Response[str]:
    return _draw(request, "missing.html", status=404)
