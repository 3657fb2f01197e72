"""The small things kept beside the sessions: who may come in, policies, settings, the heartbeat."""

from abc import ABC, abstractmethod
from datetime import datetime

from chatsession import sqlite
from chatsession.store import ApiKey, Visitor
from chatsession.stores.sqlite import credentials
from chatsession.stores.sqlite.asking import Ask
from chatsession.stores.sqlite.writer import Writer


class SqliteCredentials(ABC):
    """Reads by the reading connection, writes through the writer."""

    @property
    @abstractmethod
    def ask(self) -> Ask:
        """The store's way to read."""

    @property
    @abstractmethod
    def writer(self) -> Writer:
        """The store's way to write."""

    async def add_visitor(self, visitor: Visitor, token_hash: bytes, expires_at: datetime) -> None:
        """Create a visitor with a first token."""
        await self.writer.run(lambda db: credentials.add_visitor(db, visitor, token_hash, expires_at))

    async def visitor(self, visitor: str) -> Visitor | None:
        """The visitor with this id."""
        return credentials.visitor_where(self.ask, "id = ?", (visitor,))

    async def visitor_of_subject(self, inbox: str, subject: str) -> Visitor | None:
        """The identified visitor of an inbox."""
        return credentials.visitor_where(self.ask, "inbox = ? and subject = ?", (inbox, subject))

    async def visitor_of_token(self, token_hash: bytes, now: datetime) -> Visitor | None:
        """Who a token belongs to."""
        return credentials.visitor_of_token(self.ask, token_hash, now)

    async def add_token(self, visitor: str, token_hash: bytes, expires_at: datetime, revoke: bytes | None) -> None:
        """Give a visitor another token."""
        await self.writer.run(lambda db: credentials.add_token(db, visitor, token_hash, expires_at, revoke))

    async def revoke_tokens(self, visitor: str) -> int:
        """Revoke all tokens of a visitor."""
        return await self.writer.run(lambda db: credentials.revoke_tokens(db, visitor))

    async def use_once(self, mark: bytes, expires_at: datetime, now: datetime) -> bool:
        """Note a mark that may be used once."""
        return await self.writer.run(lambda db: credentials.use_once(db, mark, expires_at, now))

    async def put_key(self, key: ApiKey) -> None:
        """Add or replace an API key."""
        await self.writer.run(lambda db: credentials.put_key(db, key))

    async def key_of_hash(self, key_hash: bytes) -> ApiKey | None:
        """The API key with this hash."""
        return credentials.key_of_hash(self.ask, key_hash)

    async def keys(self) -> list[ApiKey]:
        """Every API key, in the order of their ids."""
        return credentials.keys(self.ask)

    async def remove_key(self, key: str) -> bool:
        """Remove an API key; False where there is none."""
        return await self.writer.run(lambda db: credentials.remove_key(db, key))

    async def put_ticket(self, ticket_hash: bytes, visitor: str, session: str, expires_at: datetime) -> None:
        """Keep a one-time ticket."""
        await self.writer.run(lambda db: credentials.put_ticket(db, ticket_hash, visitor, session, expires_at))

    async def take_ticket(self, ticket_hash: bytes, now: datetime) -> tuple[str, str] | None:
        """Use a ticket up."""
        return await self.writer.run(lambda db: credentials.take_ticket(db, ticket_hash, now))

    async def put_policy(self, inbox: str | None, hash: str, canonical: bytes) -> None:  # noqa: A002  the contract's word
        """Keep a policy, and make it the inbox's current one."""

        def work(database: sqlite.Database) -> None:
            database.execute("insert or ignore into policies values (?, ?)", (hash, canonical))
            if inbox is not None:
                database.execute("insert or replace into inbox_policies values (?, ?)", (inbox, hash))

        await self.writer.run(work)

    async def policy(self, hash: str) -> bytes | None:  # noqa: A002  the contract's word
        """A policy by its hash."""
        rows = self.ask("select canonical from policies where hash = ?", (hash,))
        return rows[0][0] if rows else None

    async def inbox_policy(self, inbox: str) -> str | None:
        """The inbox's current policy."""
        rows = self.ask("select hash from inbox_policies where inbox = ?", (inbox,))
        return rows[0][0] if rows else None

    async def setting(self, name: str, value: str | None = None) -> str | None:
        """A named fact, set once."""
        if value is not None:
            await self.writer.run(lambda db: db.execute("insert or ignore into settings values (?, ?)", (name, value)))
        return self._value(name)

    async def heartbeat(self, now: datetime) -> datetime | None:
        """Note that we serve; the instant noted before."""
        before = self._value("heartbeat")
        sql = "insert or replace into settings values ('heartbeat', ?)"
        await self.writer.run(lambda db: db.execute(sql, (now.isoformat(),)))
        return None if before is None else datetime.fromisoformat(before)

    def _value(self, name: str) -> str | None:
        rows = self.ask("select value from settings where name = ?", (name,))
        return rows[0][0] if rows else None
