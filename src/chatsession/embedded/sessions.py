"""The whole service inside a program: `async with ChatSessions("chats.db", bot=bot) as chats`."""

import secrets
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from chatsession.assemble import clock_for, make_service, store_at
from chatsession.bots.function import as_bot
from chatsession.clock import Clock
from chatsession.core.policy import Policy
from chatsession.core.words import Outcome, Phase
from chatsession.embedded.session import PROGRAM, ChatSession
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.ids import RandomBytes, new_id
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.opening import MessageIn, OpenRequest
from chatsession.runtime.principal import Principal
from chatsession.runtime.service import Service
from chatsession.runtime.views import SessionView
from chatsession.store import ErasureReceipt, SessionQuery, Visitor


class ChatSessions:
    """Sessions of one inbox, kept in one file (or in memory, without a path).

    `bot` is an `async def` that takes the turn and returns its answer, an async generator that streams it, any maker of
    the bot contract, or None where the program answers itself with `ChatSession.reply`. Everything that a method
    returns is durable. Opening the file raises LockedError while another process writes it.
    """

    def __init__(  # noqa: PLR0913  what can be chosen, each with its default
        self,
        path: Path | str | None = None,
        *,
        bot: Any = None,
        policy: Policy | None = None,
        inbox: str = "chat",
        clock: Clock | None = None,
        config: RuntimeConfig | None = None,
        random: RandomBytes = secrets.token_bytes,
    ) -> None:
        self._path = path
        self._bot = None if bot is None else as_bot(bot)
        self._inbox = Inbox(name=inbox, policy=policy or Policy())
        self._clock = clock
        self._config = config
        self._random = random
        self._service: Service | None = None

    async def __aenter__(self) -> Self:
        store = store_at(self._path)
        await store.open()
        try:
            clock = self._clock or await clock_for(store)
            self._service = make_service(
                store=store,
                bots={} if self._bot is None else {self._inbox.name: self._bot},
                inboxes={self._inbox.name: self._inbox},
                clock=clock,
                config=self._config,
                random=self._random,
            )
            await self._service.start()
        except BaseException:
            await store.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._service is not None:
            service, self._service = self._service, None
            try:
                await service.drain()
            finally:
                await service.store.close()

    @property
    def service(self) -> Service:
        """The running service, for what this class has no word for."""
        if self._service is None:
            raise RuntimeError("use `async with ChatSessions(…) as chats:`; the service runs inside the block")
        return self._service

    async def open(
        self,
        *,
        visitor: str,
        text: str | None = None,
        client_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        on_return: Literal["resume", "new"] | None = None,
    ) -> ChatSession:
        """Bring a visitor in, under your own name for them.

        Their open session goes on, a closed one is resumed, or a new one begins.
        """
        principal = await self._principal_of(visitor)
        message = None if text is None else MessageIn(text=text, client_id=client_id)
        request = OpenRequest(client_id=client_id, message=message, metadata=metadata or {}, on_return=on_return)
        opened = await self.service.opening.open(principal, self._inbox.name, request)
        said = opened.message.seq if opened.message else opened.session.seq
        return ChatSession(self.service, principal, opened.session.id, said_seq=said)

    async def session(self, session: str) -> ChatSession:
        """A session by its id, in the hands of its visitor."""
        lane = await self.service.door.state(PROGRAM, session)
        state = lane.session
        principal = Principal(kind="visitor", id=state.visitor, inbox=state.inbox, verified=True)
        return ChatSession(self.service, principal, session, said_seq=state.seq)

    async def find(
        self,
        *,
        phase: Phase | None = None,
        outcome: Outcome | None = None,
        topic: str | None = None,
        q: str | None = None,
        limit: int = 50,
    ) -> list[SessionView]:
        """Sessions, newest first; `q` is searched in what was said."""
        query = SessionQuery(inbox=self._inbox.name, phase=phase, outcome=outcome, topic=topic, q=q, limit=limit)
        return (await self.service.reading.find(PROGRAM, query)).sessions

    async def erase(self, *, visitor: str) -> ErasureReceipt | None:
        """Leave nothing of a visitor; a receipt that names nobody, or None where the visitor is not known."""
        known = await self.service.store.visitor_of_subject(self._inbox.name, visitor)
        return None if known is None else await self.service.erasing.erase_visitor(PROGRAM, known.id)

    async def _principal_of(self, subject: str) -> Principal:
        """The visitor of that name: the program vouches for them, so they count as verified."""
        store, clock = self.service.store, self.service.clock
        known = await store.visitor_of_subject(self._inbox.name, subject)
        if known is None:
            now = clock.now()
            visitor = new_id("vis", now, self._random)
            known = Visitor(id=visitor, inbox=self._inbox.name, created_at=now, subject=subject)
            # A token nobody knows: inside the program nobody signs in.
            await store.add_visitor(known, self._random(32), now)
        return Principal(kind="visitor", id=known.id, name=known.name, inbox=known.inbox, verified=True)
