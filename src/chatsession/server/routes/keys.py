"""API keys: which there are, another one, one less."""

from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from chatsession.runtime.keys import KeyMade, NewKey
from chatsession.server.providing import Serving, Who
from chatsession.server.shapes import KeyList

KEYS = ["keys"]


@get("/v1/keys", tags=KEYS)
async def list_keys(principal: Who, service: Serving) -> KeyList:
    """The API keys within the caller's inboxes; of a secret only its last four characters are kept. For admin keys."""
    return KeyList(keys=await service.keys.list(principal))


@post("/v1/keys", tags=KEYS)
async def add_key(principal: Who, service: Serving, data: JSONBody[NewKey]) -> KeyMade:
    """Make an API key; its `secret` is shown this once. For admin keys.

    An agent's key speaks as that agent: its `id` is theirs, and its `name` is what visitors read. A key reaches no
    further than the key it is made with. `replace` gives an id that is taken a new secret; the old one ends at once.
    """
    return await service.keys.add(principal, data)


@delete("/v1/keys/{key:str}", tags=KEYS)
async def revoke_key(key: FromPath[str], principal: Who, service: Serving) -> None:
    """Revoke an API key: it opens nothing from now on; its streams and sockets end within seconds. For admin keys."""
    await service.keys.revoke(principal, key)


ROUTES = [list_keys, add_key, revoke_key]
