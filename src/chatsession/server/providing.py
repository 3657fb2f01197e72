"""How the routes get at what belongs to the whole server: by the name of a parameter."""

from typing import Annotated, Any, TypeVar

from litestar.di import Dependency, Provide
from litestar.params import SkipValidationMarker

from chatsession.runtime.principal import Principal
from chatsession.runtime.service import Service

T = TypeVar("T")

Given = Annotated[T, Dependency(kind="named"), SkipValidationMarker()]
"""A parameter of a route that is ours and not the request's."""
Who = Given[Principal]
Serving = Given[Service]

PROVIDED = ("principal", "service", "options", "waits", "connections", "uploads", "assets", "counting", "stopping")
"""Parameters of routes that do not come from the request."""


def always(value: object) -> Provide:
    """Give the same thing to every request."""

    def give() -> Any:
        return value

    return Provide(give, sync_to_thread=False)
