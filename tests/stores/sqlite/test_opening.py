"""Opening a file: whose it is, who writes it, how old it is, and what is said where it cannot be opened."""

import sqlite3
import stat
from pathlib import Path

import pytest
from stores.chats import Chat, all_frames
from stores.children import keep_open, try_to_open_as_nobody, write_once
from stores.processes import Child, open_folder

from chatsession import sqlite
from chatsession.sqlite.locking import filesystem_of, mounted_as
from chatsession.store import LockedError, NewerVersionError, SessionQuery, StoreUnavailableError
from chatsession.stores.sqlite import SqliteStore


async def written(path, session="ses_1") -> Chat:
    """A file with one session in it."""
    chat = Chat(session, visitor=f"of_{session}")
    store = SqliteStore(path)
    await store.open()
    await store.append(chat.opened())
    await store.close()
    return chat


def changed(path, *statements):
    """The file as somebody else's hand left it."""
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


async def test_a_new_file_is_for_its_owner_alone(tmp_path):
    store = SqliteStore(tmp_path / "new" / "folder" / "chats.db")
    await store.open()
    await store.append(Chat().opened())

    rights = {each.name: stat.S_IMODE(each.stat().st_mode) for each in store.path.parent.iterdir()}
    await store.close()

    assert set(rights) == {"chats.db", "chats.db-wal", "chats.db-shm", "chats.db.lock"}
    assert set(rights.values()) == {0o600}


async def test_a_closed_file_leaves_no_log_behind(tmp_path):
    await written(tmp_path / "chats.db")

    assert {each.name for each in tmp_path.iterdir()} == {"chats.db", "chats.db.lock"}


async def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "chats.db"
    await written(path)
    changed(path, "pragma user_version = 99")
    before = path.read_bytes()

    for store in (SqliteStore(path), SqliteStore(path, read_only=True)):
        with pytest.raises(NewerVersionError, match=r"schema version 99.*Use the newer chatsession"):
            await store.open()

    assert path.read_bytes() == before
    assert sqlite.check(path) is None


async def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "chats.db"
    path.write_text("Dear diary, " * 1_000)

    for store in (SqliteStore(path), SqliteStore(path, read_only=True)):
        with pytest.raises(StoreUnavailableError, match=r"chats\.db cannot be opened: .*not a database"):
            await store.open()

    assert path.read_text() == "Dear diary, " * 1_000


async def test_another_program_s_database_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "chats.db"
    changed(path, "create table bookmarks (url text)")
    before = path.read_bytes()

    for store in (SqliteStore(path), SqliteStore(path, read_only=True)):
        with pytest.raises(StoreUnavailableError, match="another program's database"):
            await store.open()

    assert path.read_bytes() == before


async def test_an_empty_file_becomes_ours(tmp_path):
    path = tmp_path / "chats.db"
    path.touch()

    await written(path)

    assert sqlite.check(path) is None


async def test_a_refused_file_can_be_opened_once_it_is_right(tmp_path):
    path = tmp_path / "chats.db"
    path.write_text("no database")
    store = SqliteStore(path)
    with pytest.raises(StoreUnavailableError):
        await store.open()
    path.unlink()

    await store.open()
    await store.append(Chat().opened())
    await store.close()


async def test_a_second_writer_is_refused_by_the_name_of_the_first(tmp_path):
    path = tmp_path / "chats.db"
    with Child(keep_open, path) as holder:
        holder.hear("open")

        with pytest.raises(LockedError, match=rf"chats\.db is in use: process {holder.pid} writes it\. Stop it"):
            await SqliteStore(path).open()

    await written(path, "ses_2")


async def test_the_lock_of_a_killed_process_is_gone_with_it(tmp_path):
    path = tmp_path / "chats.db"
    with Child(keep_open, path) as holder:
        holder.hear("open")
        holder.kill()

        await written(path, "ses_2")

    assert sqlite.check(path) is None


async def test_reading_goes_on_beside_the_writer(tmp_path):
    writer, reader = SqliteStore(tmp_path / "chats.db"), SqliteStore(tmp_path / "chats.db", read_only=True)
    chat = Chat()
    await writer.open()
    await writer.append(chat.opened())

    await reader.open()
    first = await all_frames(reader, chat.id)
    await writer.append(chat.asks())
    second = await all_frames(reader, chat.id)

    assert (len(first), len(second)) == (3, chat.session.seq)
    assert len((await reader.find(SessionQuery())).rows) == 1
    with pytest.raises(StoreUnavailableError, match="reading only"):
        await reader.append(chat.asks())
    await reader.close()
    await writer.close()


async def test_reading_needs_a_file(tmp_path):
    with pytest.raises(StoreUnavailableError, match="no such file"):
        await SqliteStore(tmp_path / "chats.db", read_only=True).open()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("locked", ["file", "folder"])
def test_what_may_not_be_written_is_refused_in_plain_words(locked):
    with open_folder() as folder:
        path = folder / "chats.db"
        with Child(write_once, path) as child:
            child.hear("written")
        if locked == "file":
            path.chmod(0o444)
        folder.chmod(0o777 if locked == "file" else 0o555)

        with Child(try_to_open_as_nobody, path) as child:
            said = child.hear()

    assert said.startswith(f"StoreUnavailableError: {path} cannot be opened: Permission denied")


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "fuse.sshfs", "9p"])
def test_a_network_file_system_is_refused_in_plain_words(tmp_path, kind):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/share {tmp_path} {kind} rw 0 0\n")
    lock = sqlite.WriterLock(tmp_path / "chats.db", filesystem_of=lambda folder: mounted_as(folder, mounts))

    with pytest.raises(sqlite.UnfitSqliteError, match=rf"network file system \({kind}\)"):
        lock.take()

    assert not lock.path.exists()


def test_the_innermost_and_the_latest_mount_counts(tmp_path):
    mounts = tmp_path / "mounts"
    spaced = tmp_path / "with space"
    spaced.mkdir()
    told = str(spaced).replace(" ", "\\040")
    mounts.write_text(f"server:/ {tmp_path} nfs rw 0 0\n/dev/sdb {told} nfs rw 0 0\n/dev/sdb {told} ext4 rw 0 0\n")

    kinds = mounted_as(spaced, mounts), mounted_as(tmp_path, mounts), mounted_as(tmp_path.parent, mounts)

    assert kinds == ("ext4", "nfs", "")


def test_what_has_no_device_of_this_machine_is_looked_up():
    assert filesystem_of(Path("/proc")) == "proc"
