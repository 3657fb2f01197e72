"""The schema and its versions: files numbered from 1, each applied once, in one transaction, forward only."""

from importlib.resources import files

from chatsession.sqlite import Database
from chatsession.store import NewerVersionError

APPLICATION_ID = 0x63686174
"""Marks a file as one of ours ("chat")."""


def migrations() -> list[str]:
    """The SQL of every version, the first first."""
    folder = files("chatsession.stores.sqlite") / "schema"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(folder / name).read_text(encoding="utf-8") for name in names]


def schema_version(database: Database) -> int:
    """The version of the file's schema; 0 is an empty file."""
    return int(database.execute("pragma user_version").fetchall()[0][0])


def migrate(database: Database) -> tuple[int, int]:
    """Bring the file to the newest schema: (from, to). Raise NewerVersionError for a file from the future."""
    steps = migrations()
    found = schema_version(database)
    if found > len(steps):
        raise NewerVersionError(
            f"the data has schema version {found}; this chatsession knows {len(steps)}. Use the newer chatsession."
        )
    if found < len(steps):
        with database:
            for step in steps[found:]:
                database.execute(step)
            database.execute(f"pragma application_id={APPLICATION_ID}")
            database.execute(f"pragma user_version={len(steps)}")
    return found, len(steps)
