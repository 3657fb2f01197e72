"""The parts of the commands that are rules of their own."""

import stat
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatsession.cli.chat.remembered import PLACES_MAX, Remembered
from chatsession.cli.chat.status import clock, is_urgent, status
from chatsession.cli.chat.wording import CLOSED, sentence
from chatsession.cli.chat.writing import Writing
from chatsession.cli.finding import USUAL_URL, find
from chatsession.cli.folder import Address, DataFolder
from chatsession.cli.remote import Frame, frames
from chatsession.cli.screen import printable
from chatsession.cli.sessions.story import story
from chatsession.core.events import EVENT_TYPES
from chatsession.core.words import CloseReason

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
OPEN = {
    "id": "ses_1",
    "phase": "open",
    "floor": "bot",
    "agent_name": None,
    "waiting_on": "visitor",
    "closes_at": (NOON + timedelta(seconds=95)).isoformat(),
    "warned_at": None,
    "extendable": True,
}
CLOSED_VIEW = OPEN | {"phase": "closed", "close_reason": "timeout", "resumable_until": OPEN["closes_at"]}


@pytest.mark.parametrize(
    ("view", "line"),
    [
        (None, "support · write to begin, /help shows what else you can do"),
        (OPEN, "support · bot · closes in 1:35"),
        (OPEN | {"waiting_on": "bot"}, "support · bot is answering"),
        (OPEN | {"closes_at": None}, "support · bot · stays open"),
        (OPEN | {"floor": "queue", "waiting_on": "agent", "closes_at": None}, "support · in the queue · stays open"),
        (OPEN | {"floor": "agent", "agent_name": "Carl"}, "support · Carl · closes in 1:35"),
        (OPEN | {"warned_at": "…"}, "support · closes in 1:35 · write, or /keep it open"),
        (OPEN | {"warned_at": "…", "extendable": False}, "support · closes in 1:35"),
        (CLOSED_VIEW, "support · closed (timeout) · can be resumed for 1:35: write"),
        (CLOSED_VIEW | {"resumable_until": None}, "support · closed (timeout) · can be resumed: write"),
        (OPEN | {"phase": "archived"}, "support · over · write to begin a new chat"),
    ],
)
def test_the_status_line_says_who_is_there_and_how_long(view, line):
    assert status("support", view, NOON, is_connected=True) == line


def test_a_lost_connection_goes_before_everything_else():
    assert status("support", OPEN, NOON, is_connected=False) == "support · reconnecting …"


def test_only_a_warned_open_session_is_urgent():
    warned = OPEN | {"warned_at": "…"}

    assert is_urgent(warned)
    assert not is_urgent(OPEN)
    assert not is_urgent(warned | {"phase": "closed"})
    assert not is_urgent(None)


@given(st.timedeltas(min_value=timedelta(days=-1), max_value=timedelta(days=400)))
def test_a_countdown_never_shows_less_than_nothing_nor_more_than_is_left(left):
    shown = clock(left)

    hours, rest = (shown.split(" h ") if " h " in shown else ("0", shown)) if shown else ("0", "0:00")
    minutes, seconds = (rest.removesuffix(" min"), "0") if "min" in rest else rest.split(":")
    told = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    assert told <= max(left, timedelta(0)) < told + timedelta(minutes=1)


def test_every_reason_of_closing_has_its_words():
    assert set(CLOSED) == set(CloseReason.__args__)


def test_what_is_for_the_service_alone_is_never_put_into_words():
    for kind, event in EVENT_TYPES.items():
        if event.audience == "service":
            assert sentence({"type": kind}) is None, kind


def test_an_answer_is_put_together_from_its_deltas():
    writing = Writing()

    for offset, text in ((0, "How "), (4, "long "), (9, "is it")):
        writing.signal({"type": "delta", "turn": 1, "attempt": 1, "offset": offset, "text": text})

    assert writing.text == "How long is it"


def test_what_an_attempt_wrote_that_was_given_up_is_withdrawn():
    writing = Writing()
    writing.signal({"type": "delta", "turn": 1, "attempt": 1, "offset": 0, "text": "Wrong"})

    writing.event({"type": "turn_retried", "turn": 1, "attempt": 2})
    writing.signal({"type": "partial", "turn": 1, "attempt": 2, "offset": 0, "text": "Right"})
    writing.signal({"type": "delta", "turn": 1, "attempt": 2, "offset": 9, "text": "lost in between"})

    assert writing.text == "Right"


def test_the_stored_answer_takes_the_place_of_what_was_streamed():
    writing = Writing()
    writing.signal({"type": "delta", "turn": 1, "attempt": 1, "offset": 0, "text": "Hello"})

    writing.event({"type": "message_posted", "author": {"kind": "visitor"}})
    kept = writing.text
    writing.event({"type": "message_posted", "author": {"kind": "bot"}})

    assert (kept, writing.text) == ("Hello", "")


