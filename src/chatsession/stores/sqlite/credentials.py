"""Visitors, tokens, keys and tickets: statements only; who calls them says in which connection."""

from datetime import datetime
from typing import Any

import msgspec

from chatsession.sqlite import Database
from chatsession.store import ApiKey, StoreError, Visitor
from chatsession.stores.sqlite.asking import Ask
from chatsession.stores.sqlite.instants import from_micros, to_micros

_KEY = "id, hash, role, name, inboxes, created_at, ending"


def add_visitor(database: Database, visitor: Visitor, token_hash: bytes, expires_at: datetime) -> None:
    """Create a visitor with a first token."""
    taken = "select 1 from visitors where id = ? or (inbox = ? and subject = ?)"
    if database.execute(taken, (visitor.id, visitor.inbox, visitor.subject)).fetchall():
        raise StoreError("there is such a visitor already")
    values = (visitor.id, visitor.inbox, to_micros(visitor.created_at), visitor.subject, visitor.name)
    database.execute("insert into visitors values (?, ?, ?, ?, ?)", values)
    add_token(database, visitor.id, token_hash, expires_at, None)


def visitor_where(ask: Ask, condition: str, values: tuple[Any, ...]) -> Visitor | None:
    """The visitor a condition holds for."""
    sql = f"select id, inbox, created_at, subject, name from visitors where {condition}"  # noqa: S608  our own conditions
    rows = ask(sql, values)
    if not rows:
        return None
    key, inbox, created_at, subject, name = rows[0]
    return Visitor(id=key, inbox=inbox, created_at=from_micros(created_at), subject=subject, name=name)


def visitor_of_token(ask: Ask, token_hash: bytes, now: datetime) -> Visitor | None:
    """Who a token belongs to."""
    condition = "id = (select visitor from tokens where hash = ? and expires_at > ?)"
    return visitor_where(ask, condition, (token_hash, to_micros(now)))


def add_token(database: Database, visitor: str, token_hash: bytes, expires_at: datetime, revoke: bytes | None) -> None:
    """Give a visitor another token, if they are still there."""
    sql = "insert or replace into tokens select ?, id, ? from visitors where id = ?"
    database.execute(sql, (token_hash, to_micros(expires_at), visitor))
    if revoke is not None:
        database.execute("delete from tokens where hash = ?", (revoke,))


def revoke_tokens(database: Database, visitor: str) -> int:
    """Revoke all tokens and tickets of a visitor; how many tokens there were."""
    database.execute("delete from tickets where visitor = ?", (visitor,))
    database.execute("delete from tokens where visitor = ?", (visitor,))
    return database.changes()


def use_once(database: Database, mark: bytes, expires_at: datetime, now: datetime) -> bool:
    """Note a mark; False if it was used before."""
    database.execute("delete from marks where expires_at <= ?", (to_micros(now),))
    database.execute("insert or ignore into marks values (?, ?)", (mark, to_micros(expires_at)))
    return database.changes() == 1


def put_key(database: Database, key: ApiKey) -> None:
    """Add or replace an API key."""
    inboxes = None if key.inboxes is None else msgspec.json.encode(key.inboxes).decode()
    values = (key.id, key.hash, key.role, key.name, inboxes, to_micros(key.created_at), key.ending)
    database.execute(f"insert or replace into keys ({_KEY}) values (?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608  our own columns


def key_of_hash(ask: Ask, key_hash: bytes) -> ApiKey | None:
    """The API key with this hash."""
    rows = ask(f"select {_KEY} from keys where hash = ?", (key_hash,))  # noqa: S608  our own columns
    return _key_of(rows[0]) if rows else None


def keys(ask: Ask) -> list[ApiKey]:
    """Every API key, in the order of their ids."""
    return [_key_of(row) for row in ask(f"select {_KEY} from keys order by id", ())]  # noqa: S608  our own columns


def remove_key(database: Database, key: str) -> bool:
    """Remove an API key; False where there is none."""
    database.execute("delete from keys where id = ?", (key,))
    return database.changes() == 1


def _key_of(row: tuple[Any, ...]) -> ApiKey:
    key, digest, role, name, inboxes, created_at, ending = row
    allowed = None if inboxes is None else tuple(msgspec.json.decode(inboxes, type=list[str]))
    created = from_micros(created_at)
    return ApiKey(id=key, hash=digest, role=role, name=name, inboxes=allowed, created_at=created, ending=ending)


def put_ticket(database: Database, ticket_hash: bytes, visitor: str, session: str, expires_at: datetime) -> None:
    """Keep a one-time ticket, if the visitor is still there."""
    sql = "insert or replace into tickets select ?, id, ?, ? from visitors where id = ?"
    database.execute(sql, (ticket_hash, session, to_micros(expires_at), visitor))


def take_ticket(database: Database, ticket_hash: bytes, now: datetime) -> tuple[str, str] | None:
    """Use a ticket up."""
    database.execute("delete from tickets where expires_at <= ?", (to_micros(now),))
    rows = database.execute("delete from tickets where hash = ? returning visitor, session", (ticket_hash,)).fetchall()
    return (rows[0][0], rows[0][1]) if rows else None
