"""The schema and its versions: files numbered from 1, each applied once, in one transaction, forward only."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from chatsession.sqlite import Database, transaction
from chatsession.store import NewerVersionError, StoreUnavailableError

APPLICATION_ID = 0x63686174
"""Marks a file as one of ours ("chat")."""
SCHEMA = files("chatsession.stores.sqlite") / "schema"


def migrations(schema: Traversable = SCHEMA) -> list[Traversable]:
    """The SQL of every version, the first first."""
    return sorted((entry for entry in schema.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)


def newest_version(schema: Traversable = SCHEMA) -> int:
    """The version this chatsession writes."""
    return len(migrations(schema))


def schema_version(database: Database) -> int:
    """The version of the file's schema; 0 is an empty file."""
    return int(database.execute("pragma user_version").fetchall()[0][0])


def checked_version(database: Database, schema: Traversable = SCHEMA) -> int:
    """The version of a file that may be ours; raise NewerVersionError, or StoreUnavailableError for a foreign one."""
    mark = database.execute("pragma application_id").fetchall()[0][0]
    if mark != APPLICATION_ID and (mark or _has_tables(database)):
        raise StoreUnavailableError("it is another program's database")
    found, known = schema_version(database), newest_version(schema)
    if found > known:
        raise NewerVersionError(
            f"the data has schema version {found}; this chatsession knows {known}. Use the newer chatsession."
        )
    return found


def _has_tables(database: Database) -> bool:
    return bool(database.execute("select count(*) from sqlite_master").fetchall()[0][0])


def migrate(database: Database, schema: Traversable = SCHEMA) -> tuple[int, int]:
    """Bring a file whose version was checked to the newest schema, or leave it as it is: (from, to)."""
    found, steps = schema_version(database), migrations(schema)
    if found < len(steps):
        with transaction(database):
            for step in steps[found:]:
                database.execute(step.read_text(encoding="utf-8")).fetchall()
            database.execute(f"pragma application_id={APPLICATION_ID}")
            database.execute(f"pragma user_version={len(steps)}")
    return found, len(steps)
