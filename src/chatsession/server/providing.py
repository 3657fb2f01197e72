"""How the routes get at what belongs to the whole server: by the name of a parameter."""

from typing import Any

from litestar.di import Provide

PROVIDED = ("principal", "service", "options", "waits", "connections", "counting", "stopping")
"""Parameters of routes that do not come from the request."""


def always(value: object) -> Provide:
    """Give the same thing to every request."""

    def give() -> Any:
        return value

    return Provide(give, sync_to_thread=False)
