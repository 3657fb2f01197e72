"""Events as they are stored and sent: the same bytes, read back by this version, tolerated from a newer one."""

import json

import pytest
from cast import NOON, ana, bot, carl, decided, refused, stepped, waiting, with_agent

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.apply import apply, fold


def frame(**fields) -> bytes:
    return json.dumps({"seq": 5, "at": "2026-01-05T12:00:00Z", **fields}).encode()


def test_every_type_is_named_after_its_class():
    assert e.EVENT_TYPES["session_opened"] is e.SessionOpened
    assert len(e.EVENT_TYPES) == len(e.AnyEvent.__args__)


def test_a_message_is_written_as_outsiders_read_it():
    posted = decided(waiting(), c.PostMessage(actor=ana, text="Hi"))[0]

    assert json.loads(e.encode(posted)) == {
        "type": "message_posted",
        "seq": posted.seq,
        "at": "2026-01-05T12:00:00Z",
        "message_id": posted.message_id,
        "author": {"kind": "visitor"},
        "text": "Hi",
        "thread": None,
        "client_id": None,
    }


def test_fields_of_a_newer_version_are_tolerated():
    assert e.decode(frame(type="queue_choice_made", choice="wait", mood="good")).choice == "wait"


def test_a_type_of_a_newer_version_is_named():
    with pytest.raises(e.UnknownEventError, match="'session_dreamt' comes from a newer version") as caught:
        e.decode(frame(type="session_dreamt"))

    assert caught.value.kind == "session_dreamt"


def test_a_broken_event_of_a_known_type_is_no_newer_version():
    with pytest.raises(Exception, match="choice") as caught:
        e.decode(frame(type="queue_choice_made"))

    assert not isinstance(caught.value, e.UnknownEventError)


def test_a_visitor_sees_what_is_for_all_and_nothing_of_an_unknown_type():
    assert e.is_for_all(frame(type="session_closed"))
    assert not e.is_for_all(frame(type="note_posted"))
    assert not e.is_for_all(frame(type="session_dreamt"))


def test_what_is_hidden_keeps_its_place_and_says_nothing_else():
    hidden = json.loads(e.hidden(frame(type="note_posted", text="He is angry")))

    assert hidden == {"seq": 5, "at": "2026-01-05T12:00:00Z", "type": "hidden"}


def test_no_event_that_visitors_follow_carries_context_costs_or_notes():
    secret = ("entries", "usage", "unset", "kept", "dropped")
    for kind in e.AnyEvent.__args__:
        if kind.audience == "all":
            assert not [name for name in kind.__struct_fields__ if name.endswith(secret)]


@pytest.mark.parametrize("author", [ana, bot, carl])
def test_a_redacted_message_cannot_be_read_but_still_happened(author):
    """A session folded anew must wait for the same one as the one that went on running."""
    session = with_agent() if author is carl else waiting()
    events = decided(session, c.PostMessage(actor=author, text="My secret"))
    running = session
    for event in events:
        running = apply(running, event)

    frames = [e.encode(event) for event in events]
    frames[0] = e.tombstone(frames[0])

    assert b"My secret" not in frames[0]
    assert fold(frames, session) == running
    assert e.decode(frames[0]).was == "message_posted"


def test_what_is_redacted_once_stays_what_it_is():
    once = e.tombstone(frame(type="note_posted", author={"kind": "agent"}, text="He is angry"))

    assert e.tombstone(once) == once
    assert e.decode(once) == e.Redacted(seq=5, at=NOON, was="note_posted")


def test_an_event_of_a_newer_version_can_be_redacted_too():
    assert e.decode(e.tombstone(frame(type="session_dreamt", dream="secret"))).was == "session_dreamt"


def test_a_redacted_note_changes_nothing_but_its_place():
    session = waiting()
    noted = decided(session, c.PostNote(actor=carl, text="secret"))[0]

    assert fold([e.tombstone(e.encode(noted))], session) == stepped(session, c.PostNote(actor=carl, text="secret"))


def test_the_first_event_of_a_list_opens_the_session():
    with pytest.raises(TypeError, match="begins with session_opened"):
        apply(None, decided(waiting(), c.PostMessage(actor=ana, text="Hi"))[0])


def test_an_event_out_of_its_order_is_not_folded():
    session = waiting()

    with pytest.raises(ValueError, match="does not follow"):
        apply(session, e.SessionKeptOpen(seq=session.seq + 2, at=NOON, by="visitor"))


def test_an_event_of_a_newer_version_leaves_the_session_readable_and_refuses_writes():
    session = waiting()
    frames = [frame(type="session_dreamt"), frame(type="session_kept_open", by="visitor")]

    read = fold(frames, session)

    assert (read.seq, read.unknown_from) == (session.seq, session.seq + 1)
    refusal = refused(read, c.PostMessage(actor=ana, text="Hi"))
    assert (refusal.code, refusal.status) == ("newer_version", 503)


def test_a_list_that_a_newer_version_began_is_no_session_here():
    assert fold([frame(type="session_dreamt")]) is None
    assert fold([]) is None


def test_only_what_was_said_can_be_redacted():
    session = waiting()
    asked = c.PostNote(actor=carl, text="remark")
    (note,) = decided(session, asked)

    assert e.is_redactable(e.encode(note))
    assert e.is_redactable(e.tombstone(e.encode(note)))
    assert not e.is_redactable(
        e.encode(e.SessionResumed(seq=1, at=NOON, period=2, by="visitor", floor="bot", policy="pol"))
    )
