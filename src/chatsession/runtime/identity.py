"""Who somebody is: opaque tokens, one-time tickets, API keys, and identities signed by the website."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt
import msgspec

from chatsession.clock import Clock
from chatsession.core.refusals import Refusal, forbidden
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.following import Following
from chatsession.runtime.ids import RandomBytes, new_id
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.merging import Merging
from chatsession.runtime.policies import Policies
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError, not_found, stored, unauthorized, unavailable
from chatsession.store import ApiKey, Store, StoreError, Visitor

TOKEN_BYTES = 32
ENDING_CHARS = 4
KEY_PREFIX = "key_"
NAME_CHARS_MAX = 200
SUBJECT_CHARS_MAX = 256
ALGORITHM = "HS256"


class VisitorGrant(msgspec.Struct, frozen=True):
    """A visitor, and the token that proves it: shown once, stored as a hash."""

    visitor: Visitor
    token: str

    def __repr__(self) -> str:
        return f"VisitorGrant(visitor={self.visitor!r}, …)"


class Claims(msgspec.Struct, frozen=True):
    """What a signed identity says: `sub`, `exp`, `aud` (the inbox), and perhaps a name and an id of its own."""

    sub: str
    exp: float
    name: str | None = None


class Identity:
    """Turns credentials into principals, and gives credentials out."""

    def __init__(  # noqa: PLR0913  the parts of one walk
        self,
        *,
        store: Store,
        clock: Clock,
        inboxes: Mapping[str, Inbox],
        policies: Policies,
        following: Following,
        merging: Merging,
        random: RandomBytes,
        config: RuntimeConfig,
    ) -> None:
        self._store = store
        self._clock = clock
        self._inboxes = inboxes
        self._policies = policies
        self._following = following
        self._merging = merging
        self._random = random
        self._config = config

    async def new_visitor(self, inbox: str, *, jwt: str | None = None, token: str | None = None) -> VisitorGrant:
        """Let somebody in: anonymous, or identified by a token their website signed.

        With the anonymous token they had until now, their current session goes along (policy `claim_anonymous`) and the
        token is replaced.
        """
        place = self._inboxes.get(inbox)
        if place is None:
            raise not_found()
        try:
            if jwt is not None:
                return await self._identified(place, jwt, token)
            if place.require_identity:
                raise RefusedError(Refusal("unauthorized", 401, "This inbox wants a signed identity (`jwt`)."))
            return await self._granted(self._anonymous(inbox))
        except StoreError as error:
            raise unavailable(error) from error

    async def of_token(self, token: str) -> Principal:
        """The visitor a token belongs to."""
        digest = hash_of(token)
        visitor = await stored(self._store.visitor_of_token(digest, self._clock.now()))
        if visitor is None:
            raise unauthorized()
        return _principal(visitor, digest)

    async def of_key(self, key: str) -> Principal:
        """The program or agent an API key belongs to."""
        known = await stored(self._store.key_of_hash(hash_of(key)))
        if known is None:
            raise unauthorized()
        kind = "key" if known.role == "admin" else known.role
        return Principal(kind=kind, id=known.id, name=known.name, inboxes=known.inboxes, verified=True)

    async def of_ticket(self, ticket: str, session: str) -> Principal:
        """The visitor who was given a ticket for this session; a ticket works once."""
        found = await stored(self._store.take_ticket(hash_of(ticket), self._clock.now()))
        if found is None or found[1] != session:
            raise unauthorized()
        visitor = await stored(self._store.visitor(found[0]))
        if visitor is None:
            raise unauthorized()
        return _principal(visitor, None)

    @property
    def ticket_lifetime(self) -> timedelta:
        """How long a ticket waits to be used."""
        return self._config.ticket_lifetime

    async def new_ticket(self, principal: Principal, session: str) -> str:
        """A ticket for one stream of one session, for those who cannot send headers: 30 s, once."""
        if principal.kind != "visitor" or principal.id is None:
            raise RefusedError(forbidden("Tickets are for visitors; keys send a header."))
        ticket = self._secret()
        until = self._clock.now() + self._config.ticket_lifetime
        await stored(self._store.put_ticket(hash_of(ticket), principal.id, session, until))
        return ticket

    async def log_out(self, principal: Principal) -> None:
        """Revoke all tokens of a visitor and end their streams."""
        if principal.kind != "visitor" or principal.id is None:
            raise RefusedError(forbidden("Only a visitor logs out."))
        await stored(self._store.revoke_tokens(principal.id))
        self._following.end_visitor(principal.id, "revoked")

    async def new_key(self, key_id: str, role: Any, name: str, inboxes: tuple[str, ...] | None = None) -> str:
        """Make an API key under this id, in place of an older one; shown once, stored as a hash."""
        key, secret = made_key(key_id, role, name, inboxes, self._clock.now(), self._random)
        await self._store.put_key(key)
        return secret

    def _secret(self) -> str:
        return new_secret(self._random)

    def _anonymous(self, inbox: str) -> Visitor:
        now = self._clock.now()
        return Visitor(id=new_id("vis", now, self._random), inbox=inbox, created_at=now)

    async def _granted(self, visitor: Visitor) -> VisitorGrant:
        token = self._secret()
        await self._store.add_visitor(visitor, hash_of(token), self._clock.now() + self._config.token_lifetime)
        return VisitorGrant(visitor, token)

    async def _identified(self, inbox: Inbox, signed: str, token: str | None) -> VisitorGrant:
        claims = self._claims(inbox, signed)
        now = self._clock.now()
        until = now + timedelta(seconds=max(0.0, claims.exp - now.timestamp()))
        if not await self._store.use_once(hash_of(signed), until, now):
            raise RefusedError(Refusal("unauthorized", 401, "This signed identity was used before; sign a new one."))
        anonymous = await self._store.visitor_of_token(hash_of(token), now) if token else None
        known = await self._store.visitor_of_subject(inbox.name, claims.sub)
        if known is None:
            name = (claims.name or "")[:NAME_CHARS_MAX] or None
            visitor = msgspec.structs.replace(self._anonymous(inbox.name), subject=claims.sub, name=name)
            grant = await self._granted(visitor)
        else:
            grant = VisitorGrant(known, self._secret())
            await self._store.add_token(known.id, hash_of(grant.token), now + self._config.token_lifetime, None)
        if anonymous is not None and anonymous.inbox == inbox.name and anonymous.subject is None:
            await self._claim(inbox.name, anonymous, grant.visitor)
        return grant

    async def _claim(self, inbox: str, anonymous: Visitor, identified: Visitor) -> None:
        _, policy = self._policies.current(inbox)
        if policy.claim_anonymous == "current":
            await self._merging.claim(inbox, anonymous.id, identified.id)
        await self._store.revoke_tokens(anonymous.id)
        self._following.end_visitor(anonymous.id, "revoked")

    def _claims(self, inbox: Inbox, signed: str) -> Claims:
        for secret in inbox.identity_secrets:
            try:
                claims = jwt.decode(  # pyright: ignore[reportUnknownMemberType]  its key type is another library's
                    signed,
                    secret,
                    algorithms=[ALGORITHM],
                    audience=inbox.name,
                    options={"require": ["exp", "aud", "sub"], "verify_exp": False},
                )
                return self._checked(msgspec.convert(claims, Claims))
            except (jwt.InvalidTokenError, msgspec.ValidationError):
                continue
        raise RefusedError(Refusal("unauthorized", 401, "The signed identity is not valid for this inbox."))

    def _checked(self, claims: Claims) -> Claims:
        """Check the time by our own clock, and refuse identities that would live too long."""
        left = claims.exp - self._clock.now().timestamp()
        if not 0 < left <= self._config.identity_lifetime_max.total_seconds():
            raise RefusedError(
                Refusal("unauthorized", 401, "The signed identity is over, or is to live longer than 24 hours.")
            )
        if not 0 < len(claims.sub) <= SUBJECT_CHARS_MAX:
            raise RefusedError(Refusal("unauthorized", 401, "The signed identity names nobody."))
        return claims


def made_key(  # noqa: PLR0913  what a key consists of
    key_id: str, role: Any, name: str, inboxes: tuple[str, ...] | None, now: datetime, random: RandomBytes
) -> tuple[ApiKey, str]:
    """A new API key as it is stored, and its secret."""
    secret = f"{KEY_PREFIX}{new_secret(random)}"
    ending = secret[-ENDING_CHARS:]
    digest = hash_of(secret)
    key = ApiKey(id=key_id, hash=digest, role=role, name=name, inboxes=inboxes, created_at=now, ending=ending)
    return key, secret


def new_secret(random: RandomBytes) -> str:
    """A secret of 256 bits, as text that can stand in an address."""
    return base64.urlsafe_b64encode(random(TOKEN_BYTES)).decode().rstrip("=")


def hash_of(secret: str) -> bytes:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _principal(visitor: Visitor, token_hash: bytes | None) -> Principal:
    return Principal(
        kind="visitor",
        id=visitor.id,
        name=visitor.name,
        inbox=visitor.inbox,
        verified=visitor.subject is not None,
        token_hash=token_hash,
    )
