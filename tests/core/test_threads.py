"""Several topics in one session, and one topic over several sessions."""

import pytest
from cast import (
    DAY,
    NOON,
    POLICY,
    ana,
    archived,
    bot,
    carl,
    closed,
    decided,
    in_thread,
    kinds,
    open_session,
    refused,
    stepped,
    waiting,
)
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.session import Facts, Thread

OFF = replace(POLICY, threads="off")
TOPICS = replace(POLICY, topics=("delivery", "refund"))


def start(actor=ana, **more) -> c.StartThread:
    return c.StartThread(actor=actor, **more)


def with_thread(thread="thr_a", policy=POLICY, **more):
    return in_thread(waiting(policy=policy), thread, policy=policy, **more)


def answer(session, topic, policy=POLICY):
    turn = session.turn.number
    return decided(session, c.AnswerTurn(actor=bot, turn=turn, attempt=1, text="Yes", topic=topic), policy=policy)


def test_a_thread_begins_under_an_id_of_its_own_and_is_the_current_one():
    (started,) = decided(waiting(), start(topic="delivery", title="Where is it?"))
    after = stepped(waiting(), start(topic="delivery"))

    assert started.thread == f"thr_1_{started.seq}"
    assert after.thread == started.thread
    assert after.threads[started.thread].topic == "delivery"


def test_messages_and_turns_belong_to_the_current_thread():
    posted, opened = decided(with_thread(), c.PostMessage(actor=ana, text="Hi"))

    assert (posted.thread, opened.thread) == ("thr_a", "thr_a")


def test_a_thread_of_an_earlier_session_goes_on_with_what_it_knew():
    entries = {"order": e.Entry(value=17, by="visitor"), "old": e.Entry(value=1, by="bot", expires_at=NOON)}
    carried = e.ContextCarried(seq=9, at=NOON, boundary="archived", rule="keep_all", thread_entries={"thr_a": entries})

    command = start(thread="thr_a", continued_from="ses_0")
    facts = Facts(carried=carried, continued=Thread(topic="delivery", title="Where is it?"))
    events = decided(waiting(), command, at=NOON + DAY, facts=facts)
    after = stepped(waiting(), command, at=NOON + DAY, facts=facts)

    assert kinds(events) == [e.ThreadStarted, e.ContextChanged]
    assert (events[0].continued_from, events[0].topic, events[0].title) == ("ses_0", "delivery", "Where is it?")
    assert set(after.threads["thr_a"].context) == {"order"}


def test_a_thread_that_knew_nothing_just_goes_on():
    carried = e.ContextCarried(seq=9, at=NOON, boundary="archived", rule="keep_all")

    facts = Facts(carried=carried, continued=Thread())
    events = decided(waiting(), start(thread="thr_a", continued_from="ses_0"), facts=facts)

    assert kinds(events) == [e.ThreadStarted]


def test_a_thread_that_is_here_already_becomes_the_current_one_and_is_not_doubled():
    session = in_thread(with_thread("thr_a"), "thr_b")

    assert kinds(decided(session, start(thread="thr_a"))) == [e.ThreadChanged]
    assert decided(session, start(thread="thr_b")) == []


def test_where_threads_are_off_only_staff_begins_one():
    assert refused(waiting(policy=OFF), start(ana), policy=OFF).code == "wrong_state"
    assert kinds(decided(waiting(policy=OFF), start(carl), policy=OFF)) == [e.ThreadStarted]


def test_a_session_has_so_many_threads_and_no_more():
    session = waiting()
    for number in range(limits.THREADS_MAX):
        session = in_thread(session, f"thr_{number}")

    assert refused(session, start()).code == "too_large"
    assert kinds(decided(session, start(thread="thr_0"))) == [e.ThreadChanged]


@pytest.mark.parametrize("command", [start(thread="thr_x"), start(continued_from="ses_0")])
def test_a_thread_that_no_earlier_session_of_the_visitor_has_is_not_continued(command):
    assert refused(waiting(), command).code == "not_found"


@pytest.mark.parametrize("field", ["topic", "title"])
def test_names_have_limits_and_are_text(field):
    assert refused(waiting(), start(**{field: "x" * 201})).code == "too_large"
    assert refused(waiting(), start(**{field: "\ud83d"})).code == "invalid_request"


def test_topics_are_those_that_the_inbox_names():
    refusal = refused(waiting(policy=TOPICS), start(topic="delivry"), policy=TOPICS)

    assert refusal.extra == {"field": "topic", "nearest": "delivery"}
    assert '"delivery", "refund", "other"' in refusal.detail
    assert refused(waiting(policy=TOPICS), start(topic="xyz"), policy=TOPICS).extra == {"field": "topic"}
    for topic in ("delivery", "other"):
        assert decided(waiting(policy=TOPICS), start(topic=topic), policy=TOPICS)[0].topic == topic


