"""Appends: checked against what is there before the first write, then written by a handful of statements."""

from collections import Counter, OrderedDict
from datetime import datetime

import msgspec

from chatsession.core import events as e
from chatsession.core.draft import derived_id
from chatsession.core.session import FOLD_VERSION, Receipt
from chatsession.sqlite import Database
from chatsession.store import AlreadyOpenError, Append, ConflictError, DuplicateError
from chatsession.stores.claims import claims, rivals
from chatsession.stores.rows import topic_of
from chatsession.stores.sqlite.gathering import Gathered
from chatsession.stores.sqlite.instants import micros_or_none, to_micros

KNOWN_MAX = 50_000

encode_state = msgspec.msgpack.Encoder().encode
encode_trace = msgspec.json.Encoder().encode

Summary = tuple[object, ...]
"""A session's row without its number, its id, its opening and its wake-up, in the order of `COLUMNS`."""
COLUMNS = (
    "inbox", "visitor", "phase", "exclusive", "period", "floor", "closed_at", "close_reason", "resumable_until",
    "outcome", "topic",
)  # fmt: skip


class Known:
    """What the writer knows of a session without asking: its number, its head, its wake-up and its row."""

    __slots__ = ("head", "sno", "summary", "wake_at")

    def __init__(self, sno: int, head: int, wake_at: int | None, summary: Summary) -> None:
        self.sno = sno
        self.head = head
        self.wake_at = wake_at
        self.summary = summary

    @property
    def claim(self) -> Summary:
        """Inbox, visitor, phase, and whether it is to be their only open session."""
        return self.summary[:4]


