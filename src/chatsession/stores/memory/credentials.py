"""Visitors, tokens, keys and tickets in memory."""

from datetime import datetime

import msgspec

from chatsession.store import ApiKey, StoreError, Visitor


class Token(msgspec.Struct, frozen=True):
    """Whose a token is and until when."""

    visitor: str
    expires_at: datetime


class Ticket(msgspec.Struct, frozen=True):
    """Which stream a ticket opens, and until when."""

    visitor: str
    session: str
    expires_at: datetime


class MemoryCredentials:
    """Keeps who may come in; secrets only as hashes."""

    def __init__(self) -> None:
        self._visitors: dict[str, Visitor] = {}
        self._tokens: dict[bytes, Token] = {}
        self._keys: dict[bytes, ApiKey] = {}
        self._tickets: dict[bytes, Ticket] = {}
        self._used: dict[bytes, datetime] = {}

    async def add_visitor(self, visitor: Visitor, token_hash: bytes, expires_at: datetime) -> None:
        """Create a visitor with a first token."""
        known = visitor.subject and await self.visitor_of_subject(visitor.inbox, visitor.subject)
        if known or visitor.id in self._visitors:
            raise StoreError("there is such a visitor already")
        self._visitors[visitor.id] = visitor
        self._tokens[token_hash] = Token(visitor.id, expires_at)

    async def visitor(self, visitor: str) -> Visitor | None:
        """The visitor with this id."""
        return self._visitors.get(visitor)

    async def visitor_of_subject(self, inbox: str, subject: str) -> Visitor | None:
        """The identified visitor of an inbox."""
        found = (each for each in self._visitors.values() if (each.inbox, each.subject) == (inbox, subject))
        return next(found, None)

    async def visitor_of_token(self, token_hash: bytes, now: datetime) -> Visitor | None:
        """Who a token belongs to."""
        token = self._tokens.get(token_hash)
        return self._visitors.get(token.visitor) if token is not None and now < token.expires_at else None

    async def add_token(self, visitor: str, token_hash: bytes, expires_at: datetime, revoke: bytes | None) -> None:
        """Give a visitor another token."""
        if visitor in self._visitors:
            self._tokens[token_hash] = Token(visitor, expires_at)
        if revoke is not None:
            self._tokens.pop(revoke, None)

    async def revoke_tokens(self, visitor: str) -> int:
        """Revoke all tokens and tickets of a visitor."""
        self._tickets = {key: ticket for key, ticket in self._tickets.items() if ticket.visitor != visitor}
        mine = [key for key, token in self._tokens.items() if token.visitor == visitor]
        for key in mine:
            del self._tokens[key]
        return len(mine)

    async def use_once(self, mark: bytes, expires_at: datetime, now: datetime) -> bool:
        """Note a mark that may be used once; False if it was used before."""
        self._used = {key: until for key, until in self._used.items() if until > now}
        if mark in self._used:
            return False
        self._used[mark] = expires_at
        return True

    async def put_key(self, key: ApiKey) -> None:
        """Add or replace an API key."""
        self._keys = {known: each for known, each in self._keys.items() if each.id != key.id}
        self._keys[key.hash] = key

    async def key_of_hash(self, key_hash: bytes) -> ApiKey | None:
        """The API key with this hash."""
        return self._keys.get(key_hash)

    async def keys(self) -> list[ApiKey]:
        """Every API key, in the order of their ids."""
        return sorted(self._keys.values(), key=lambda key: key.id)

    async def remove_key(self, key: str) -> bool:
        """Remove an API key; False where there is none."""
        before = len(self._keys)
        self._keys = {known: each for known, each in self._keys.items() if each.id != key}
        return len(self._keys) < before

    async def put_ticket(self, ticket_hash: bytes, visitor: str, session: str, expires_at: datetime) -> None:
        """Keep a one-time ticket."""
        if visitor in self._visitors:
            self._tickets[ticket_hash] = Ticket(visitor, session, expires_at)

    async def take_ticket(self, ticket_hash: bytes, now: datetime) -> tuple[str, str] | None:
        """Use a ticket up."""
        self._tickets = {key: each for key, each in self._tickets.items() if each.expires_at > now}
        ticket = self._tickets.pop(ticket_hash, None)
        return None if ticket is None else (ticket.visitor, ticket.session)

    def forget_visitor(self, visitor: str) -> None:
        """Remove a visitor with every credential."""
        self._visitors.pop(visitor, None)
        self._tokens = {key: token for key, token in self._tokens.items() if token.visitor != visitor}
        self._tickets = {key: ticket for key, ticket in self._tickets.items() if ticket.visitor != visitor}

    def forget_tickets_of(self, session: str) -> None:
        """Remove the tickets of a session."""
        self._tickets = {key: ticket for key, ticket in self._tickets.items() if ticket.session != session}
