"""A server in the test's own process: a real port, a store in memory, a clock that is moved by hand."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import httpx

from chatsession.assemble import make_service, store_at
from chatsession.bots.function import as_bot
from chatsession.clock import Clock
from chatsession.clocks.manual import ManualClock
from chatsession.core.policy import Policy
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.service import Service
from chatsession.server.options import ServerOptions
from chatsession.server.serving import running


class ChatServer:
    """Serves for as long as its block lasts: `async with ChatServer(bot=bot) as server: … server.url`.

    `inboxes` names several inboxes with all their settings; otherwise there is one, `inbox`, with the policy and the
    bot that are given.
    """

    def __init__(  # noqa: PLR0913  what can be chosen, each with its default
        self,
        *,
        bot: Any = None,
        policy: Policy | None = None,
        inbox: str = "chat",
        inboxes: Sequence[Inbox] | None = None,
        bots: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
        options: ServerOptions | None = None,
    ) -> None:
        chosen = {} if bot is None else {inbox: bot}
        self.inbox = inbox
        self.clock = clock or ManualClock()
        self.url = ""
        self.service: Service = make_service(
            store=store_at(None),
            bots={name: as_bot(each) for name, each in (bots or chosen).items()},
            inboxes={each.name: each for each in inboxes or [Inbox(name=inbox, policy=policy or Policy())]},
            clock=self.clock,
        )
        self._options = options or ServerOptions()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self.service.store.open()
        self._stack.push_async_callback(self.service.store.close)
        self.url = await self._stack.enter_async_context(running(self.service, self._options))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def visitor(self, inbox: str | None = None) -> httpx.AsyncClient:
        """An HTTP client in the hands of a new visitor; close it, or leave that to the end of the server's block."""
        grant = await self.service.identity.new_visitor(inbox or self.inbox)
        return await self._client(grant.token)

    async def key(self, role: str = "admin", name: str = "tests") -> httpx.AsyncClient:
        """An HTTP client with an API key: `admin`, `agent` or `bot`."""
        return await self._client(await self.service.identity.new_key(name, role, name))

    async def _client(self, secret: str) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=self.url, headers={"Authorization": f"Bearer {secret}"}, trust_env=False)
        return await self._stack.enter_async_context(client)