class Appender:
    """Checks appends and gathers what they write. It lives in the only thread that writes: what it knows is true."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._gathered = Gathered()

    def forget(self, session: str | None = None) -> None:
        """Forget what a rolled back transaction, an erasure or somebody else may have changed."""
        if session is None:
            self._known.clear()
            self._gathered.forget()
        else:
            self._known.pop(session, None)

    def settle(self, database: Database) -> None:
        """Write what was gathered: at the end of a batch, and before anything that reads the lists."""
        self._gathered.write(database)

    def append(self, database: Database, appends: tuple[Append, ...], *, sure: bool) -> None:
        """Take all, or raise before the first write.

        Unless it must be `sure`, a client id used before shows only when the batch is settled, as a broken constraint:
        the door has looked already, so it hardly ever happens, and the batch is then written again, surely.
        """
        steps = [(one, self._find(database, one), summary_of(one)) for one in appends]
        for one, known, summary in steps:
            self._check(database, one, known, summary, appends)
            if sure and known is not None:
                self._check_receipts(database, one, known)
        if len(steps) > 1:
            _check_distinct(appends)
            # Rows of sessions that give a claim up come first: another one may take it in the same transaction.
            steps.sort(key=lambda step: claims(step[0]))
        knowns = {one.session.id: self._write_row(database, one, known, summary) for one, known, summary in steps}
        for one in appends:
            known = knowns[one.session.id]
            known.head = one.expected_seq + len(one.frames)
            self._gathered.add(one, known.sno, known.head)
            self._write_beside(database, one, known.sno)

    def _find(self, database: Database, one: Append) -> Known | None:
        key = one.session.id
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        row = database.execute(_FIND, (key,)).fetchall()
        if not row:
            return None
        sno, wake_at, head, *summary = row[0]
        return self._remember(key, Known(sno, head, wake_at, tuple(summary)))

    def _remember(self, key: str, known: Known) -> Known:
        self._known[key] = known
        if len(self._known) > KNOWN_MAX:
            self._known.popitem(last=False)
        return known

    def _check(
        self, database: Database, one: Append, known: Known | None, summary: Summary, together: tuple[Append, ...]
    ) -> None:
        session = one.session
        if (known.head if known else 0) != one.expected_seq:
            raise ConflictError(session.id)
        if claims(one) and (known is None or known.claim != summary[:4]):
            holders = database.execute(_HOLDERS, (session.inbox, session.visitor)).fetchall()
            others = rivals(one, together, {row[0] for row in holders})
            if others:
                raise AlreadyOpenError(min(others))

    def _check_receipts(self, database: Database, one: Append, known: Known) -> None:
        for new in one.receipts:
            row = database.execute(_RECEIPT, (known.sno, new.author, new.client_id)).fetchall()
            if row:
                raise DuplicateError(one.session.id, new.author, new.client_id, receipt_of(one.session.id, *row[0]))

    def _write_row(self, database: Database, one: Append, known: Known | None, summary: Summary) -> Known:
        wake_at = micros_or_none(one.wake_at)
        if known is None:
            database.execute(_INSERT, (one.session.id, to_micros(one.session.opened_at), wake_at, *summary))
            return self._remember(one.session.id, Known(database.last_insert_rowid(), 0, wake_at, summary))
        self._update(database, known, summary, wake_at)
        return known

    def _write_beside(self, database: Database, one: Append, sno: int) -> None:
        for trace in one.traces:
            values = (sno, trace.turn, trace.attempt, encode_trace(trace))
            database.execute("insert or replace into traces values (?, ?, ?, ?)", values)
        if one.snapshot:
            values = (sno, FOLD_VERSION, encode_state(one.session))
            database.execute("insert or replace into snapshots values (?, ?, ?)", values)
        for event in one.events:
            if isinstance(event, e.ThreadStarted):
                database.execute("insert or ignore into threads values (?, ?)", (event.thread, sno))

    def _update(self, database: Database, known: Known, summary: Summary, wake_at: int | None) -> None:
        if summary != known.summary:
            database.execute(_UPDATE, (*summary, known.sno))
            known.summary = summary
        if wake_at is not None and (known.wake_at is None or wake_at < known.wake_at):
            database.execute("update sessions set wake_at = ? where sno = ?", (wake_at, known.sno))
            known.wake_at = wake_at

    def refile(self, database: Database, session: str, wake_at: datetime | None, seen: int | None) -> None:
        """Move the wake-up to where the clocks really are, unless the session has moved on since."""
        self.settle(database)
        micros = micros_or_none(wake_at)
        known = self._known.get(session)
        if known is not None:
            if seen not in (None, known.head):
                return
            known.wake_at = micros
        database.execute(_REFILE, (micros, session, seen, seen))


def _check_distinct(appends: tuple[Append, ...]) -> None:
    """One call has one append for each session: the second of two would not follow what the first one found."""
    session, times = Counter(one.session.id for one in appends).most_common(1)[0]
    if times > 1:
        raise ConflictError(session)


_LIST = ", ".join(COLUMNS)
_FIND = (
    "select sno, wake_at, (select max(last_seq) from appends where appends.sno = sessions.sno),"  # noqa: S608  our own columns
    f" {_LIST} from sessions where id = ?"
)
_INSERT = (
    f"insert into sessions (id, opened_at, wake_at, {_LIST})"  # noqa: S608  our own columns
    f" values ({', '.join('?' * (len(COLUMNS) + 3))})"
)
_UPDATE = f"update sessions set ({_LIST}) = ({', '.join('?' * len(COLUMNS))}) where sno = ?"  # noqa: S608  our own columns
_HOLDERS = "select id from sessions where inbox = ? and visitor = ? and phase = 'open' and exclusive = 1"
_RECEIPT = "select seq, digest from receipts where sno = ? and author = ? and client_id = ?"
_REFILE = (
    "update sessions set wake_at = ? where id = ?"
    " and (? is null or ? = (select max(last_seq) from appends where appends.sno = sessions.sno))"
)


def receipt_of(session: str, seq: int, digest: bytes) -> Receipt:
    """The receipt as the rules want it; a message's id follows from its place."""
    return Receipt(seq=seq, digest=digest, message_id=derived_id("msg", session, seq))


def summary_of(one: Append) -> Summary:
    """The session's row after the append."""
    session = one.session
    return (
        session.inbox,
        session.visitor,
        session.phase,
        int(one.exclusive),
        session.period,
        session.floor,
        micros_or_none(session.closed_at),
        session.close_reason,
        micros_or_none(session.resumable_until),
        session.outcome,
        topic_of(session),
    )
