"""Sessions as the rules make them, one append at a time: what the tests of the stores write."""

import asyncio

from cast import NOON, POLICY, SECOND, ana, bot, carl

from chatsession.bot import TurnInput
from chatsession.core import commands as c
from chatsession.core.apply import apply
from chatsession.core.decide import decide
from chatsession.core.refusals import Refusal
from chatsession.core.session import NO_FACTS, Receipt, Session
from chatsession.runtime.committing import append_of
from chatsession.store import Append, NewReceipt
from chatsession.tracing import Trace

DEADLINE_SECONDS = 30
NEVER = 10**9
"""A snapshot so far ahead that no other one is due."""


class Chat:
    """One session in the making; each word of it is an append that follows the one before."""

    def __init__(self, session="ses_1", *, inbox="shop", visitor=ana.id, policy=POLICY, at=NOON):
        self.id, self.inbox, self.visitor, self.policy = session, inbox, visitor, policy
        self.at = at
        self.session: Session | None = None

    def does(self, command, *, facts=NO_FACTS, snapshot=False, receipts=(), traces=()) -> Append:
        """The append of a command that the rules accept."""
        decided = decide(self.session, command, self.policy, self.at, facts)
        assert not isinstance(decided, Refusal), decided
        assert decided, command
        session = self.session
        for event in decided:
            session = apply(session, event)
        self.session = session
        self.at += SECOND
        snapshot_seq = -NEVER if snapshot else NEVER
        return append_of(session, decided, self.policy, snapshot_seq=snapshot_seq, receipts=receipts, traces=traces)

    def opened(self, text="Hello", **more) -> Append:
        """The visitor comes in and says something."""
        command = c.OpenSession(
            actor=ana, session=self.id, inbox=self.inbox, visitor=self.visitor, policy=self.policy.hash, text=text
        )
        return self.does(command, **more)

    def asks(self, text="And then?", *, client_id=None, **more) -> Append:
        """The visitor says something, with or without a receipt."""
        receipts = [receipt_of(self, client_id, text)] if client_id else []
        return self.does(c.PostMessage(actor=ana, text=text, client_id=client_id), receipts=receipts, **more)

    def answered(self, text="Let me see.", **more) -> Append:
        """The bot answers the open turn."""
        turn = self.session.turn
        return self.does(c.AnswerTurn(actor=bot, turn=turn.number, attempt=turn.attempt, text=text), **more)

    def closed(self, **more) -> Append:
        """The visitor closes the session."""
        return self.does(c.CloseSession(actor=ana), **more)

    def resumed(self, **more) -> Append:
        """The visitor comes back to it."""
        return self.does(c.ResumeSession(actor=ana, policy=self.policy.hash), **more)

    def claimed(self, **more) -> Append:
        """An agent takes over."""
        return self.does(c.ClaimSession(actor=carl), **more)


def receipt_of(chat: Chat, client_id: str, text: str) -> NewReceipt:
    """The receipt of the message that the chat's next event is."""
    seq = chat.session.seq + 1
    message_id = f"msg_{chat.id.removeprefix('ses_')}_{seq}"
    return NewReceipt("visitor", client_id, Receipt(seq=seq, digest=text.encode()[:32], message_id=message_id))


def trace_of(chat: Chat, turn=1, attempt=1, text="Let me see.") -> Trace:
    """What one attempt saw and did."""
    shown = TurnInput(
        session=chat.id,
        inbox=chat.inbox,
        visitor=chat.visitor,
        turn=turn,
        attempt=attempt,
        text="Hello",
        lines=[],
        context={},
    )
    return Trace(
        session=chat.id,
        turn=turn,
        attempt=attempt,
        bot="echo",
        release="rel_1",
        policy=chat.policy.hash,
        started_at=chat.at,
        shown=shown,
        text=text,
    )


async def eventually(is_so):
    """Ask again until it is so, with a deadline that no machine misses."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not (found := await is_so()):
            await asyncio.sleep(0.01)
    return found


async def all_frames(store, session) -> list[bytes]:
    """Everything a session's list holds."""
    return await store.frames(session, 0, NEVER)


async def whole_feed(store, limit=100, cursor=None) -> list[tuple[str, bytes]]:
    """The feed read page by page, to its end."""
    frames = []
    while True:
        page = await store.feed(cursor, limit)
        if not page.frames:
            return frames
        frames += page.frames
        cursor = page.cursor
