"""Appends: checked against what is there before the first write, then written by a handful of statements."""

from collections import OrderedDict
from datetime import datetime

import msgspec

from chatsession.core import events as e
from chatsession.core.draft import derived_id
from chatsession.core.session import FOLD_VERSION, Receipt, Session
from chatsession.sqlite import Database
from chatsession.store import AlreadyOpenError, Append, ConflictError, DuplicateError
from chatsession.stores.sqlite.instants import micros_or_none, to_micros
from chatsession.stores.usage import usage_in

KNOWN_MAX = 50_000

encode_state = msgspec.msgpack.Encoder().encode
encode_trace = msgspec.json.Encoder().encode

Summary = tuple[object, ...]


class Known:
    """What the writer knows of a session without asking: its number, its head, its wake-up and its row."""

    __slots__ = ("head", "sno", "summary", "wake_at")

    def __init__(self, sno: int, head: int, wake_at: int | None, summary: Summary) -> None:
        self.sno = sno
        self.head = head
        self.wake_at = wake_at
        self.summary = summary


class Appender:
    """Writes appends. It lives in the writer's thread, the only one that writes: what it knows is true."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Known] = OrderedDict()

    def forget(self, session: str | None = None) -> None:
        """Forget what a rolled back transaction, an erasure or somebody else may have changed."""
        if session is None:
            self._known.clear()
        else:
            self._known.pop(session, None)

    def append(self, database: Database, appends: tuple[Append, ...]) -> None:
        """Write all, or raise before the first write."""
        found = [self._find(database, one) for one in appends]
        for one, known in zip(appends, found, strict=True):
            self._check(database, one, known, appends)
        # Sessions that leave `open` first: another one may open in the same transaction.
        order = sorted(range(len(appends)), key=lambda each: appends[each].session.phase == "open")
        for each in order:
            self._write(database, appends[each], found[each])

    def _find(self, database: Database, one: Append) -> Known | None:
        key = one.session.id
        known = self._known.get(key)
        if known is not None or one.expected_seq == 0:
            return known
        row = database.execute(
            "select sno, wake_at, inbox, visitor, phase, exclusive, period, floor, closed_at, close_reason,"
            " resumable_until, outcome, topic from sessions where id = ?",
            (key,),
        ).fetchall()
        if not row:
            return None
        sno, wake_at, *summary = row[0]
        head = database.execute("select max(seq) from events where sno = ?", (sno,)).fetchall()[0][0]
        return self._remember(key, Known(sno, head, wake_at, tuple(summary)))

    def _remember(self, key: str, known: Known) -> Known:
        self._known[key] = known
        if len(self._known) > KNOWN_MAX:
            self._known.popitem(last=False)
        return known

    def _check(self, database: Database, one: Append, known: Known | None, together: tuple[Append, ...]) -> None:
        session = one.session
        head = 0 if known is None else known.head
        if head != one.expected_seq:
            raise ConflictError(session.id)
        for new in one.receipts if known is not None else ():
            row = database.execute(
                "select seq, digest from receipts where sno = ? and author = ? and client_id = ?",
                (known.sno if known else 0, new.author, new.client_id),
            ).fetchall()
            if row:
                raise DuplicateError(session.id, new.author, new.client_id, receipt_of(session.id, *row[0]))
        if one.exclusive and session.phase == "open" and (known is None or known.summary[2] != "open"):
            self._check_alone(database, session, together)

    def _check_alone(self, database: Database, session: Session, together: tuple[Append, ...]) -> None:
        leaving = {one.session.id for one in together if one.session.phase != "open"} | {session.id}
        open_ids = database.execute(
            "select id from sessions where inbox = ? and visitor = ? and phase = 'open' and exclusive = 1",
            (session.inbox, session.visitor),
        ).fetchall()
        others = {row[0] for row in open_ids} - leaving
        if others:
            raise AlreadyOpenError(min(others))

    def _write(self, database: Database, one: Append, known: Known | None) -> None:
        session = one.session
        wake_at = micros_or_none(one.wake_at)
        summary = _summary(session, one)
        if known is None:
            known = self._insert(database, session, summary, wake_at)
        else:
            self._update(database, known, summary, wake_at)
        first = one.expected_seq + 1
        sno = known.sno
        database.executemany(
            "insert into events values (?, ?, ?)",
            [(sno, first + place, frame) for place, frame in enumerate(one.frames)],
        )
        known.head = one.expected_seq + len(one.frames)
        database.execute("insert into feed (sno, first_seq, last_seq) values (?, ?, ?)", (sno, first, known.head))
        for new in one.receipts:
            database.execute(
                "insert into receipts values (?, ?, ?, ?, ?)",
                (sno, new.author, new.client_id, new.receipt.seq, new.receipt.digest),
            )
        self._write_beside(database, one, sno)

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
        for day, used in usage_in(one.events):
            amounts = (used.tokens, used.cost_microusd, used.turns, used.model_calls)
            for visitor in (one.session.visitor, ""):
                database.execute(_COUNT, (one.session.inbox, visitor, day, *amounts))

    def _insert(self, database: Database, session: Session, summary: Summary, wake_at: int | None) -> Known:
        database.execute(
            "insert into sessions (id, inbox, visitor, phase, exclusive, period, floor, closed_at, close_reason,"
            " resumable_until, outcome, topic, opened_at, wake_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (session.id, *summary, to_micros(session.opened_at), wake_at),
        )
        return self._remember(session.id, Known(database.last_insert_rowid(), 0, wake_at, summary))

    def _update(self, database: Database, known: Known, summary: Summary, wake_at: int | None) -> None:
        if summary != known.summary:
            database.execute(
                "update sessions set inbox = ?, visitor = ?, phase = ?, exclusive = ?, period = ?, floor = ?,"
                " closed_at = ?, close_reason = ?, resumable_until = ?, outcome = ?, topic = ? where sno = ?",
                (*summary, known.sno),
            )
            known.summary = summary
        if wake_at is not None and (known.wake_at is None or wake_at < known.wake_at):
            database.execute("update sessions set wake_at = ? where sno = ?", (wake_at, known.sno))
            known.wake_at = wake_at

    def refile(self, database: Database, session: str, wake_at: datetime | None) -> None:
        """Move the wake-up to where the clocks really are."""
        micros = micros_or_none(wake_at)
        database.execute("update sessions set wake_at = ? where id = ?", (micros, session))
        known = self._known.get(session)
        if known is not None:
            known.wake_at = micros


_COUNT = (
    "insert into usage values (?, ?, ?, ?, ?, ?, ?) on conflict do update set"
    " tokens = tokens + excluded.tokens, cost_microusd = cost_microusd + excluded.cost_microusd,"
    " turns = turns + excluded.turns, model_calls = model_calls + excluded.model_calls"
)


def receipt_of(session: str, seq: int, digest: bytes) -> Receipt:
    """The receipt as the rules want it; a message's id follows from its place."""
    return Receipt(seq=seq, digest=digest, message_id=derived_id("msg", session, seq))


def _summary(session: Session, one: Append) -> Summary:
    thread = session.threads.get(session.thread or "")
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
        thread.topic if thread else None,
    )
