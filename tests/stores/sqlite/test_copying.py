"""Backups are made while serving and hold one state; restoring refuses what is not one, and whoever serves."""

import asyncio
import sqlite3
import stat

import pytest
from stores.chats import Chat, all_frames, eventually, whole_feed
from stores.children import keep_open
from stores.processes import Child

from chatsession import sqlite
from chatsession.core import events as e
from chatsession.store import LockedError, NewerVersionError
from chatsession.stores.sqlite import SqliteStore, copying, restore
from chatsession.stores.sqlite.copying import CopyError


async def file_with(path, *texts) -> Chat:
    store, chat = SqliteStore(path), Chat()
    await store.open()
    await store.append(chat.opened())
    for text in texts:
        await store.append(chat.asks(text))
    await store.close()
    return chat


async def all_said(path, session="ses_1"):
    store = SqliteStore(path, read_only=True)
    await store.open()
    events = [e.decode(frame) for frame in await all_frames(store, session)]
    await store.close()
    return [event.text for event in events if isinstance(event, e.MessagePosted)]


async def test_a_backup_made_while_writing_is_one_consistent_state(tmp_path, sqlite_store):
    chats = [Chat(f"ses_{number}", visitor=f"vis_{number}") for number in range(10)]
    await asyncio.gather(*(sqlite_store.append(chat.opened("x" * 10_000)) for chat in chats))
    for _ in range(20):
        await asyncio.gather(*(sqlite_store.append(chat.asks("x" * 10_000)) for chat in chats))
    before = {chat.id: chat.session.seq for chat in chats}
    steps, written = [], 0

    async for step in sqlite_store.backup(tmp_path / "backup.db"):
        steps.append(step)
        await asyncio.gather(*(sqlite_store.append(chat.asks("meanwhile")) for chat in chats))
        written += 1

    restore(tmp_path / "backup.db", tmp_path / "restored.db")
    copy = SqliteStore(tmp_path / "restored.db")
    await copy.open()
    lists = {chat.id: await all_frames(copy, chat.id) for chat in chats}
    assert written > 1
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]
    assert {session: len(frames) for session, frames in lists.items()} == before
    assert len(await whole_feed(copy, 1_000)) == sum(before.values())
    await copy.append(Chat("ses_new", visitor="vis_new").opened())
    await copy.close()


async def test_a_backup_is_one_private_file_that_needs_no_log(tmp_path, sqlite_store):
    await sqlite_store.append(Chat().opened())

    async for _ in sqlite_store.backup(tmp_path / "backup.db"):
        pass

    backup = tmp_path / "backup.db"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.glob("backup*")] == ["backup.db"]
    assert sqlite.check(backup) is None


async def test_a_backup_never_takes_the_place_of_a_file(tmp_path, sqlite_store):
    (tmp_path / "backup.db").write_text("precious")

    with pytest.raises(CopyError, match="exists already; name a new file"):
        async for _ in sqlite_store.backup(tmp_path / "backup.db"):
            pass

    assert (tmp_path / "backup.db").read_text() == "precious"


async def test_a_backup_that_cannot_be_written_says_so_and_leaves_nothing(tmp_path, sqlite_store):
    with pytest.raises(CopyError, match="could not be written"):
        async for _ in sqlite_store.backup(tmp_path / "no" / "such" / "folder" / "backup.db"):
            pass

    await sqlite_store.append(Chat().opened())
    assert not (tmp_path / "no").exists()


async def test_a_backup_that_is_given_up_leaves_nothing_and_holds_nothing_up(tmp_path, sqlite_store):
    chat = Chat()
    await sqlite_store.append(chat.opened("x" * 16_000))
    for _ in range(2 * copying.PAGES_EACH * 4_096 // 16_000):
        await sqlite_store.append(chat.asks("x" * 16_000))

    backup = sqlite_store.backup(tmp_path / "backup.db")
    await anext(backup)
    await backup.aclose()

    async def the_log_can_be_emptied():
        await sqlite_store.writer.run(lambda _: None, scrubs=True)
        return sqlite_store.path.with_name("chats.db-wal").stat().st_size == 0

    assert list(tmp_path.glob("backup*")) == []
    assert await eventually(the_log_can_be_emptied)


async def test_restoring_brings_back_what_was_saved(tmp_path, sqlite_store):
    chat = Chat()
    await sqlite_store.append(chat.opened("before"))
    async for _ in sqlite_store.backup(tmp_path / "backup.db"):
        pass
    await sqlite_store.append(chat.asks("after"))
    await sqlite_store.close()

    restore(tmp_path / "backup.db", sqlite_store.path)

    assert await all_said(sqlite_store.path) == ["before"]
    assert (tmp_path / "backup.db").exists()


async def test_a_log_left_by_a_kill_is_not_read_into_the_restored_file(tmp_path):
    path = tmp_path / "chats.db"
    await file_with(tmp_path / "old.db", "saved")
    with Child(keep_open, path) as child:
        child.hear("open")
        child.kill()
    left = path.with_name("chats.db-wal").stat().st_size

    restore(tmp_path / "old.db", path)

    assert left > 0
    assert await all_said(path) == ["Hello", "saved"]
    assert sqlite.check(path) is None


async def test_nothing_is_restored_while_somebody_serves(tmp_path):
    path = tmp_path / "chats.db"
    await file_with(tmp_path / "backup.db", "saved")
    with Child(keep_open, path) as server:
        server.hear("open")

        with pytest.raises(LockedError, match=f"process {server.pid} writes it"):
            restore(tmp_path / "backup.db", path)

    assert await all_said(path) == ["Hello"]


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-4_096])


def scrambled(path):
    data = bytearray(path.read_bytes())
    for place in range(4_096, len(data), 512):
        data[place : place + 64] = b"\xff" * 64
    path.write_bytes(data)


def text(path):
    path.write_text("no database at all " * 500)


def foreign(path):
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("create table bookmarks (url text)")
    database.close()


def empty(path):
    path.write_bytes(b"")


def missing(path):
    path.unlink()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (cut_short, "not a sound backup"),
        (scrambled, "not a sound backup"),
        (text, "not a sound backup: .*not a database"),
        (foreign, "not a chatsession backup: it is another program's database"),
        (empty, "not a chatsession backup: it is empty"),
        (missing, "there is no file"),
    ],
)
async def test_what_is_no_backup_is_refused_and_the_data_is_unharmed(tmp_path, spoil, words):
    path, backup = tmp_path / "chats.db", tmp_path / "backup.db"
    await file_with(path, "precious")
    await file_with(backup, "x" * 9_000, "y" * 9_000)
    spoil(backup)

    with pytest.raises(CopyError, match=words):
        restore(backup, path)

    assert await all_said(path) == ["Hello", "precious"]


async def test_a_backup_of_a_newer_version_is_refused(tmp_path):
    path, backup = tmp_path / "chats.db", tmp_path / "backup.db"
    await file_with(path, "precious")
    await file_with(backup)
    with sqlite3.connect(backup) as database:
        database.execute("pragma user_version = 99")
    database.close()

    with pytest.raises(NewerVersionError, match=r"backup\.db: the data has schema version 99"):
        restore(backup, path)

    assert await all_said(path) == ["Hello", "precious"]
