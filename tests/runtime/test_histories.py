import asyncio

from cast import NOON, POLICY, ana

from chatsession.core import commands as c
from chatsession.core.apply import apply
from chatsession.core.decide import decide
from chatsession.runtime.committing import append_of
from chatsession.runtime.histories import Histories
from chatsession.stores.memory import MemoryStore


class SlowStore(MemoryStore):
    """A store whose reading of old frames ends when it is told to."""

    def __init__(self):
        super().__init__()
        self.is_reading = asyncio.Event()
        self.may_end = asyncio.Event()

    async def frames_before(self, session, before, limit):
        frames = await super().frames_before(session, before, limit)
        self.is_reading.set()
        await self.may_end.wait()
        return frames


async def written(store, session=None, command=None):
    """The session and the events after a command whose events the store has."""
    if session is None:
        command = c.OpenSession(
            actor=ana, session="ses_1", inbox="shop", visitor="vis_ana", policy=POLICY.hash, text="One"
        )
    events = decide(session, command, POLICY, NOON)
    for event in events:
        session = apply(session, event)
    await store.append(append_of(session, events, POLICY, snapshot_seq=0))
    return session, tuple(events)


def says(text):
    return c.PostMessage(actor=ana, text=text)


async def test_a_message_that_comes_while_the_history_is_read_is_not_missing_later():
    store = SlowStore()
    histories = Histories(store, 10, 10)
    session, _ = await written(store)

    reading = asyncio.create_task(histories.lines(session))
    await store.is_reading.wait()
    session, events = await written(store, session, says("Two"))
    histories.follow(session, events)
    store.may_end.set()
    await reading
    session, events = await written(store, session, says("Three"))
    histories.follow(session, events)

    assert [line.text for line in await histories.lines(session)] == ["One", "Two", "Three"]


async def test_what_another_node_wrote_is_read_before_what_follows_it():
    store = MemoryStore()
    histories = Histories(store, 10, 10)
    session, _ = await written(store)
    await histories.lines(session)

    session, _ = await written(store, session, says("Two, written elsewhere"))
    session, events = await written(store, session, says("Three"))
    histories.follow(session, events)

    assert [line.text for line in await histories.lines(session)] == ["One", "Two, written elsewhere", "Three"]


async def test_a_history_is_followed_without_reading_it_again():
    store = SlowStore()
    store.may_end.set()
    histories = Histories(store, 10, 2)
    session, _ = await written(store)
    await histories.lines(session)
    store.may_end.clear()

    for text in ("Two", "Three"):
        session, events = await written(store, session, says(text))
        histories.follow(session, events)

    assert [line.text for line in await histories.lines(session)] == ["Two", "Three"]
