"""A full disk: writes are refused in words, nothing acknowledged is lost, and no restart is needed afterwards."""

import contextlib
import os
import subprocess

import pytest
from stores.chats import Chat, all_frames
from stores.children import outgrow_the_limit, write_until_refused
from stores.processes import Child

from chatsession import sqlite
from chatsession.core import events as e
from chatsession.store import StoreUnavailableError
from chatsession.stores.sqlite import SqliteStore

BALLAST_BYTES = 2 * 1024 * 1024


async def test_a_file_that_may_not_grow_refuses_writes_until_it_may(tmp_path):
    path = tmp_path / "chats.db"

    with Child(outgrow_the_limit, path) as child:
        refused, went_on = child.hear(), child.hear()

    frames = await frames_in(path)
    assert int(refused.removeprefix("refused ")) > 0
    assert int(went_on.removeprefix("went on ")) == len(frames)
    assert [e.header(frame).seq for frame in frames] == list(range(1, len(frames) + 1))
    assert b"once more" in b"".join(frames[-3:])
    assert sqlite.check(path) is None


async def test_a_full_disk_refuses_writes_and_recovers_without_a_restart(tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        if disk is None:  # No right to mount one: the limit of the test above is the same refusal by other means.
            await test_a_file_that_may_not_grow_refuses_writes_until_it_may(tmp_path)
            return
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(BALLAST_BYTES))
        store, chat = SqliteStore(disk / "chats.db"), Chat()
        await store.open()
        await store.append(chat.opened())

        written = await write_until_refused(store, chat)
        while_full = await all_frames(store, chat.id)
        with pytest.raises(StoreUnavailableError, match="full"):
            await store.append(Chat("ses_2", visitor="vis_bea").opened("x" * 16_000))
        ballast.unlink()
        await store.append(chat.asks("once more"))
        facts = await store.health()
        await store.close()

        frames = await frames_in(disk / "chats.db")
        assert written > 0
        assert frames[: len(while_full)] == while_full
        assert len(frames) == chat.session.seq
        assert facts["durability"] == "D2"
        assert sqlite.check(disk / "chats.db") is None


async def frames_in(path):
    """What a reader finds who comes later."""
    store = SqliteStore(path, read_only=True)
    await store.open()
    try:
        return await all_frames(store, "ses_1")
    finally:
        await store.close()


@contextlib.contextmanager
def small_disk(folder):
    """A disk of 4 MiB where the system lets us have one, else None."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
