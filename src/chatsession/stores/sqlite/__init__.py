"""The embedded store: one SQLite file, one writer thread, every acknowledged write on the disk."""

from chatsession.stores.sqlite.copying import CopyError, restore
from chatsession.stores.sqlite.store import SqliteStore

__all__ = ["CopyError", "SqliteStore", "restore"]
