"""Policies and settings in memory."""


class MemoryPolicies:
    """Keeps every policy under its hash, and the facts that are set once."""

    def __init__(self) -> None:
        self._policies: dict[str, bytes] = {}
        self._inbox_policies: dict[str, str] = {}
        self._settings: dict[str, str] = {}

    async def put_policy(self, inbox: str | None, hash: str, canonical: bytes) -> None:  # noqa: A002  the contract's word
        """Keep a policy, and make it the inbox's current one."""
        self._policies.setdefault(hash, canonical)
        if inbox is not None:
            self._inbox_policies[inbox] = hash

    async def policy(self, hash: str) -> bytes | None:  # noqa: A002  the contract's word
        """A policy by its hash."""
        return self._policies.get(hash)

    async def inbox_policy(self, inbox: str) -> str | None:
        """The inbox's current policy."""
        return self._inbox_policies.get(inbox)

    async def setting(self, name: str, value: str | None = None) -> str | None:
        """A named fact about the data."""
        if value is not None:
            self._settings.setdefault(name, value)
        return self._settings.get(name)
