"""API keys in an operator's hands: which there are, another one, one less. A secret is shown once, when it is made."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from chatsession.clock import Clock
from chatsession.core.refusals import Refusal, forbidden, invalid, wrong_state
from chatsession.runtime.identity import made_key
from chatsession.runtime.ids import RandomBytes
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError, not_found, stored
from chatsession.store import ApiKey, Store

Role = Literal["admin", "agent", "bot"]
ID = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
KEYS_MAX = 1_000


class NewKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a key is to be; without inboxes it is for all of them."""

    id: Annotated[str, msgspec.Meta(max_length=64)]
    role: Role
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    inboxes: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=100)] | None = None
    replace: bool = False
    """Whether a key of this id gives way; its secret opens nothing from then on."""


class KeyView(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is shown; never its secret, only how that ends."""

    id: str
    role: Role
    name: str
    inboxes: tuple[str, ...] | None
    created_at: datetime
    ending: str


class KeyMade(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was just made, and its secret, this once."""

    key: KeyView
    secret: str

    def __repr__(self) -> str:
        return f"KeyMade(key={self.key!r}, …)"


class Keys:
    """Lists, makes and removes keys. A key for some inboxes knows and gives only what is within them."""

    def __init__(self, store: Store, clock: Clock, random: RandomBytes, inboxes: Collection[str] | None) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self._inboxes = inboxes
        """The inboxes there are; None where nobody knows."""

    async def list(self, principal: Principal) -> list[KeyView]:
        """Every key the caller may know of, in the order of their ids."""
        _for_admins(principal)
        return [_view(key) for key in await stored(self._store.keys()) if _is_within(principal, key.inboxes)]

    async def add(self, principal: Principal, asked: NewKey) -> KeyMade:
        """Make a key under a new id, or in place of the one that had it."""
        _for_admins(principal)
        self._check(principal, asked)
        known = await stored(self._store.keys())
        before = next((key for key in known if key.id == asked.id), None)
        if before is not None and not (asked.replace and _is_within(principal, before.inboxes)):
            raise RefusedError(
                Refusal("key_exists", 409, f"There is a key {asked.id}; revoke it first, or say that it is replaced.")
            )
        if before is None and len(known) >= KEYS_MAX:
            raise RefusedError(wrong_state(f"There are {KEYS_MAX} keys already; revoke those that are not in use."))
        name = asked.name or asked.id
        key, secret = made_key(asked.id, asked.role, name, asked.inboxes, self._clock.now(), self._random)
        await stored(self._store.put_key(key))
        return KeyMade(key=_view(key), secret=secret)

    async def revoke(self, principal: Principal, key: str) -> None:
        """Remove a key: requests with it are refused from now on, streams and sockets end within seconds."""
        _for_admins(principal)
        known = next((each for each in await stored(self._store.keys()) if each.id == key), None)
        if known is None or not _is_within(principal, known.inboxes) or not await stored(self._store.remove_key(key)):
            raise not_found()

    def _check(self, principal: Principal, asked: NewKey) -> None:
        if not ID.fullmatch(asked.id):
            raise RefusedError(
                invalid("A key's id is lower-case letters, digits and . _ @ -, 64 characters at most.", field="id")
            )
        unknown = [each for each in asked.inboxes or () if self._inboxes is not None and each not in self._inboxes]
        if unknown:
            raise RefusedError(invalid(f"There is no inbox {unknown[0]}.", field="inboxes"))
        if not _is_within(principal, asked.inboxes):
            raise RefusedError(forbidden("A key cannot reach further than the key it is made with."))


def _is_within(principal: Principal, inboxes: tuple[str, ...] | None) -> bool:
    return principal.inboxes is None or (inboxes is not None and set(inboxes) <= set(principal.inboxes))


def _view(key: ApiKey) -> KeyView:
    return KeyView(
        id=key.id, role=key.role, name=key.name, inboxes=key.inboxes, created_at=key.created_at, ending=key.ending
    )


def _for_admins(principal: Principal) -> None:
    if principal.kind != "key":
        raise RefusedError(forbidden("Only an admin key manages keys."))
