"""One process's view of the store that all share: it can be away, refuse writes, be slow, and end its process."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

from chatsession.simulation.checks.clocks import Serving
from chatsession.simulation.checks.witness import Witness
from chatsession.simulation.coverage import Coverage
from chatsession.store import Append, ConflictError, ErasureReceipt, Store, StoreUnavailableError

WRITES = frozenset(
    [
        "put_trace",
        "refile",
        "heartbeat",
        "erase",
        "put_policy",
        "add_visitor",
        "add_token",
        "revoke_tokens",
        "use_once",
        "put_key",
        "put_ticket",
        "take_ticket",
        "redact",
        "setting",
    ]
)
DOOR = "chatsession.runtime.door"
"""The one module that appends."""


class StoreView:
    """Passes everything on to the store, as far as this process and the store's mood allow."""

    def __init__(self, store: Store, witness: Witness, coverage: Coverage, serving: Serving) -> None:
        self._store = store
        self._witness = witness
        self._coverage = coverage
        self._serving = serving
        self.is_dead = False
        self.is_away = False
        self.is_read_only = False
        self.delay: Callable[[], float] = lambda: 0.0
        """How many seconds the next append takes."""
        self.die: Callable[[], None] = lambda: None
        self.dies: str | None = None
        """`before` or `after` the next append is committed, the process ends."""

    def __getattr__(self, name: str) -> Any:
        """Every other function of the store's contract, guarded."""
        function = cast("Callable[..., Awaitable[Any]]", getattr(self._store, name))
        writes = name in WRITES

        async def guarded(*arguments: Any, **named: Any) -> Any:
            self._gate(writes=writes)
            return await function(*arguments, **named)

        setattr(self, name, guarded)
        return guarded

    def append(self, *appends: Append) -> Coroutine[Any, Any, None]:
        """I2: note who appends; then append."""
        frame = inspect.currentframe()
        caller = frame.f_back.f_globals["__name__"] if frame and frame.f_back else "nobody"
        if caller != DOOR:
            self._witness.complain("I2", f"{caller} appends, and only the door may")
        return self._append(appends)

    async def erase_session(self, session: str, *arguments: Any) -> ErasureReceipt:
        """Erase, and let the witness know."""
        self._gate(writes=True)
        receipt = await self._store.erase_session(session, *arguments)
        self._witness.erased(session, self._serving, known=receipt.sessions > 0)
        return receipt

    async def _append(self, appends: tuple[Append, ...]) -> None:
        self._gate(writes=True)
        if delay := self.delay():
            await asyncio.sleep(delay)
            self._gate(writes=True)
        self._dies("before")
        try:
            await self._store.append(*appends)
        except ConflictError:
            self._coverage.fault("store_conflict")
            raise
        self._witness.committed(appends, self._serving)
        for append in appends:
            loaded = await self._store.load(append.session.id) if self._witness.wants_fold(append) else None
            if loaded is not None:
                self._witness.folded(append, loaded)
        self._dies("after")

    def _gate(self, *, writes: bool) -> None:
        if self.is_dead:
            # Of a process that has ended nothing goes on; its tasks find it out whenever they come here.
            raise asyncio.CancelledError("the process has ended")
        if self.is_away or (writes and self.is_read_only):
            raise StoreUnavailableError("the store is away")

    def _dies(self, when: str) -> None:
        if self.dies == when:
            self.dies = None
            self._coverage.fault(f"died_{when}_commit")
            self.die()
            self._gate(writes=True)