async def test_a_stream_is_read_frame_by_frame_and_comments_are_none():
    async def lines():
        for line in (
            "retry: 1000", "event: hello", 'data: {"epoch": "e"}', "",
            ": head 2", "",
            "id: 3", 'data: {"type": "message_posted"}', "",
            "event: signal", 'data: {"type": "delta"}', "",
            "id: 4", 'data: {"type": "cut off',
        ):  # fmt: skip
            yield line

    assert [frame async for frame in frames(lines())] == [
        Frame(None, "hello", {"epoch": "e"}),
        Frame(3, "message", {"type": "message_posted"}),
        Frame(None, "signal", {"type": "delta"}),
    ]


def test_text_from_others_keeps_its_words_and_loses_what_steers_a_terminal():
    assert printable("Grüße\tan 你\n\x1b[31mrot\x07\x00\u202e") == "Grüße\tan 你\n[31mrot"


def test_a_token_is_remembered_for_its_place_and_for_its_owner_alone(tmp_path):
    file = tmp_path / "state" / "visitors.json"
    remembered = Remembered(file)

    remembered.keep("http://a", "support", "one")
    remembered.keep("http://a", "sales", "two")
    remembered.forget("http://a", "sales")

    assert Remembered(file).token("http://a", "support") == "one"
    assert Remembered(file).token("http://a", "sales") is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_places_not_used_for_longest_are_forgotten_first(tmp_path):
    remembered = Remembered(tmp_path / "visitors.json")

    for number in range(PLACES_MAX):
        remembered.keep("http://a", f"inbox-{number}", "token")
    remembered.keep("http://a", "inbox-0", "used again")
    remembered.keep("http://b", "support", "one too many")

    assert remembered.token("http://a", "inbox-0") == "used again"
    assert remembered.token("http://a", "inbox-1") is None


def test_a_damaged_memory_is_an_empty_one(tmp_path):
    file = tmp_path / "visitors.json"
    file.write_text("{half")

    assert Remembered(file).token("http://a", "support") is None


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Two data folders with servers, in the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("CHATSESSION_URL", "CHATSESSION_KEY"):
        monkeypatch.delenv(name, raising=False)
    DataFolder(tmp_path / "data").write_address(Address("http://127.0.0.1:8081", "key_served", 1, ("help",)))
    DataFolder(tmp_path / "demo-data").write_address(Address("http://127.0.0.1:8090", "key_demo", 2, ("support",)))
    return tmp_path


def test_without_a_word_the_demo_of_this_folder_is_meant(folders):
    found = find(None, None)

    assert (found.base_url, found.key, found.inboxes) == ("http://127.0.0.1:8090", "key_demo", ("support",))


def test_a_named_folder_or_address_is_meant_and_a_key_goes_to_no_other_server(folders, monkeypatch):
    assert find(None, folders / "data").key == "key_served"
    assert find("http://127.0.0.1:8081/", None).key == "key_served"
    assert find("https://elsewhere.example", None).key is None
    monkeypatch.setenv("CHATSESSION_URL", "https://elsewhere.example")
    monkeypatch.setenv("CHATSESSION_KEY", "key_theirs")
    assert find(None, None).base_url == "https://elsewhere.example"
    assert find(None, None).key == "key_theirs"


def test_where_there_is_nothing_the_usual_address_is_meant(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CHATSESSION_URL", raising=False)

    assert find(None, None).base_url == USUAL_URL


def test_a_story_tells_what_a_given_up_attempt_did_before_the_next_one():
    at = {"at": "2026-01-05T12:00:00Z"}
    events = [
        {"type": "message_posted", "seq": 1, **at, "author": {"kind": "visitor"}, "text": "Hello"},
        {"type": "turn_opened", "seq": 2, **at, "turn": 1, "attempt": 1},
        {"type": "turn_retried", "seq": 3, **at, "turn": 1, "attempt": 2, "reason": "silent"},
        {"type": "message_posted", "seq": 4, **at, "author": {"kind": "bot"}, "text": "Hi", "turn": 1, "attempt": 2},
        {"type": "turn_answered", "seq": 5, **at, "turn": 1, "attempt": 2, "result": "answered"},
    ]
    shown = {"lines": [{}], "dropped": 3, "context": {"order": "17"}}
    first = {"turn": 1, "attempt": 1, "bot": "b", "release": "rel_1", "shown": shown, "end": "superseded"}
    span = {"kind": "model", "name": "m", "ms": 12.4, "error": "cut off"}
    usage = {"tokens_in": 5, "tokens_out": 7, "cost_microusd": 1_500, "model_calls": 1}
    second = first | {"attempt": 2, "end": "answered", "spans": [span], "usage": usage, "known": False}

    rows = [(row.kind, row.who, row.text) for row in story(events, [first, second])]

    assert [who for _, who, _ in rows] == [
        "visitor",
        "turn opened",
        "shown",
        "b",
        "turn retried",
        "shown",
        "model",
        "b",
        "bot",
        "turn answered",
    ]
    assert rows[2][2] == '1 line, 3 older ones left out, context {"order":"17"}'
    assert rows[6][2] == "m in 12 ms, error cut off"
    assert rows[7][2] == ("answered in 0 ms, release rel_1, did not know, 5 tokens in, 7 out, 0.001500 USD")
