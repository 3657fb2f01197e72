"""What was erased or redacted is gone from the bytes of every file: pages, log and search index."""

import random

import pytest
from cast import NOON
from stores.chats import Chat, eventually, trace_of

from chatsession import sqlite
from chatsession.core import commands as c
from chatsession.store import SessionQuery, Visitor
from chatsession.stores.sqlite import SqliteStore

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def needle_of(dice) -> str:
    """A word that occurs nowhere else; letters only, so that it is one word to the search index."""
    return "".join(dice.choice(LETTERS) for _ in range(16))


def files_with(store, needle) -> list[str]:
    """The files in which the word, or a piece of it that is long enough to mean it, is found."""
    pieces = [needle[:9].encode(), needle[-9:].encode()]
    found = []
    for each in store.path.parent.iterdir():
        data = each.read_bytes()
        found += [each.name for piece in pieces if piece in data]
    return found


async def search_has_followed(store):
    behind = "select 1 from appends where position > (select coalesce(max(position), 0) from progress)"
    return not store.ask(behind, ())


async def in_all_files(store):
    """Everything written so far is in the pages and in the index, not only in the log."""

    async def followed():
        return await search_has_followed(store)

    await eventually(followed)
    await store.writer.run(lambda _: None, scrubs=True)


async def full_of_needles(store, number, dice):
    """A session with a needle wherever something of the visitor is kept."""
    needle = needle_of(dice)
    chat = Chat(f"ses_{needle}", visitor=f"vis_{needle}")
    visitor = Visitor(id=chat.visitor, inbox="shop", created_at=NOON, subject=f"{needle}@shop", name=needle)
    await store.add_visitor(visitor, f"t{needle}".encode(), NOON.replace(year=2027))
    await store.append(chat.opened(f"Hello, I am {needle}", snapshot=True))
    await store.put_ticket(f"k{needle}".encode(), chat.visitor, chat.id, NOON.replace(year=2027))
    await store.append(chat.answered(f"Hello {needle}", traces=[trace_of(chat, text=needle)]))
    await store.append(chat.does(c.ChangeContext(actor=c.Actor(kind="key", id="k"), set={"name": needle})))
    await store.append(chat.does(c.StartThread(actor=c.Actor(kind="key", id="k"), topic=needle, title=needle)))
    for place in range(number % 5):
        text = f"{'filler ' * dice.randrange(40)} {needle} {place}"
        await store.append(chat.asks(text, client_id=f"{needle}{place}", snapshot=place % 2 == 1))
    return chat, needle


async def test_of_erased_visitors_no_file_has_a_trace_left(tmp_path):
    store, dice = SqliteStore(tmp_path / "chats.db"), random.Random(11)
    await store.open()
    sessions = [await full_of_needles(store, number, dice) for number in range(60)]
    await in_all_files(store)
    assert all(files_with(store, needle) for _, needle in sessions)
    dice.shuffle(sessions)
    gone, kept = sessions[:30], sessions[30:]

    for chat, needle in gone:
        await store.erase(chat.visitor, NOON)
        assert files_with(store, needle) == []

    assert [needle for _, needle in gone if files_with(store, needle)] == []
    for chat, needle in kept:
        assert [row.id for row in (await store.find(SessionQuery(q=needle))).rows] == [chat.id]
    await store.close()
    assert [needle for _, needle in gone if files_with(store, needle)] == []
    assert sqlite.check(store.path) is None


@pytest.mark.parametrize("followed", [True, False], ids=["after search followed", "before search followed"])
async def test_of_an_erased_session_no_file_has_a_trace_left(sqlite_store, followed):
    dice = random.Random(5)
    chat, needle = await full_of_needles(sqlite_store, 4, dice)
    await sqlite_store.erase(chat.visitor, NOON)
    again, needle = await full_of_needles(sqlite_store, 3, dice)
    if followed:
        await in_all_files(sqlite_store)

    await sqlite_store.erase_session(again.id, NOON)
    await sqlite_store.erase(again.visitor, NOON)

    assert files_with(sqlite_store, needle) == []


async def test_a_redacted_message_is_gone_from_every_file_and_the_rest_is_still_found(sqlite_store):
    chat, needle = Chat(), needle_of(random.Random(3))
    await sqlite_store.append(chat.opened(f"unlike {needle}", snapshot=True))
    await sqlite_store.append(chat.answered("kept words", traces=[trace_of(chat, text=needle)]))
    await in_all_files(sqlite_store)

    await sqlite_store.redact(chat.id, 2)

    found = await sqlite_store.find(SessionQuery(q="kept words"))
    assert files_with(sqlite_store, needle) == []
    assert [row.id for row in found.rows] == [chat.id]
    assert (await sqlite_store.find(SessionQuery(q="unlike"))).rows == ()


async def test_the_index_is_sound_after_many_erasures(sqlite_store):
    """A removal must name exactly the words that were put in, or the index would be damaged."""
    dice = random.Random(9)
    sessions = [await full_of_needles(sqlite_store, number, dice) for number in range(20)]
    for chat, _ in sessions[::2]:
        await sqlite_store.redact(chat.id, 2)
        await sqlite_store.erase_session(chat.id, NOON)
    await in_all_files(sqlite_store)

    def check(database):
        database.execute("insert into search (search, rank) values ('integrity-check', 0)")

    await sqlite_store.writer.run(check)


async def test_a_reader_in_the_way_delays_the_emptying_of_the_log_and_nothing_else(sqlite_store):
    chat, needle = await full_of_needles(sqlite_store, 2, random.Random(2))
    reader = sqlite.open_database(sqlite_store.path, read_only=True)
    reader.execute("begin")
    reader.execute("select count(*) from appends").fetchall()

    receipt = await sqlite_store.erase(chat.visitor, NOON)
    other = Chat("ses_other", visitor="vis_other")
    await sqlite_store.append(other.opened())
    while_read = files_with(sqlite_store, needle)
    reader.close()

    async def gone():
        return not files_with(sqlite_store, needle)

    assert receipt.sessions == 1
    assert while_read != []
    assert await eventually(gone)
