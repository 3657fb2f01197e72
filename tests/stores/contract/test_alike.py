"""Whatever is done to them, in whatever order, both stores answer alike."""

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

import msgspec
from cast import NOON, SECOND
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from stores.chats import Chat, eventually, trace_of, whole_feed

from chatsession.core.events import header
from chatsession.core.policy import Policy
from chatsession.store import DuplicateError, SessionQuery, StoreError, Visitor
from chatsession.stores.memory import MemoryStore
from chatsession.stores.sqlite import SqliteStore

NAMES = ("ses_1", "ses_2", "ses_3", "ses_4")
VISITORS = ("vis_ana", "vis_bea")
INBOXES = ("shop", "bank")
WORDS = ("parcel", "refund", "Zürich", "my parcel please")
CLIENT_IDS = ("c1", "c2", None)
POLICIES = (Policy(threads="manual"), Policy(threads="manual", several_open=True))
TOKENS = (b"t1", b"t2", b"t3")
DAY = "2026-01-05"

names, visitors, inboxes, words = (st.sampled_from(each) for each in (NAMES, VISITORS, INBOXES, WORDS))


class BothStores(RuleBasedStateMachine):
    """Does everything to both stores and compares what they say."""

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="chats-")
        self.memory, self.disk = MemoryStore(), SqliteStore(Path(self.folder.name) / "chats.db")
        self.chats: dict[str, Chat] = {}
        self.now = NOON

    @initialize()
    def begin(self):
        self.runner.run(self.disk.open())

    def teardown(self):
        self.runner.run(self.disk.close())
        self.runner.close()
        self.folder.cleanup()

    def both(self, method, *arguments, **named):
        """What both answer, if it is the same."""
        memory = self.runner.run(answer(getattr(self.memory, method)(*arguments, **named)))
        disk = self.runner.run(answer(getattr(self.disk, method)(*arguments, **named)))
        assert memory == disk, (method, arguments, memory, disk)
        return memory

    def append(self, chats, words_of_chats):
        """Let sessions move on; where the stores refuse, they have not."""
        before = [(chat.session, chat.at) for chat in chats]
        for chat in chats:
            chat.at = self.now = self.now + SECOND
        appends = [word(chat) for chat, word in zip(chats, words_of_chats, strict=True)]
        if self.both("append", *appends) != ("returned", None):
            for chat, (session, at) in zip(chats, before, strict=True):
                chat.session, chat.at = session, at

    @rule(name=names, visitor=visitors, inbox=inboxes, text=words, policy=st.sampled_from(POLICIES))
    def open(self, name, visitor, inbox, text, policy):
        chat = Chat(name, inbox=inbox, visitor=visitor, policy=policy, at=self.now)
        self.append([chat], [lambda chat: chat.opened(text)])
        if chat.session is not None and name not in self.chats:
            self.chats[name] = chat

    @rule(data=st.data())
    @precondition(lambda self: self.chats)
    def go_on(self, data):
        chat = data.draw(st.sampled_from(sorted(self.chats.values(), key=lambda each: each.id)))
        self.append([chat], [data.draw(st.sampled_from(said_by(chat)))])

    @rule(data=st.data())
    @precondition(lambda self: len(self.chats) > 1)
    def go_on_together(self, data):
        chats = sorted(self.chats.values(), key=lambda each: each.id)[:2]
        self.append(chats, [data.draw(st.sampled_from(said_by(chat))) for chat in chats])

    @rule(name=names, behind=st.integers(1, 3), client_id=st.sampled_from(("c1", "c2")))
    @precondition(lambda self: self.chats)
    def come_too_late(self, name, behind, client_id):
        chat = self.chats.get(name)
        if chat is not None and chat.session.phase == "open":
            state, at = chat.session, chat.at
            late = chat.asks("late", client_id=client_id)
            chat.session, chat.at = state, at
            late = msgspec.structs.replace(late, expected_seq=max(1, late.expected_seq - behind))
            assert self.both("append", late)[0] != "returned"

    @rule(name=names, minutes=st.integers(-30, 30) | st.none(), seen=st.none() | st.integers(1, 30))
    def refile(self, name, minutes, seen):
        at = None if minutes is None else self.now + timedelta(minutes=minutes)
        self.both("refile", name, at, seen=seen)

    @rule(name=names, seq=st.integers(2, 12))
    def redact(self, name, seq):
        self.both("redact", name, seq)

    @rule(name=names, turn=st.integers(1, 3), attempt=st.integers(1, 2))
    def put_trace(self, name, turn, attempt):
        chat = self.chats.get(name)
        if chat is not None:
            self.both("put_trace", trace_of(chat, turn, attempt))

    @rule(name=names)
    def erase_session(self, name):
        self.compare_receipts("erase_session", name)
        self.chats.pop(name, None)

    @rule(visitor=visitors)
    def erase(self, visitor):
        self.compare_receipts("erase", visitor)
        self.chats = {name: chat for name, chat in self.chats.items() if chat.visitor != visitor}

    def compare_receipts(self, method, whom):
        receipts = [self.runner.run(getattr(each, method)(whom, self.now)) for each in (self.memory, self.disk)]
        assert len({(each.at, each.sessions, each.events) for each in receipts}) == 1

    @rule(visitor=visitors, token=st.sampled_from(TOKENS), subject=st.sampled_from((None, "customer-7")))
    def add_visitor(self, visitor, token, subject):
        known = Visitor(id=visitor, inbox="shop", created_at=NOON, subject=subject)
        self.both("add_visitor", known, token, self.now + 60 * SECOND)

    @rule(visitor=visitors, token=st.sampled_from(TOKENS), revoke=st.sampled_from((None, *TOKENS)))
    def add_token(self, visitor, token, revoke):
        if token != revoke:
            self.both("add_token", visitor, token, self.now + 60 * SECOND, revoke)

    @rule(visitor=visitors)
    def revoke_tokens(self, visitor):
        self.both("revoke_tokens", visitor)

    @rule(visitor=visitors, ticket=st.sampled_from(TOKENS), name=names)
    def put_ticket(self, visitor, ticket, name):
        self.both("put_ticket", ticket, visitor, name, self.now + 30 * SECOND)

    @rule(ticket=st.sampled_from(TOKENS))
    def take_ticket(self, ticket):
        self.both("take_ticket", ticket, self.now)

    @rule(mark=st.sampled_from(TOKENS))
    def use_once(self, mark):
        self.both("use_once", mark, self.now + 30 * SECOND, self.now)

    @rule()
    def heartbeat(self):
        self.both("heartbeat", self.now)

    @rule(query=words, inbox=st.none() | inboxes)
    def search(self, query, inbox):
        self.runner.run(caught_up(self.disk))
        memory, disk = (self.runner.run(each.find(SessionQuery(q=query, inbox=inbox))) for each in self.stores)
        assert memory.rows == disk.rows

    @property
    def stores(self):
        return (self.memory, self.disk)

    @invariant()
    def they_tell_the_same_of_every_session(self):
        for name in NAMES:
            self.both("row", name)
            self.both("traces", name)
            self.both("receipt", name, "visitor", "c1")
            self.both("load", name)
            frames = self.both("frames", name, 0, 10**9)[1]
            expected = self.chats[name].session.seq if name in self.chats else 0
            assert [header(frame).seq for frame in frames] == list(range(1, expected + 1))

    @invariant()
    def they_tell_the_same_of_all(self):
        feeds = [self.runner.run(whole_feed(each, 5)) for each in self.stores]
        assert feeds[0] == feeds[1]
        due = self.both("due", self.now + timedelta(days=900), 99)[1]
        assert due == sorted(due, key=lambda each: each[1])
        for visitor in VISITORS:
            self.both("sessions_of", "shop", visitor, 3)
            self.both("usage_today", "shop", visitor, DAY)
            self.both("visitor", visitor)
        for token in TOKENS:
            self.both("visitor_of_token", token, self.now)
        for query in (SessionQuery(), SessionQuery(phase="closed"), SessionQuery(visitor="vis_ana", inbox="bank")):
            rows = [self.runner.run(each.find(query)).rows for each in self.stores]
            assert rows[0] == rows[1]


def said_by(chat):
    """What may happen next to a session."""
    if chat.session.phase == "closed":
        return [lambda chat: chat.resumed()]
    asked = [lambda chat, text=text, key=key: chat.asks(text, client_id=key) for text in WORDS for key in CLIENT_IDS]
    answers = [lambda chat: chat.answered(snapshot=True)] * 4 if chat.session.turn else []
    return [*asked, *answers, lambda chat: chat.closed(), lambda chat: chat.closed()]


async def answer(asked):
    """What came of it: the answer, or the refusal and what it names."""
    try:
        return "returned", await asked
    except DuplicateError as error:
        return "duplicate", error.session, error.client_id, error.receipt
    except StoreError as error:
        return type(error).__name__, getattr(error, "session", None)


async def caught_up(store):
    """Wait until search has come to the end of the list."""
    behind = "select 1 from appends where position > (select coalesce(max(position), 0) from progress)"

    async def has_come_to_the_end():
        return not store.ask(behind, ())

    await eventually(has_come_to_the_end)


TestBothStores = BothStores.TestCase
TestBothStores.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
