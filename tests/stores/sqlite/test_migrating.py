"""The schema's versions: forward, one after the other, all of it or nothing."""

import sqlite3

import pytest
from stores.chats import Chat, all_frames

from chatsession import sqlite
from chatsession.store import NewerVersionError, StoreUnavailableError
from chatsession.stores.sqlite import SqliteStore
from chatsession.stores.sqlite.migrating import SCHEMA, migrations, newest_version

NEWEST = newest_version()
NEXT = """
alter table visitors add column language text;
create table flags (name text primary key) strict;
insert into flags values ('moved');
"""


@pytest.fixture
def schema(tmp_path):
    """Our schema with one more version after the newest."""
    folder = tmp_path / "schema"
    folder.mkdir()
    for number, step in enumerate(migrations(), start=1):
        (folder / f"{number:04}_step.sql").write_text(step.read_text())
    (folder / f"{len(migrations()) + 1:04}_next.sql").write_text(NEXT)
    return folder


async def a_file_of_today(path) -> Chat:
    store, chat = SqliteStore(path), Chat()
    await store.open()
    await store.append(chat.opened("kept"))
    await store.close()
    return chat


def rows_of(path, sql):
    with sqlite3.connect(path) as database:
        found = database.execute(sql).fetchall()
    database.close()
    return found


def test_versions_are_numbered_from_one_without_a_gap():
    names = sorted(entry.name for entry in SCHEMA.iterdir())

    assert [name[:5] for name in names] == [f"{number:04}_" for number in range(1, len(names) + 1)]


async def test_a_new_file_has_the_newest_version(tmp_path, schema):
    store = SqliteStore(tmp_path / "chats.db", schema=schema)
    await store.open()

    facts = await store.health()
    await store.close()

    assert store.migrated == (0, NEWEST + 1)
    assert facts["schema"] == str(NEWEST + 1)
    assert rows_of(store.path, "select name from flags") == [("moved",)]


async def test_an_older_file_is_brought_forward_with_everything_in_it(tmp_path, schema):
    chat = await a_file_of_today(tmp_path / "chats.db")
    store = SqliteStore(tmp_path / "chats.db", schema=schema)

    await store.open()
    await store.append(chat.answered())
    frames = await all_frames(store, chat.id)
    await store.close()

    assert store.migrated == (NEWEST, NEWEST + 1)
    assert len(frames) == chat.session.seq
    assert rows_of(store.path, "select name from flags") == [("moved",)]


async def test_a_file_of_today_is_left_as_it_is(tmp_path):
    await a_file_of_today(tmp_path / "chats.db")
    store = SqliteStore(tmp_path / "chats.db")

    await store.open()
    await store.close()

    assert store.migrated == (NEWEST, NEWEST)


async def test_a_step_that_fails_leaves_the_older_version_and_its_data(tmp_path, schema):
    chat = await a_file_of_today(tmp_path / "chats.db")
    (schema / f"{NEWEST + 2:04}_wrong.sql").write_text("create table fine (a); insert into nowhere values (1);")

    with pytest.raises(StoreUnavailableError, match="no such table: nowhere"):
        await SqliteStore(tmp_path / "chats.db", schema=schema).open()

    store = SqliteStore(tmp_path / "chats.db")
    await store.open()
    await store.append(chat.answered())
    await store.close()
    assert store.migrated == (NEWEST, NEWEST)
    assert rows_of(store.path, "select name from sqlite_master where name in ('flags', 'fine')") == []


async def test_there_is_no_way_back(tmp_path, schema):
    newer = SqliteStore(tmp_path / "chats.db", schema=schema)
    await newer.open()
    await newer.close()

    with pytest.raises(NewerVersionError, match=f"schema version {NEWEST + 1}; this chatsession knows {NEWEST}"):
        await SqliteStore(tmp_path / "chats.db").open()

    assert sqlite.check(newer.path) is None


async def test_reading_an_older_file_says_what_brings_it_forward(tmp_path, schema):
    await a_file_of_today(tmp_path / "chats.db")

    with pytest.raises(StoreUnavailableError, match=f"older schema {NEWEST}; start the server once"):
        await SqliteStore(tmp_path / "chats.db", read_only=True, schema=schema).open()


async def test_a_snapshot_of_another_fold_version_is_ignored(tmp_path):
    path = tmp_path / "chats.db"
    store, chat = SqliteStore(path), Chat()
    await store.open()
    await store.append(chat.opened(snapshot=True))
    await store.close()
    with sqlite3.connect(path) as database:
        database.execute("update snapshots set fold_version = fold_version + 1")
    database.close()

    await store.open()
    ignored = await store.load(chat.id)
    await store.append(chat.answered(snapshot=True))
    renewed = await store.load(chat.id)
    await store.close()

    assert (ignored.snapshot, len(ignored.tail)) == (None, 3)
    assert (renewed.snapshot, renewed.tail) == (chat.session, ())
