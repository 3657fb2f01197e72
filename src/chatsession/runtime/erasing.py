"""Erasure through the door: turns stopped, streams ended, everything at hand forgotten, then the store's own work."""

import logging

from chatsession.clock import Clock
from chatsession.core.refusals import forbidden
from chatsession.files import Files, FilesError
from chatsession.runtime.following import Following
from chatsession.runtime.lanes import Lanes
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError, not_found, unavailable
from chatsession.runtime.turns import Turns
from chatsession.store import ErasureReceipt, Store, StoreError
from chatsession.tracing import LOG_FILES_LEFT

SESSIONS_MAX = 100_000
log = logging.getLogger("chatsession")


class Erasing:
    """Leaves nothing of a visitor or a session; a receipt remains that names nobody."""

    def __init__(  # noqa: PLR0913  everything that knows something
        self,
        *,
        store: Store,
        clock: Clock,
        lanes: Lanes,
        turns: Turns,
        following: Following,
        files: Files | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._lanes = lanes
        self._turns = turns
        self._following = following
        self._files = files

    async def finish(self) -> None:
        """Remove files of sessions that are gone: the process may have ended between the one and the other."""
        if self._files is None:
            return
        async for session in self._files.sessions():
            if await self._store.row(session) is None:
                await self._files.erase(session)

    async def erase_visitor(self, principal: Principal, visitor: str) -> ErasureReceipt:
        """Erase a visitor, at the word of an admin key; a visitor nobody knows is not found."""
        if principal.kind != "key":
            raise RefusedError(forbidden("Only an admin key erases visitors."))
        known = await self._store.visitor(visitor)
        if known is None or not principal.may_see(known.inbox):
            raise not_found()
        try:
            await self._store.revoke_tokens(visitor)
            rows = await self._store.sessions_of(known.inbox, visitor, SESSIONS_MAX)
            for row in rows:
                self._let_go(row.id)
            receipt = await self._store.erase(visitor, self._clock.now())
        except StoreError as error:
            raise unavailable(error) from error
        self._following.end_visitor(visitor, "erased")
        for row in rows:
            self._let_go(row.id)
            await self._erase_files(row.id)
        return receipt

    async def erase_session(self, session: str) -> ErasureReceipt:
        """Erase one session whose retention is over."""
        self._let_go(session)
        receipt = await self._store.erase_session(session, self._clock.now())
        self._let_go(session)
        await self._erase_files(session)
        return receipt

    async def _erase_files(self, session: str) -> None:
        """The session is gone already, and nobody can reach its files; what is left now goes at the next start."""
        if self._files is None:
            return
        try:
            await self._files.erase(session)
        except FilesError:
            log.exception(LOG_FILES_LEFT, extra={"session": session})

    def _let_go(self, session: str) -> None:
        """A command decided on the old state conflicts in the store, so nothing can come back."""
        self._turns.stop_session(session)
        self._lanes.forget(session)
        self._following.end_session(session, "erased")
