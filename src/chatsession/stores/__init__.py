"""Makers of the store contract: memory for tests, SQLite for everything embedded."""
