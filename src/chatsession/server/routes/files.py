"""Files: sent into a session, and fetched by those who may see it, so that nothing in them can run."""

import asyncio
from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions import InternalServerException
from litestar.params import FromPath, QueryParameter

from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError
from chatsession.server.bodies import TOO_SLOW
from chatsession.server.options import ServerOptions
from chatsession.server.places import Places
from chatsession.server.providing import Given, Serving, Who
from chatsession.server.routes.ready import FORM_VARIES
from chatsession.server.shapes import FileAccepted
from chatsession.widget import FILE_BYTES_MAX

FILES = ["files"]
NAME_CHARS_MAX = 400
"""Of what comes in; how long a name may be is said where names are checked."""
SHOWN = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))
"""What a browser may show by itself: pictures that were looked at when they came in."""
FENCE = "sandbox; default-src 'none'"

FileName = Annotated[
    str, QueryParameter(max_length=NAME_CHARS_MAX, description="What the file is called, with its ending.")
]


@post("/v1/sessions/{session:str}/files", tags=FILES, request_max_body_size=FILE_BYTES_MAX)
async def send_file(  # noqa: PLR0913  a file, by whom, for which session
    session: FromPath[str],
    request: Request[Principal, Any, State],
    principal: Who,
    service: Serving,
    options: Given[ServerOptions],
    uploads: Given[Places],
    name: FileName = "",
) -> FileAccepted:
    """Send a file into an open session: the body is its content, `Content-Type` its type. A message then names it.

    Ending, type and content must be of one kind, and one that the inbox takes. What a picture says of where and when it
    was taken is removed.
    """
    declared = request.content_type[0].lower()
    with uploads.taken(principal):
        try:
            async with asyncio.timeout(options.upload_seconds_max):
                file = await service.files.take(principal, session, name, declared, request.stream())
        except (TimeoutError, InternalServerException):  # The second is the framework's word for a sender who left.
            raise RefusedError(TOO_SLOW) from None
    return FileAccepted(id=file.id, name=file.name, type=file.type, bytes=file.bytes)


@get("/v1/files/{file:str}", tags=FILES, media_type="application/octet-stream", opt={FORM_VARIES: True})
async def read_file(file: FromPath[str], principal: Who, service: Serving) -> Response[bytes]:
    """A file of a session that the caller may see; to be saved, or looked at where it is a picture."""
    found, content = await service.files.give(principal, file)
    headers = {
        "Content-Disposition": disposition("inline" if found.type in SHOWN else "attachment", found.name),
        "Content-Security-Policy": FENCE,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=found.type, headers=headers)


def disposition(kind: str, name: str) -> str:
    """How a file is to be treated and what it is called (RFC 6266): plain letters for those who know no others."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._- ") else "_" for letter in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


ROUTES = [send_file, read_file]
