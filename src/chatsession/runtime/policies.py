"""Policies by hash, and which one is an inbox's current one."""

from collections.abc import Mapping
from typing import Any

from chatsession.core.policy import Policy, canonical, from_canonical
from chatsession.core.policy_text import PolicyTextError, policy_from_text
from chatsession.core.refusals import invalid
from chatsession.core.session import Session
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.refused import RefusedError, not_found
from chatsession.store import Store

CONFIGURED = "configured {}"
"""Where the policy an inbox was last configured with is kept: a name that no inbox has."""


class Policies:
    """Every policy ever adopted stays stored; the current one of an inbox can be replaced while it runs."""

    def __init__(self, store: Store, inboxes: Mapping[str, Inbox]) -> None:
        self._store = store
        self._inboxes = inboxes
        self._by_hash: dict[str, Policy] = {}
        self._current: dict[str, str] = {}

    async def start(self) -> None:
        """Make each configured policy the current one, where it was changed since the last start.

        One that was put in its place while we served goes on until then.
        """
        for inbox in self._inboxes.values():
            configured = CONFIGURED.format(inbox.name)
            current = await self._store.inbox_policy(inbox.name)
            if current is not None and await self._store.inbox_policy(configured) == inbox.policy.hash:
                await self.of_hash(current)
                self._current[inbox.name] = current
            else:
                await self._make_current(inbox.name, inbox.policy)
                await self._store.put_policy(configured, inbox.policy.hash, canonical(inbox.policy))

    def current(self, inbox: str) -> tuple[str, Policy]:
        """The hash and the policy that apply to new periods of the inbox."""
        hash_ = self._current.get(inbox)
        if hash_ is None:
            raise not_found()
        return hash_, self._by_hash[hash_]

    def adopted_with_next_turn(self, session: Session) -> Policy | None:
        """The inbox's current policy, where this open session is to adopt it with the visitor's next message."""
        hash_ = self._current.get(session.inbox)
        if hash_ is None or hash_ == session.policy or session.policy_by_hand or session.phase != "open":
            return None
        policy = self._by_hash[hash_]
        return policy if policy.on_policy_change == "at_next_turn" else None

    def at_hand(self, hash_: str) -> Policy | None:
        """A policy that was used in this process already."""
        return self._by_hash.get(hash_)

    def in_use(self, hash_: str) -> Policy:
        """The policy of a session at hand, or one that was fetched for a command."""
        return self._by_hash[hash_]

    async def of_hash(self, hash_: str) -> Policy:
        """A policy some session was opened under, however long ago."""
        known = self._by_hash.get(hash_)
        if known is None:
            stored = await self._store.policy(hash_)
            known = self._by_hash[hash_] = from_canonical(stored) if stored else Policy()
        return known

    async def replace(self, inbox: str, text: Mapping[str, Any]) -> tuple[str, Policy]:
        """Make a policy the inbox's current one: what is not named is at its default."""
        self.current(inbox)
        policy = _read(text)
        await self._make_current(inbox, policy)
        return policy.hash, policy

    async def keep(self, text: Mapping[str, Any]) -> str:
        """Store a policy that is no inbox's current one; its hash."""
        policy = _read(text)
        await self._store.put_policy(None, policy.hash, canonical(policy))
        self._by_hash[policy.hash] = policy
        return policy.hash

    async def _make_current(self, inbox: str, policy: Policy) -> None:
        await self._store.put_policy(inbox, policy.hash, canonical(policy))
        self._by_hash[policy.hash] = policy
        self._current[inbox] = policy.hash


def _read(text: Mapping[str, Any]) -> Policy:
    """The policy as people write it, or a refusal that names the knob."""
    try:
        return policy_from_text(text)
    except PolicyTextError as error:
        nearest = {"nearest": error.nearest} if error.nearest else {}
        raise RefusedError(invalid(str(error), field=error.key, **nearest)) from None
