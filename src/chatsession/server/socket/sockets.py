"""Every socket of this process: so many at most, each looked after until it is gone."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from chatsession.runtime.background import Background
from chatsession.runtime.principal import Principal
from chatsession.runtime.service import Service
from chatsession.server.options import ServerOptions
from chatsession.server.socket.admission import Admitted
from chatsession.server.socket.closing import Close, reason_of
from chatsession.server.socket.connection import Connection, Place
from chatsession.server.socket.conversation import Conversation

LOOK_EVERY_SECONDS = 0.5
LOOKED_AT_ONCE = 500
"""Between so many sockets, others may run."""
MILLISECONDS = 1_000


class Sockets:
    """Counts sockets, gives them their beat, and ends those that overstay."""

    def __init__(self, service: Service, options: ServerOptions) -> None:
        self.service = service
        self.options = options
        self.now = time.monotonic
        """Seconds by which the network is measured: those of the machine, whatever the service's clock is told."""
        self._background = Background()
        self._conversations: set[Conversation] = set()
        self._visitors: Counter[str] = Counter()
        self._watch: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._conversations)

    def start(self, work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
        """Run beside the sockets."""
        return self._background.start(work, name)

    def policy_hash(self, inbox: str) -> str:
        """The hash of the inbox's current policy."""
        return self.service.policies.current(inbox)[0]

    def meet(self, connection: Connection, place: Place) -> Conversation:
        """Begin the conversation of a new connection."""
        return Conversation(self, connection, place)

    def add(self, conversation: Conversation) -> None:
        """Look after one more socket; one too many is sent away at once."""
        is_full = len(self._conversations) >= self.options.connections_max
        self._conversations.add(conversation)
        if self._watch is None or self._watch.done():
            self._watch = self.start(self._look_after(), "sockets")
        if is_full:
            conversation.end(Close.FULL)

    def enter(self, principal: Principal) -> bool:
        """Count a visitor's socket; False if it is one too many."""
        if principal.kind != "visitor":
            return True
        who = principal.id or ""
        if self._visitors[who] >= self.options.connections_per_visitor_max:
            return False
        self._visitors[who] += 1
        return True

    def remove(self, conversation: Conversation, admitted: Admitted | None) -> None:
        """Forget a socket that is gone."""
        self._conversations.discard(conversation)
        if admitted is not None and admitted.principal.kind == "visitor":
            who = admitted.principal.id or ""
            self._visitors[who] -= 1
            if self._visitors[who] <= 0:
                del self._visitors[who]

    def reason_of(self, close: Close) -> str:
        """The reason of a close frame; those who are sent away together come back spread over a while."""
        spread = random.uniform(0, self.options.reconnect_spread_ms)  # noqa: S311  to spread, not to hide
        return reason_of(close, (self.options.reconnect_ms + spread) / MILLISECONDS)

    async def _look_after(self) -> None:
        """Until no socket is left."""
        while self._conversations:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            for number, conversation in enumerate(tuple(self._conversations), start=1):
                if conversation.look_after(self.now()):
                    self.start(conversation.beat(), "beat")
                if number % LOOKED_AT_ONCE == 0:
                    await asyncio.sleep(0)
