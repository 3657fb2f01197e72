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

FORM = "form"
"""The author under which the answer to a form is kept, so that the store itself sees to it that there is one."""
DIGITS_MAX = 15


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
                case {"kind": "form_answer", "form": str() as message}:
                    facts = await self._with_form(facts, session, message)
                case {"kind": "file", "file": str() as name}:
                    files |= await self._file(session, name)
                case _:
                    pass
        return replace(facts, files=files) if files else facts

    async def _with_form(self, facts: Facts, session: Session, message: str) -> Facts:
        form = await self._form(session, message)
        if form is None:
            return facts
        answer = await self._store.receipt(session.id, FORM, message)
        return replace(facts, form=form, is_form_answered=answer is not None)

    async def _form(self, session: Session, message: str) -> Form | None:
        """The form in a message of this session: the id of a message says where it is."""
        number = message.removeprefix(f"msg_{session.id.removeprefix('ses_')}_")
        if not (number.isascii() and number.isdigit() and len(number) <= DIGITS_MAX):
            return None
        frames = await self._store.frames(session.id, int(number) - 1, 1)
        if not frames or e.header(frames[0]).type != "message_posted":
            return None
        posted = e.decode(frames[0])
        if not isinstance(posted, e.MessagePosted) or posted.message_id != message or posted.author.kind == "visitor":
            return None
        return next((msgspec.convert(part, Form) for part in posted.parts if part.get("kind") == FORM), None)

    async def _file(self, session: Session, name: str) -> dict[str, FilePart]:
        known = None if self._files is None else await self._files.find(name)
        if known is None or known.session != session.id:
            return {}
        return {name: FilePart(file=known.id, name=known.name, type=known.type, bytes=known.bytes)}


def answered_form(parts: Sequence[Mapping[str, Any]]) -> str | None:
    """The message whose form these parts answer."""
    for part in parts:
        match part:
            case {"kind": "form_answer", "form": str() as message}:
                return message
            case _:
                continue
    return None


def form_receipts(events: Sequence[e.Event]) -> list[NewReceipt]:
    """The receipts of the forms that were answered."""
    posted = [event for event in events if isinstance(event, e.MessagePosted) and event.parts]
    answered = [(event, answered_form(event.parts)) for event in posted]
    return [
        NewReceipt(FORM, form, Receipt(seq=event.seq, digest=b"", message_id=event.message_id))
        for event, form in answered
        if form is not None
    ]
