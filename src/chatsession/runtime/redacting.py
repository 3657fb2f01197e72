"""Redaction: what was said goes, its place in the order stays."""

from chatsession.core import events as e
from chatsession.core.refusals import forbidden, wrong_state
from chatsession.runtime.door import Door
from chatsession.runtime.files import FileExchange
from chatsession.runtime.following import Following
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError, not_found, stored
from chatsession.runtime.turns import Turns
from chatsession.store import Store

ONLY_ADMINS = forbidden("Only an admin key redacts.")
ANSWERING = wrong_state("The bot is answering, and its trace will hold what it was shown; redact when it has ended.")


class Redacting:
    """Removes the words of messages and notes, and everything that was derived from them."""

    def __init__(self, *, store: Store, door: Door, turns: Turns, following: Following, files: FileExchange) -> None:
        self._store = store
        self._files = files
        self._door = door
        self._turns = turns
        self._following = following

    async def redact(self, principal: Principal, session: str, seq: int) -> None:
        """Leave a tombstone of a message or note, at the word of an admin key; redacting again changes nothing.

        Who follows the session is told to read it anew. Files that came with the message go before it.
        """
        if principal.kind != "key":
            raise RefusedError(ONLY_ADMINS)
        lane = await self._door.state(principal, session)
        async with lane.lock:
            if lane.session.turn is not None:
                raise RefusedError(ANSWERING)
            await self._remove_files(session, seq)
            if not await stored(self._store.redact(session, seq)):
                raise not_found()
            self._turns.forget(session)
        self._following.end_session(session, "resync")

    async def _remove_files(self, session: str, seq: int) -> None:
        for frame in await stored(self._store.frames(session, seq - 1, 1)):
            for file in _files_in(frame):
                await self._files.remove(session, file)


def _files_in(frame: bytes) -> list[str]:
    """The files that came with a message."""
    event = e.decode(frame) if e.header(frame).type == "message_posted" else None
    parts = event.parts if isinstance(event, e.MessagePosted) else []
    return [part["file"] for part in parts if part.get("kind") == "file"]
