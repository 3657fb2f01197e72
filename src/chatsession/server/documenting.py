"""The OpenAPI document of the routes: the framework knows what goes in and comes out, we add every refusal."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig


def document_of(routes: Mapping[Any, Sequence[HTTPRouteHandler]]) -> bytes:
    """The document."""
    handlers = [handler for group in routes.values() for handler in group]
    app = Litestar(handlers, openapi_config=OpenAPIConfig(title="chatsession", version="1"))
    return msgspec.json.encode(app.openapi_schema.to_schema())
