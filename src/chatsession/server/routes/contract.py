"""The contract as a machine reads it."""

from functools import cache

from litestar import get

from chatsession.server.documenting import document_of
from chatsession.server.routes import ROUTES
from chatsession.server.routes.ready import Ready


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def read_contract() -> Ready[bytes]:
    """Every route with what it takes and everything it answers, as OpenAPI 3.1."""
    return Ready(_document())


@cache
def _document() -> bytes:
    return document_of(ROUTES)
