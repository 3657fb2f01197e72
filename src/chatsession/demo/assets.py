"""The files that the demo's pages are made of: styles, pictures, and what the web build made for them."""

import mimetypes
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath

from chatsession.runtime.refused import not_found
from chatsession.server.widget.caching import is_known, tag_of

PATH = "/demo/assets"
NOT_MODIFIED = 304


def asset_route(*folders: Traversable) -> Any:
    """The route that serves every file of the folders; of two with the same name, the first folder's."""

    @get(f"{PATH}/{{name:path}}", include_in_schema=False, sync_to_thread=True)
    def asset(name: FromPath[str], request: Request[Any, Any, State]) -> Response[bytes]:
        # Looked up each time: what is built anew while we serve is served.
        known = {each: file for folder in reversed(folders) for each, file in _files(folder)}
        file = known.get(name.lstrip("/"))
        if file is None:
            raise not_found()
        content = file.read_bytes()
        tag = tag_of(content)
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if is_known(tag, request.headers.get("if-none-match")):
            return Response(b"", status_code=NOT_MODIFIED, headers=headers)
        media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return Response(content, media_type=media_type, headers=headers)

    return asset


def own_assets() -> Traversable:
    """The folder of the files that are written by hand."""
    return files("chatsession.demo") / "assets"


def web_assets() -> Traversable:
    """The folder of the scripts that the web build makes for the demo."""
    return files("chatsession.server") / "static" / "demo"


def _files(folder: Traversable, prefix: str = "") -> list[tuple[str, Traversable]]:
    if not folder.is_dir():
        return []
    found: list[tuple[str, Traversable]] = []
    for each in folder.iterdir():
        if each.is_dir():
            found += _files(each, f"{prefix}{each.name}/")
        else:
            found.append((prefix + each.name, each))
    return found
