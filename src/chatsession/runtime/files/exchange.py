"""A file comes in: for a session that is open, of a kind and size the inbox takes, under a name that is only a name."""

from collections.abc import AsyncIterator, Mapping

from chatsession.clock import Clock
from chatsession.core.refusals import Refusal, forbidden, session_archived, session_closed, too_large
from chatsession.core.session import Session
from chatsession.files import Files, FilesError, Incoming, StoredFile, TooManyFilesError
from chatsession.runtime.door import Door
from chatsession.runtime.files.kinds import kind_refused, unsupported
from chatsession.runtime.files.names import clean_name
from chatsession.runtime.files.stripping import stripped
from chatsession.runtime.ids import RandomBytes, new_id
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import FILES_UNAVAILABLE, RefusedError, not_found, stored
from chatsession.store import Store
from chatsession.widget import FilesAllowed

OFF = forbidden("Files are off in this inbox; they are switched on by [inboxes.NAME.widget.files].")
TOO_MANY = Refusal("too_large", 413, "This session has as many files as it may have.")
EMPTY = Refusal("invalid_request", 422, "The file is empty.", {"field": "content"})


class FileExchange:
    """Takes files in, and gives them to those who may see their session."""

    def __init__(  # noqa: PLR0913  the seams of one walk
        self,
        *,
        files: Files | None,
        store: Store,
        door: Door,
        inboxes: Mapping[str, Inbox],
        clock: Clock,
        random: RandomBytes,
    ) -> None:
        self._files = files
        self._store = store
        self._door = door
        self._inboxes = inboxes
        self._clock = clock
        self._random = random

    async def open(self) -> None:
        """Get the place for files ready, where there is one."""
        if self._files is not None:
            await self._files.open()

    def allowed(self, inbox: str) -> FilesAllowed | None:
        """What may be sent in an inbox; None where files are off, or there is no place for them."""
        place = self._inboxes.get(inbox)
        return place.widget.files if place is not None and self._files is not None else None

    async def take(
        self, principal: Principal, session: str, name: str, declared: str, content: AsyncIterator[bytes]
    ) -> StoredFile:
        """Take a file in, chunk by chunk; refuse it as soon as it is clear that it cannot be taken."""
        state = (await self._door.state(principal, session)).session
        allowed = self._allowed_now(state)
        clean = clean_name(name)
        if isinstance(clean, Refusal):
            raise RefusedError(clean)
        if declared not in allowed.types:
            raise RefusedError(unsupported(f"Files of type {declared!r} are not taken; {_listed(allowed)} are."))
        try:
            async with self._place.incoming() as incoming:
                await _receive(incoming, content, allowed.bytes_max)
                return await self._keep(principal, state, clean, declared, incoming, allowed)
        except TooManyFilesError:
            raise RefusedError(TOO_MANY) from None
        except FilesError as error:
            raise RefusedError(FILES_UNAVAILABLE) from error

    async def give(self, principal: Principal, file: str) -> tuple[StoredFile, bytes]:
        """A file with its content, for those who may see its session; for others it does not exist."""
        if self._files is None:
            raise not_found()
        try:
            known = await self._files.find(file)
            if known is None:
                raise not_found()
            await self._door.state(principal, known.session)
            return known, await self._files.read(known)
        except FilesError as error:
            raise RefusedError(FILES_UNAVAILABLE) from error

    async def remove(self, session: str, file: str) -> None:
        """Remove a file of this session, where it is still there."""
        if self._files is None:
            return
        try:
            known = await self._files.find(file)
            if known is not None and known.session == session:
                await self._files.remove(known)
        except FilesError as error:
            raise RefusedError(FILES_UNAVAILABLE) from error

    async def _keep(  # noqa: PLR0913  a file, where it is, and whose
        self,
        principal: Principal,
        session: Session,
        name: str,
        declared: str,
        incoming: Incoming,
        allowed: FilesAllowed,
    ) -> StoredFile:
        content = await incoming.content()
        if (refusal := kind_refused(name, declared, content)) is not None:
            raise RefusedError(refusal)
        bare = stripped(declared, content)
        if isinstance(bare, Refusal):
            raise RefusedError(bare)
        now = self._clock.now()
        file = StoredFile(
            id=new_id(f"fil_{session.id.removeprefix('ses_')}", now, self._random),
            session=session.id,
            name=name,
            type=declared,
            bytes=len(bare),
            by=principal.kind,
            at=now,
        )
        await incoming.keep(file, bare, files_max=allowed.per_session_max)
        if await stored(self._store.row(session.id)) is None:
            # It was erased while the file arrived: nothing may come back.
            await self._place.erase(session.id)
            raise not_found()
        return file

    def _allowed_now(self, session: Session) -> FilesAllowed:
        allowed = self.allowed(session.inbox)
        if allowed is None:
            raise RefusedError(OFF)
        match session.phase:
            case "open":
                return allowed
            case "closed":
                raise RefusedError(session_closed())
            case "archived":
                raise RefusedError(session_archived())

    @property
    def _place(self) -> Files:
        if self._files is None:
            raise RefusedError(OFF)
        return self._files


async def _receive(incoming: Incoming, content: AsyncIterator[bytes], bytes_max: int) -> None:
    """Take everything in, and stop at the limit: what is too large is not read to its end."""
    size = 0
    async for chunk in content:
        size += len(chunk)
        if size > bytes_max:
            raise RefusedError(too_large(f"A file has at most {bytes_max} bytes here."))
        await incoming.write(chunk)
    if size == 0:
        raise RefusedError(EMPTY)


def _listed(allowed: FilesAllowed) -> str:
    return ", ".join(allowed.types)
