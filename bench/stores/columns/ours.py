"""chatsession's store as the service uses it: events by the rules, histories at hand, everything on the disk."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from column import Column
from msgspec.structs import replace
from words import said, state_after

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.apply import apply, fold
from chatsession.core.decide import decide
from chatsession.core.policy import Limits, Policy
from chatsession.core.session import Receipt, Session
from chatsession.runtime.committing import append_of
from chatsession.runtime.histories import Histories
from chatsession.store import NewReceipt
from chatsession.stores.sqlite import SqliteStore

POLICY = Policy(limits=Limits(session_turns=None), threads="off")
ANA = c.Actor(kind="visitor")
SESSIONS_MAX, LINES_MAX = 10_000, 64
BEHIND = "select 1 from appends where position > (select coalesce(max(position), 0) from progress)"
ROLES = {"visitor": "user", "bot": "bot"}


@dataclass
class Talk:
    """A session at hand, as the service holds it."""

    session: Session | None
    snapshot_seq: int = 0


class Ours(Column):
    """Messages with ids, receipts, turns, context, clocks and search; the newest lines of a session at hand."""

    def __init__(self, folder):
        super().__init__(folder)
        self.store = SqliteStore(folder / "chats.db")
        self.histories = Histories(self.store, SESSIONS_MAX, LINES_MAX)
        self.talks: dict[str, Talk] = {}

    async def open(self):
        await self.store.open()

    async def close(self):
        await self.settle()
        await self.store.close()

    async def settle(self):
        while self.store.ask(BEHIND, ()):  # noqa: ASYNC110  the store tells nobody when search has followed
            await asyncio.sleep(0.01)

    async def begin(self, session):
        command = c.OpenSession(
            actor=ANA, session=session, inbox="shop", visitor=f"vis_{session}", policy=POLICY.hash, text=None
        )
        await self.commit(self.decided(Talk(None), [command]))

    async def say(self, session, turn, role, text, state=None):
        await self.commit(self.decided(self.talks[session], commands(turn, role, text, state)))

    async def commit(self, append):
        await self.store.append(append)
        self.moved_on(append)
        self.histories.follow(append.session, append.events)

    def decided(self, talk, asked):
        """What the rules make of commands, as the append that the service writes."""
        session, now, events, receipts = talk.session, datetime.now(UTC), [], []
        for command in asked:
            found = decide(session, command, POLICY, now)
            assert isinstance(found, list), found
            for event in found:
                session = apply(session, event)
                if isinstance(event, e.MessagePosted) and event.client_id is not None:
                    receipt = Receipt(seq=event.seq, digest=command.digest, message_id=event.message_id)
                    receipts.append(NewReceipt("visitor", event.client_id, receipt))
            events += found
        return append_of(session, events, POLICY, snapshot_seq=talk.snapshot_seq, receipts=receipts)

    def moved_on(self, append):
        talk = self.talks.setdefault(append.session.id, Talk(append.session))
        talk.session = append.session
        talk.snapshot_seq = append.session.seq if append.snapshot else talk.snapshot_seq

    async def fill(self, session, lines):
        appends = []
        for place, (role, text) in enumerate(lines):
            state = state_after(place // 2) if place == len(lines) - 1 else None
            appends.append(self.decided(self.talks[session], commands(place // 2, role, text, state)))
            self.moved_on(appends[-1])
        for some in (appends[each : each + 1_000] for each in range(0, len(appends), 1_000)):
            await asyncio.gather(*(self.store.append(each) for each in some))

    async def context(self, session, lines):
        known = await self.histories.lines(self.talks[session].session)
        return [(ROLES[line.role], line.text) for line in known[-lines:]]

    async def history(self, session):
        loaded = await self.store.load(session)
        self.talks[session] = Talk(fold(loaded.tail, loaded.snapshot))
        return await self.store.frames(session, 0, 10**9)

    def lines(self, history):
        posted = [event for event in map(e.decode, history) if isinstance(event, e.MessagePosted)]
        return [(ROLES[event.author.kind], event.text) for event in posted]


class OursDecoded(Ours):
    """What is read is turned back into events; the service does that for what a bot is shown, not for what it sends."""

    async def history(self, session):
        return [e.decode(frame) for frame in await super().history(session)]

    def lines(self, history):
        return [(ROLES[each.author.kind], each.text) for each in history if isinstance(each, e.MessagePosted)]


class OursPrepared(Ours):
    """The store alone: the rules have decided beforehand; encoding their events, as the service does, is timed."""

    def __init__(self, folder):
        super().__init__(folder)
        self.script = {}

    async def prepare(self, session, first, turns):
        talk = Talk(self.talks[session].session)
        for turn in range(turns):
            for role, place, state in (("user", 0, None), ("bot", 1, state_after(turn))):
                text = said(first + 2 * turn + place)
                append = self.script[session, turn, role] = self.decided(talk, commands(turn, role, text, state))
                talk.session = append.session
                talk.snapshot_seq = append.session.seq if append.snapshot else talk.snapshot_seq

    async def say(self, session, turn, role, text, state=None):
        append = self.script.get((session, turn, role))
        if append is None:
            await super().say(session, turn, role, text, state)
        else:
            await self.commit(replace(append, frames=tuple(map(e.encode, append.events))))


class OursCold(OursDecoded):
    """Every turn comes to a session that is not at hand: state and lines are read from the file."""

    async def context(self, session, lines):
        loaded = await self.store.load(session)
        self.talks[session].session = fold(loaded.tail, loaded.snapshot)
        self.histories.forget(session)
        return await super().context(session, lines)


def commands(turn, role, text, state):
    """What a visitor or the bot asks for; each turn it learns something."""
    if role == "user":
        return [c.PostMessage(actor=ANA, text=text, client_id=str(turn), digest=hash_of(text))]
    answer = c.AnswerTurn(actor=c.BOT, turn=turn + 1, attempt=1, text=text)
    return [answer, c.ChangeContext(actor=c.BOT, set=state)] if state else [answer]


def hash_of(text):
    return hashlib.sha256(text.encode()).digest()
