"""What the parts of a message name, looked up for the rules: the form it answers, the files of the session."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from chatsession.core import events as e
from chatsession.core.limits import PARTS_MAX
from chatsession.core.parts import FilePart, Form
from chatsession.core.session import Facts, Receipt, Session
from chatsession.files import Files
from chatsession.store import NewReceipt, Store

FORM, FORM_ANSWER = "form", "form_answer"
"""The author under which the answer to a form is kept, so that the store itself sees to it that there is one."""
DIGITS_MAX = 15
FRAMES_SEARCHED_MAX = 400
Asked = tuple[str, Form]
"""The id of a message, and the form in it."""


class PartFinder:
    """Looks up forms in the session's own list, and files where they are kept."""

    def __init__(self, store: Store, files: Files | None) -> None:
        self._store = store
        self._files = files

    async def look_up(self, facts: Facts, session: Session, parts: Sequence[Mapping[str, Any]]) -> Facts:
        """The facts with what these parts name in this session."""
        files: dict[str, FilePart] = {}
        for part in parts[:PARTS_MAX]:
            match part:
                case {"kind": "form_answer", "form": str() as name}:
                    facts = await self._with_form(facts, session, name)
                case {"kind": "file", "file": str() as name}:
                    files |= await self._file(session, name)
                case _:
                    pass
        return replace(facts, files=files) if files else facts

    async def _with_form(self, facts: Facts, session: Session, name: str) -> Facts:
        found = await self._in_message(session, name) or await self._newest(session, name)
        if found is None:
            return facts
        message, form = found
        answer = await self._store.receipt(session.id, FORM, message)
        return replace(facts, form=form, form_message=message, is_form_answered=answer is not None)

    async def _in_message(self, session: Session, name: str) -> Asked | None:
        """The form in a message of this session: the id of a message says where it is."""
        number = name.removeprefix(f"msg_{session.id.removeprefix('ses_')}_")
        if not (number.isascii() and number.isdigit() and len(number) <= DIGITS_MAX) or number == name:
            return None
        frames = await self._store.frames(session.id, int(number) - 1, 1)
        return next((asked for frame in frames if (asked := _asked(frame)) and asked[0] == name), None)

    async def _newest(self, session: Session, name: str) -> Asked | None:
        """The newest form of this name, as far back as anybody would scroll."""
        frames = await self._store.frames_before(session.id, session.seq + 1, FRAMES_SEARCHED_MAX)
        return next((asked for frame in reversed(frames) if (asked := _asked(frame)) and asked[1].id == name), None)

    async def _file(self, session: Session, name: str) -> dict[str, FilePart]:
        known = None if self._files is None else await self._files.find(name)
        if known is None or known.session != session.id:
            return {}
        return {name: FilePart(file=known.id, name=known.name, type=known.type, bytes=known.bytes)}


def form_receipts(events: Sequence[e.Event]) -> list[NewReceipt]:
    """The receipts of the forms that were answered."""
    posted = [event for event in events if isinstance(event, e.MessagePosted) and event.parts]
    if not posted:
        return []
    answered = [(event, part["message"]) for event in posted for part in event.parts if part.get("kind") == FORM_ANSWER]
    return [
        NewReceipt(FORM, form, Receipt(seq=event.seq, digest=b"", message_id=event.message_id))
        for event, form in answered
    ]


def _asked(frame: bytes) -> Asked | None:
    """The form that the service asks for in a message."""
    if e.header(frame).type != "message_posted":
        return None
    posted = e.decode(frame)
    if not isinstance(posted, e.MessagePosted) or posted.author.kind == "visitor":
        return None
    forms = (msgspec.convert(part, Form) for part in posted.parts if part.get("kind") == FORM)
    return next(((posted.message_id, form) for form in forms), None)
