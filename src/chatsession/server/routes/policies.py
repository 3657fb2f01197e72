"""The policy of an inbox, with the names and durations people write in a file."""

from typing import Any

from litestar import Response, get, put
from litestar.params import FromPath, JSONBody

from chatsession.runtime.views import SessionView
from chatsession.server.providing import Serving, Who

POLICIES = ["policies"]
PATH = "/v1/inboxes/{inbox:str}/policy"


@get(PATH, tags=POLICIES)
async def read_policy(inbox: FromPath[str], principal: Who, service: Serving) -> Response[dict[str, Any]]:
    """Every knob of the inbox's current policy; `ETag` is its hash. For keys and agents."""
    return _shown(*await service.reading.policy(principal, inbox))


@put(PATH, tags=POLICIES)
async def replace_policy(
    inbox: FromPath[str], principal: Who, service: Serving, data: JSONBody[dict[str, Any]]
) -> Response[dict[str, Any]]:
    """Make another policy the current one; a knob that is not named is at its default. For admin keys.

    Open sessions adopt it with the visitor's next message, or finish on theirs, as `on_policy_change` says.
    It outlives a restart, until the configured policy itself is another one.
    """
    return _shown(*await service.reading.put_policy(principal, inbox, data))


@put("/v1/sessions/{session:str}/policy", tags=POLICIES)
async def replace_session_policy(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[dict[str, Any]]
) -> SessionView:
    """Let another policy apply to one open session; a knob that is not named is at its default. For admin keys.

    It holds whatever becomes of the inbox's policy, until the session is resumed: a new period has the inbox's.
    """
    return await service.reading.put_session_policy(principal, session, data)


def _shown(hash_: str, knobs: dict[str, Any]) -> Response[dict[str, Any]]:
    return Response(knobs, headers={"ETag": f'"{hash_}"'})


ROUTES = [read_policy, replace_policy, replace_session_policy]
