-- Instants are microseconds since 1970 (UTC).

-- Numbers are never used twice: what is erased must not come back as somebody else's.
create table sessions (
    sno integer primary key autoincrement,
    id text not null unique,
    inbox text not null,
    visitor text not null,
    phase text not null,
    exclusive integer not null,
    period integer not null,
    floor text not null,
    opened_at integer not null,
    closed_at integer,
    close_reason text,
    resumable_until integer,
    outcome text,
    topic text,
    wake_at integer
) strict;

-- At most one open session per inbox and visitor, unless the inbox allows several.
create unique index sessions_one_open on sessions (inbox, visitor) where phase = 'open' and exclusive = 1;
create index sessions_of_visitor on sessions (visitor, inbox, sno);
create index sessions_of_inbox on sessions (inbox, sno);
create index sessions_due on sessions (wake_at) where wake_at is not null;

-- One row for each append: its frames are the events' JSON exactly as sent, one a line. The position is the order of
-- commits over all sessions; one that was erased is not given again, or whoever has read so far would miss what comes.
create table appends (
    position integer primary key autoincrement,
    sno integer not null,
    last_seq integer not null,
    frames blob not null
) strict;
create unique index appends_of_session on appends (sno, last_seq);

create table receipts (
    sno integer not null,
    author text not null,
    client_id text not null,
    seq integer not null,
    digest blob not null,
    primary key (sno, author, client_id)
) strict, without rowid;

create table snapshots (
    sno integer primary key,
    fold_version integer not null,
    state blob not null
) strict;

create table traces (
    sno integer not null,
    turn integer not null,
    attempt integer not null,
    trace blob not null,
    primary key (sno, turn, attempt)
) strict, without rowid;

create table threads (
    thread text not null,
    sno integer not null,
    primary key (thread, sno)
) strict, without rowid;
create index threads_of_session on threads (sno);

create table usage (
    inbox text not null,
    visitor text not null,
    day text not null,
    tokens integer not null,
    cost_microusd integer not null,
    turns integer not null,
    model_calls integer not null,
    primary key (inbox, visitor, day)
) strict, without rowid;
create index usage_of_visitor on usage (visitor) where visitor <> '';

create table visitors (
    id text primary key,
    inbox text not null,
    created_at integer not null,
    subject text,
    name text
) strict, without rowid;
create unique index visitors_of_subject on visitors (inbox, subject) where subject is not null;

create table tokens (
    hash blob primary key,
    visitor text not null,
    expires_at integer not null
) strict, without rowid;
create index tokens_of_visitor on tokens (visitor);

create table tickets (
    hash blob primary key,
    visitor text not null,
    session text not null,
    expires_at integer not null
) strict, without rowid;

create table marks (
    mark blob primary key,
    expires_at integer not null
) strict, without rowid;

create table keys (
    id text primary key,
    hash blob not null unique,
    role text not null,
    name text not null,
    inboxes text,
    created_at integer not null
) strict, without rowid;

create table policies (
    hash text primary key,
    canonical blob not null
) strict, without rowid;

create table inbox_policies (
    inbox text primary key,
    hash text not null
) strict, without rowid;

create table settings (
    name text primary key,
    value text not null
) strict, without rowid;

create table progress (
    name text primary key,
    position integer not null,
    as_of integer not null
) strict, without rowid;

-- Follows the appends; the row id is sno * 2^24 + seq. Without content of its own: the text of what is removed is given
-- with the removal, and secure-delete takes it out of the index at once.
create virtual table search using fts5 (
    text,
    content = '',
    columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);
insert into search (search, rank) values ('secure-delete', 1);
