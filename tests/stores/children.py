"""What child processes do with a store; each takes `tell` first."""

import asyncio
import hashlib
import os
import resource
import signal

from cast import NOON
from stores.chats import Chat

from chatsession import sqlite
from chatsession.store import StoreUnavailableError
from chatsession.stores.sqlite import SqliteStore

NOBODY = 65_534


async def keep_open(tell, path):
    """Hold the writer's lock until the end."""
    store = SqliteStore(path)
    await store.open()
    await store.append(Chat().opened())
    tell("open")
    await tell.until_the_end()
    await store.close()


async def write_once(tell, path):
    """Leave a file with one session."""
    store = SqliteStore(path)
    await store.open()
    await store.append(Chat().opened())
    await store.close()
    tell("written")


async def try_to_open_as_nobody(tell, path):
    """Open without the rights of root, and tell what was said."""
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        await SqliteStore(path).open()
    except StoreUnavailableError as error:
        tell(f"{type(error).__name__}: {error}")
    else:
        tell("opened")


async def talk_on(tell, path, name, sessions):
    """Many sessions at once, without end: each append is told after it was acknowledged, never before."""
    store = SqliteStore(path)
    await store.open()

    async def talk(number):
        chat = Chat(f"ses_{name}_{number}", visitor=f"vis_{name}_{number}")
        await store.append(chat.opened("0"))
        count = 0
        while True:
            count += 1
            append = chat.asks(str(count), client_id=str(count))
            await store.append(append)
            tell(f"{chat.id} {count} {append.expected_seq} {len(append.frames)} {digest_of(append.frames)}")

    await asyncio.gather(*(talk(number) for number in range(sessions)))


def digest_of(frames) -> str:
    """What proves that exactly these bytes are there."""
    return hashlib.sha256(b"\n".join(frames)).hexdigest()


async def erase_and_be_read(tell, path, needle):
    """Erase a session while a reader keeps the log from being emptied."""
    store = SqliteStore(path)
    await store.open()
    chat = Chat()
    await store.append(chat.opened(needle))
    reader = sqlite.open_database(path, read_only=True)
    reader.execute("begin")
    reader.execute("select count(*) from appends").fetchall()
    await store.erase_session(chat.id, NOON)
    tell("erased")
    await tell.until_the_end()


async def outgrow_the_limit(tell, path):
    """Write until the system lets no file grow any more; go on once it does again."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store, chat = SqliteStore(path), Chat()
    await store.open()
    await store.append(chat.opened())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 1024, limits[1]))
    written = await write_until_refused(store, chat)
    tell(f"refused {written}")
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    await store.append(chat.asks("once more"))
    tell(f"went on {chat.session.seq}")
    await store.close()


async def write_until_refused(store, chat) -> int:
    """How many messages there was room for; the one that was refused has left the chat as it was."""
    for written in range(10_000):
        state, at = chat.session, chat.at
        try:
            await store.append(chat.asks("x" * 8_000))
        except StoreUnavailableError:
            chat.session, chat.at = state, at
            return written
    raise AssertionError("the disk never filled up")
