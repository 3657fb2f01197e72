"""What the bot is shown within its budget."""

from cast import NOON, ana, bot, carl, in_thread, stepped, waiting, with_agent
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.context import CHARS_PER_TOKEN, Line, assemble


def line(seq, text="x" * 40, thread=None):
    return Line(role="visitor", text=text, seq=seq, thread=thread)


def about(thread):
    return replace(in_thread(in_thread(waiting(), "thr_a"), "thr_b"), thread=thread)


def seqs(shown):
    return [each.seq for each in shown.lines]


def test_everything_is_shown_that_fits_newest_last():
    shown = assemble(waiting(), [line(1), line(2)], NOON)

    assert (seqs(shown), shown.dropped) == ([1, 2], 0)


def test_the_oldest_lines_are_left_out_first():
    shown = assemble(waiting(), [line(1), line(2), line(3)], NOON, budget_tokens=25)

    assert (seqs(shown), shown.dropped) == ([2, 3], 1)


def test_the_threads_own_lines_come_before_the_others():
    lines = [line(1, thread="thr_a"), line(2, thread="thr_b"), line(3, thread="thr_a")]

    shown = assemble(about("thr_a"), lines, NOON, budget_tokens=25)

    assert seqs(shown) == [1, 3]


def test_without_a_current_thread_only_age_counts():
    lines = [line(1, thread="thr_a"), line(2, thread="thr_b"), line(3, thread="thr_a")]

    assert seqs(assemble(waiting(), lines, NOON, budget_tokens=25)) == [2, 3]


def test_the_newest_line_is_shown_whatever_it_costs_and_whatever_thread_it_is_of():
    lines = [line(1, thread="thr_a"), line(2, "y" * 10_000, thread="thr_b")]

    assert seqs(assemble(about("thr_a"), lines, NOON, budget_tokens=1)) == [2]


def test_what_is_known_is_told_apart_from_what_was_carried_and_from_the_summary():
    values = {"order": 17, "summary": "Asked for an order", "earlier_chat": {"outcome": "assumed"}}
    session = stepped(waiting(), c.ChangeContext(actor=bot, set=values))

    shown = assemble(session, [], NOON)

    assert (shown.context, shown.summary, shown.carried) == (
        {"order": 17},
        "Asked for an order",
        {"outcome": "assumed"},
    )


def test_what_was_carried_may_be_a_word():
    session = stepped(waiting(), c.ChangeContext(actor=bot, set={"earlier_chat": "a refund"}))

    assert assemble(session, [], NOON).carried == {"earlier_chat": "a refund"}


def test_the_bot_is_told_about_the_human_part():
    talking = stepped(with_agent(), c.PostMessage(actor=carl, text="Hello"))
    handed_back = stepped(talking, c.ReturnFloor(actor=carl))
    after_two = stepped(stepped(talking, c.PostMessage(actor=carl, text="Bye")), c.ReturnFloor(actor=carl))

    assert assemble(waiting(), [], NOON).human_part is None
    assert assemble(talking, [], NOON).human_part == "An agent is talking with the visitor."
    assert "(1 message in this period)" in assemble(handed_back, [], NOON).human_part
    assert "(2 messages in this period)" in assemble(after_two, [], NOON).human_part


def test_a_cleared_scope_is_not_shown():
    session = stepped(waiting(), c.ChangeContext(actor=ana, set={"order": 17}))

    assert assemble(stepped(session, c.ClearContext(actor=ana)), [], NOON).context == {}


texts = st.text(alphabet="xy ", max_size=60)
histories = st.lists(st.tuples(texts, st.sampled_from([None, "thr_a", "thr_b"])), max_size=20)


@given(history=histories, thread=st.sampled_from([None, "thr_a"]), budget=st.integers(0, 100), known=texts)
def test_no_budget_is_passed_but_for_the_newest_line(history, thread, budget, known):
    session = about(thread)
    session = replace(session, context={"known": e.Entry(value=known, by="bot")})
    lines = [line(seq, text, thread_) for seq, (text, thread_) in enumerate(history, 1)]

    shown = assemble(session, lines, NOON, budget)

    assert shown.lines == [each for each in lines if each in shown.lines]
    assert shown.lines[-1:] == lines[-1:]
    assert shown.dropped == len(lines) - len(shown.lines)
    spent = sum(len(each.text) for each in shown.lines) + len(known)
    assert len(shown.lines) <= 1 or spent <= budget * CHARS_PER_TOKEN
    own = [each for each in lines if each.thread == thread]
    others_shown = [each for each in shown.lines[:-1] if each.thread != thread]
    assert thread is None or not others_shown or all(each in shown.lines for each in own)
