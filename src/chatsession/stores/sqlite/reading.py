"""What is read from the file, by connections that cannot write."""

from datetime import datetime
from typing import Any

import msgspec

from chatsession.core import events as e
from chatsession.core.session import FOLD_VERSION, Receipt, Session, UsageToday
from chatsession.store import FeedPage, Loaded, Page, Row, SessionQuery
from chatsession.stores.rows import cursor_of, position_of
from chatsession.stores.sqlite import lists, searching
from chatsession.stores.sqlite.appending import receipt_of
from chatsession.stores.sqlite.asking import Ask
from chatsession.stores.sqlite.instants import from_micros, instant_or_none, to_micros
from chatsession.tracing import Trace

_state = msgspec.msgpack.Decoder(Session)
_trace = msgspec.json.Decoder(Trace)
_COLUMNS = (
    "sno, id, inbox, visitor, phase, period, floor, opened_at, closed_at, close_reason, resumable_until, outcome, topic"
)


class Reader:
    """Reads sessions, lists and the feed."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def _sno(self, session: str) -> int | None:
        row = self._ask("select sno from sessions where id = ?", (session,))
        return row[0][0] if row else None

    def load(self, session: str, limit: int = lists.SEQ_END) -> Loaded | None:
        """The newest snapshot of the current fold version and the frames after it, `limit` at most."""
        sno = self._sno(session)
        if sno is None:
            return None
        row = self._ask("select state from snapshots where sno = ? and fold_version = ?", (sno, FOLD_VERSION))
        snapshot = _state.decode(row[0][0]) if row else None
        after = snapshot.seq if snapshot else 0
        return Loaded(snapshot, tuple(lists.frames_after(self._ask, sno, after, limit)))

    def frames(self, session: str, after: int, limit: int) -> list[bytes]:
        """Frames after a seq."""
        sno = self._sno(session)
        return [] if sno is None else lists.frames_after(self._ask, sno, after, limit)

    def frames_before(self, session: str, before: int, limit: int) -> list[bytes]:
        """The last frames before a seq, ascending."""
        sno = self._sno(session)
        return [] if sno is None else lists.frames_before(self._ask, sno, before, limit)

    def receipt(self, session: str, author: str, client_id: str) -> Receipt | None:
        """The first answer to a client id."""
        sql = (
            "select seq, digest from receipts where sno = (select sno from sessions where id = ?)"
            " and author = ? and client_id = ?"
        )
        row = self._ask(sql, (session, author, client_id))
        return receipt_of(session, *row[0]) if row else None

    def traces(self, session: str, limit: int = lists.SEQ_END) -> list[Trace]:
        """The traces of a session, the first `limit` of them."""
        sql = (
            "select trace from traces where sno = (select sno from sessions where id = ?)"
            " order by turn, attempt limit ?"
        )
        return [_trace.decode(row[0]) for row in self._ask(sql, (session, limit))]

    def row(self, session: str) -> Row | None:
        """One session."""
        rows = self._ask(f"select {_COLUMNS} from sessions where id = ?", (session,))  # noqa: S608  our own columns
        return self._row(rows[0]) if rows else None

    def sessions_of(self, inbox: str, visitor: str, limit: int) -> list[Row]:
        """The visitor's sessions, newest first."""
        sql = f"select {_COLUMNS} from sessions where inbox = ? and visitor = ? order by sno desc limit ?"  # noqa: S608  our own columns
        return [self._row(row) for row in self._ask(sql, (inbox, visitor, limit))]

    def find(self, query: SessionQuery) -> Page:
        """Sessions newest first, one page."""
        conditions, values = _conditions(query)
        where = " and ".join(conditions) or "1"
        sql = f"select {_COLUMNS} from sessions where {where} order by sno desc limit ?"  # noqa: S608  our own words
        rows = self._ask(sql, (*values, query.limit + 1))
        more = len(rows) > query.limit
        shown = rows[: query.limit]
        as_of = None if query.q is None else self._as_of()
        return Page(tuple(self._row(row) for row in shown), cursor_of(shown[-1][0]) if more else None, as_of)

    def _as_of(self) -> datetime | None:
        rows = self._ask("select as_of from progress where name = ?", (searching.FOLLOWER,))
        return from_micros(rows[0][0]) if rows else None

    def due(self, until: datetime, limit: int) -> list[tuple[str, datetime]]:
        """Sessions to look at, the most overdue first."""
        sql = "select id, wake_at from sessions where wake_at <= ? order by wake_at limit ?"
        return [(row[0], from_micros(row[1])) for row in self._ask(sql, (to_micros(until), limit))]

    def feed(self, cursor: str | None, limit: int) -> FeedPage:
        """Committed events in the order of their commits; an append is never cut in two."""
        position = 0 if cursor is None else position_of(cursor)
        sql = (
            "select position, id, frames from appends join sessions using (sno)"
            " where position > ? order by position limit ?"
        )
        frames: list[tuple[str, bytes]] = []
        for place, session, stored in self._ask(sql, (position, limit)):
            position = place
            frames += [(session, frame) for frame in stored.split(b"\n")]
            if len(frames) >= limit:
                break
        return FeedPage(tuple(frames), cursor_of(position))

    def session_of_thread(self, thread: str) -> list[str]:
        """The sessions a thread occurs in, oldest first."""
        sql = "select id from threads join sessions using (sno) where thread = ? order by sno"
        return [row[0] for row in self._ask(sql, (thread,))]

    def usage_today(self, inbox: str, visitor: str | None, day: str) -> UsageToday:
        """What was used on a day."""
        sql = "select tokens, cost_microusd, turns, model_calls from usage where inbox = ? and visitor = ? and day = ?"
        rows = self._ask(sql, (inbox, visitor or "", day))
        if not rows:
            return UsageToday()
        tokens, cost, turns, calls = rows[0]
        return UsageToday(tokens=tokens, cost_microusd=cost, turns=turns, model_calls=calls)

    def last_instant(self) -> datetime | None:
        """The latest instant any event or heartbeat carries."""
        known: list[datetime] = []
        beat = self._ask("select value from settings where name = 'heartbeat'", ())
        if beat:
            known.append(datetime.fromisoformat(beat[0][0]))
        row = self._ask("select frames from appends order by position desc limit 1", ())
        if row:
            known.append(e.header(lists.newest(row[0][0])).at)
        return max(known, default=None)

    def _row(self, row: tuple[Any, ...]) -> Row:
        sno, key, inbox, visitor, phase, period, floor, opened_at, closed_at, reason, until, outcome, topic = row
        last = self._ask(lists.BEFORE, (sno, lists.SEQ_END, 1))
        return Row(
            id=key,
            inbox=inbox,
            visitor=visitor,
            phase=phase,
            period=period,
            floor=floor,
            opened_at=from_micros(opened_at),
            changed_at=e.header(lists.newest(last[0][1])).at,
            closed_at=instant_or_none(closed_at),
            close_reason=reason,
            resumable_until=instant_or_none(until),
            outcome=outcome,
            topic=topic,
        )


def _conditions(query: SessionQuery) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for name in ("inbox", "phase", "visitor", "outcome", "topic"):
        value = getattr(query, name)
        if value is not None:
            conditions.append(f"{name} = ?")
            values.append(value)
    if query.inboxes is not None:
        conditions.append(f"inbox in ({', '.join('?' * len(query.inboxes))})")
        values += query.inboxes
    if query.cursor is not None:
        conditions.append("sno < ?")
        values.append(position_of(query.cursor))
    if query.q is not None:
        conditions.append("sno in (select rowid >> ? from search where search match ?)")
        values += [searching.SEQ_BITS, searching.match_of(query.q)]
    return conditions, values
