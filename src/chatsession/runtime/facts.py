"""What the rules are told besides the state: looked up here, so that they need not look anything up."""

from collections.abc import Callable
from datetime import UTC, datetime
from operator import attrgetter

from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core.policy import Policy
from chatsession.core.session import NO_FACTS, Facts, Session
from chatsession.files import Files
from chatsession.runtime.folding import folded
from chatsession.runtime.parts import PartFinder
from chatsession.runtime.pending import Pending
from chatsession.store import Store

OTHERS_MAX = 20
_USED = ("tokens", "cost_microusd", "turns", "model_calls")
_VISITOR_DAY = attrgetter(*(f"visitor_day_{used}" for used in _USED))
_INBOX_DAY = attrgetter(*(f"inbox_day_{used}" for used in _USED))
_NO_LIMIT = (None,) * len(_USED)


IsHere = Callable[[str, str], bool]
"""Whether an agent is following a session of an inbox now: (inbox, agent)."""


class FactFinder:
    """Looks up what a command needs, and nothing more."""

    def __init__(self, store: Store, files: Files | None = None) -> None:
        self._store = store
        self._parts = PartFinder(store, files)
        self.is_here: IsHere = lambda _inbox, _agent: False

    @staticmethod
    def are_needed(policy: Policy, pending: Pending) -> bool:
        """Whether anything must be looked up; for most messages nothing is."""
        command = pending.command
        if pending.is_doubted or not isinstance(command, c.PostMessage) or command.parts:
            return True
        return _VISITOR_DAY(policy.limits) != _NO_LIMIT or _INBOX_DAY(policy.limits) != _NO_LIMIT

    async def look_up(self, session: Session, policy: Policy, pending: Pending, now: datetime) -> Facts:
        """The facts for one command."""
        facts = NO_FACTS
        if pending.is_doubted:
            receipt = await self._store.receipt(session.id, pending.author, pending.client_id or "")
            facts = replace(facts, receipt=receipt)
        if isinstance(pending.command, c.PostMessage | c.ResumeSession | c.AnswerTurn) and pending.command.parts:
            facts = await self._parts.look_up(facts, session, pending.command.parts)
        match pending.command:
            case c.PostMessage() | c.OpenTurn() | c.RetryTurn():
                return await self.with_usage(facts, session.inbox, session.visitor, policy, now)
            case c.ResumeSession():
                last = session.last_agent
                is_here = last is not None and self.is_here(session.inbox, last)
                facts = replace(facts, other_open=await self._other_open(session), agent_present=is_here)
                return await self.with_usage(facts, session.inbox, session.visitor, policy, now)
            case c.StartThread(thread=str() as thread, continued_from=str() as earlier):
                state = await self._earlier(session, earlier)
                return replace(facts, carried=state.carried, continued=state.threads.get(thread)) if state else facts
            case _:
                return facts

    async def with_usage(self, facts: Facts, inbox: str, visitor: str, policy: Policy, now: datetime) -> Facts:
        """Add what was used today, where the policy limits it."""
        by_visitor, by_inbox = _VISITOR_DAY(policy.limits) != _NO_LIMIT, _INBOX_DAY(policy.limits) != _NO_LIMIT
        if not by_visitor and not by_inbox:
            return facts
        day = now.astimezone(UTC).date().isoformat()
        if by_visitor:
            facts = replace(facts, visitor_today=await self._store.usage_today(inbox, visitor, day))
        if by_inbox:
            facts = replace(facts, inbox_today=await self._store.usage_today(inbox, None, day))
        return facts

    async def _other_open(self, session: Session) -> str | None:
        rows = await self._store.sessions_of(session.inbox, session.visitor, OTHERS_MAX)
        return next((row.id for row in rows if row.phase == "open" and row.id != session.id), None)

    async def _earlier(self, session: Session, earlier: str) -> Session | None:
        """An earlier session of the same visitor; nobody else's."""
        loaded = await self._store.load(earlier)
        state = await folded(loaded.tail, loaded.snapshot) if loaded else None
        mine = state is not None and (state.inbox, state.visitor) == (session.inbox, session.visitor)
        return state if mine else None
