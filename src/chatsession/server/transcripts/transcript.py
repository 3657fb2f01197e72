"""One session's transcript for one reader: as much of it as they may see, page by page."""

from collections.abc import AsyncIterator, Callable
from typing import Literal

from chatsession.core.session import Session
from chatsession.runtime.principal import Principal
from chatsession.runtime.service import Service
from chatsession.server.transcripts.entries import BOT, VISITOR, Names, entry_of
from chatsession.server.transcripts.writing import JsonWriting, MarkdownWriting, TextWriting, Writing

TranscriptFormat = Literal["text", "markdown", "json"]
FORMATS: dict[TranscriptFormat, Callable[[], Writing]] = {
    "text": TextWriting,
    "markdown": MarkdownWriting,
    "json": JsonWriting,
}
PAGE = 500
ID_CHARS = 8


class Transcript:
    """Writes a session down for a reader."""

    def __init__(self, service: Service, principal: Principal, session: Session, kind: TranscriptFormat) -> None:
        self._service = service
        self._principal = principal
        self._session = session
        self._writing = FORMATS[kind]()
        self.media_type = self._writing.media_type

    @property
    def file_name(self) -> str:
        """A name that says when the chat was, and of which chat it is, in plain letters."""
        day = self._session.opened_at.date().isoformat()
        return f"chat-{day}-{self._session.id[-ID_CHARS:]}.{self._writing.ending}"

    async def pieces(self) -> AsyncIterator[str]:
        """The transcript from its head to its foot."""
        inbox = self._service.inboxes.get(self._session.inbox)
        title = (inbox.title if inbox else "") or self._session.inbox
        names = Names(
            visitor="You" if self._principal.kind == "visitor" else VISITOR,
            bot=(inbox.widget.bot_name if inbox else None) or BOT,
        )
        yield self._writing.head(title, self._session.opened_at)
        after: int | None = 0
        while after is not None and after < self._session.seq:
            page = await self._service.reading.events(self._principal, self._session.id, after, PAGE)
            entries = (entry_of(frame, names) for frame in page.frames)
            yield "".join(self._writing.entry(entry) for entry in entries if entry is not None)
            after = page.next
        yield self._writing.foot()