def test_what_is_named_of_a_thread_changes_and_the_rest_stays():
    session = stepped(waiting(), start(topic="delivery", title="Where?"))
    thread = session.thread

    after = stepped(session, c.ChangeThread(actor=carl, thread=thread, status="pending"))
    renamed = stepped(after, c.ChangeThread(actor=carl, thread=thread, title="Lost parcel"))

    found = renamed.threads[thread]
    assert (found.topic, found.title, found.status) == ("delivery", "Lost parcel", "pending")


def test_a_thread_becomes_the_current_one_by_name():
    session = in_thread(with_thread("thr_a"), "thr_b")

    after = stepped(session, c.ChangeThread(actor=ana, thread="thr_a", current=True))

    assert after.thread == "thr_a"


def test_a_change_that_changes_nothing_is_not_stored():
    assert decided(with_thread(), c.ChangeThread(actor=ana, thread="thr_a", current=True)) == []


def test_a_resolved_thread_is_resolved_once():
    resolve = c.ChangeThread(actor=carl, thread="thr_a", status="resolved")
    after = stepped(with_thread(), resolve)

    assert after.threads["thr_a"].status == "resolved"
    assert decided(after, resolve) == []


@pytest.mark.parametrize("end", [None, c.CloseSession(actor=ana)], ids=["open", "closed"])
def test_one_thread_is_resolved_in_whatever_phase(end):
    session = with_thread() if end is None else stepped(with_thread(), end)

    (resolved,) = decided(session, c.ResolveSession(actor=carl, thread="thr_a", outcome="confirmed"))
    after = stepped(session, c.ResolveSession(actor=carl, thread="thr_a"))

    assert resolved.outcome == "confirmed"
    assert (after.phase, after.threads["thr_a"].status) == (session.phase, "resolved")
    assert decided(after, c.ResolveSession(actor=carl, thread="thr_a")) == []


@pytest.mark.parametrize(
    "command", [c.ChangeThread(actor=ana, thread="thr_x"), c.ResolveSession(actor=carl, thread="thr_x")]
)
def test_a_thread_that_is_not_there_is_not_found(command):
    assert refused(waiting(), command).code == "not_found"


def test_a_change_to_names_that_are_no_text_is_refused():
    assert refused(with_thread(), c.ChangeThread(actor=ana, thread="thr_a", title="\x00")).code == "invalid_request"


def test_the_bot_says_what_it_is_about_and_a_thread_begins():
    started, posted, _ = answer(open_session(), "delivery")

    assert (started.topic, started.by) == ("delivery", "bot")
    assert posted.thread == started.thread


def test_the_bot_names_the_topic_of_a_thread_that_has_none():
    session = stepped(with_thread(), c.PostMessage(actor=ana, text="Where is it?"))

    changed, posted, _ = answer(session, "delivery")

    assert (type(changed), changed.topic, posted.thread) == (e.ThreadChanged, "delivery", "thr_a")


def test_the_bot_goes_on_with_the_thread_of_the_topic():
    session = in_thread(with_thread("thr_a", topic="delivery"), "thr_b", topic="refund")
    session = stepped(session, c.PostMessage(actor=ana, text="Where is it?"))

    changed, posted, _ = answer(session, "delivery")

    assert (changed.thread, changed.current, posted.thread) == ("thr_a", True, "thr_a")


def test_a_topic_the_inbox_does_not_know_is_filed_under_other():
    assert answer(open_session(policy=TOPICS), "weather", TOPICS)[0].topic == "other"


def test_where_threads_are_off_the_bots_topic_begins_none():
    assert kinds(answer(open_session(policy=OFF), "delivery", OFF)) == [e.MessagePosted, e.TurnAnswered]


def test_with_too_many_threads_the_bots_topic_begins_none():
    session = waiting()
    for number in range(limits.THREADS_MAX):
        session = in_thread(session, f"thr_{number}", topic=f"topic {number}")
    session = stepped(session, c.PostMessage(actor=ana, text="Hi"))

    assert kinds(answer(session, "delivery")) == [e.MessagePosted, e.TurnAnswered]


def test_an_answer_stays_in_its_turns_thread_though_another_became_current():
    session = stepped(with_thread("thr_a"), c.PostMessage(actor=ana, text="Hi"))
    session = in_thread(session, "thr_b")

    assert answer(session, None)[0].thread == "thr_a"


@pytest.mark.parametrize("session", [closed(), archived()])
def test_no_thread_begins_where_nobody_can_talk(session):
    assert refused(session, start()).code == f"session_{session.phase}"
