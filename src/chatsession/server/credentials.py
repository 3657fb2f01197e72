"""From a bearer's secret to who that is: API keys begin with `key_`, everything else is a visitor's token."""

from chatsession.runtime.identity import KEY_PREFIX, Identity
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import unauthorized

SECRET_CHARS_MAX = 512
SCHEME = "bearer"


async def principal_of(identity: Identity, secret: str) -> Principal:
    """Whoever holds this secret; raise `unauthorized` where it is nobody's."""
    if not 0 < len(secret) <= SECRET_CHARS_MAX:
        raise unauthorized()
    if secret.startswith(KEY_PREFIX):
        return await identity.of_key(secret)
    return await identity.of_token(secret)


def bearer_secret(authorization: str | None) -> str | None:
    """The secret of an `Authorization: Bearer …` header; None where there is no such header."""
    scheme, _, secret = (authorization or "").strip().partition(" ")
    return secret.strip() or None if scheme.lower() == SCHEME else None
