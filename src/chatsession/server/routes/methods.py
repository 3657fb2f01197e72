"""What can be asked of addresses that take several methods; left to itself, the framework forgets all but one."""

from collections import defaultdict
from collections.abc import Iterable

from litestar import HttpMethod, Response, route
from litestar.handlers import HTTPRouteHandler


def telling_methods(handlers: Iterable[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """Answers to OPTIONS, one for each address that has more than one method."""
    methods: dict[str, set[str]] = defaultdict(set)
    for handler in handlers:
        for path in handler.paths:
            methods[path] |= handler.http_methods
    return [_telling(path, each) for path, each in methods.items() if len(each) > 1]


def _telling(path: str, methods: set[str]) -> HTTPRouteHandler:
    allowed = ", ".join(sorted({*methods, "OPTIONS"}))

    @route(path, http_method=HttpMethod.OPTIONS, status_code=204, include_in_schema=False, sync_to_thread=False)
    def tell() -> Response[None]:
        return Response(None, headers={"Allow": allowed})

    return tell
