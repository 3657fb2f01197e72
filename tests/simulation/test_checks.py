"""The checks themselves: each says no where the answer is no."""

import ast
import asyncio
from datetime import timedelta

import pytest
from cast import NOON
from msgspec.structs import replace

from chatsession.core import events as e
from chatsession.core.apply import fold
from chatsession.core.policy import Policy
from chatsession.runtime.following import EventFrame
from chatsession.runtime.principal import Principal
from chatsession.simulation.checks import purity
from chatsession.simulation.checks.folding import disagreement
from chatsession.simulation.checks.following import Follower
from chatsession.simulation.checks.promises import Promise, Promises
from chatsession.simulation.checks.story import Story
from chatsession.simulation.clock import StuckError, VirtualLoop

VISITOR = Principal(kind="visitor", id="vis_ana", inbox="shop")
AGENT = Principal(kind="agent", id="carl")
EVENTS = (
    e.SessionOpened(seq=1, at=NOON, session="ses_1", inbox="shop", visitor="vis_ana", policy="pol_1"),
    e.NotePosted(seq=2, at=NOON, author=e.Author(kind="agent", id="carl"), text="A secret."),
    e.MessagePosted(seq=3, at=NOON, message_id="msg_3", author=e.Author(kind="visitor"), text="Hello", client_id="m1"),
)
FRAMES = [e.encode(event) for event in EVENTS]
HIDDEN = e.hidden(FRAMES[1])


@pytest.fixture
def story():
    story = Story(EVENTS[0], Policy())
    for event, frame in zip(EVENTS, FRAMES, strict=True):
        story.tell(event, frame)
    return story


def complaints(story, principal, deliveries, after=0):
    found = []
    follower = Follower(principal, story, after, found.append)
    for seq, data in deliveries:
        follower.deliver(EventFrame(seq, data))
    return found, follower.misses()


def test_a_screen_that_shows_everything_in_order_is_right(story):
    visitor = complaints(story, VISITOR, [(1, FRAMES[0]), (2, HIDDEN), (3, FRAMES[2])])
    agent = complaints(story, AGENT, [(2, FRAMES[1]), (3, FRAMES[2])], after=1)

    assert visitor == agent == ([], None)


@pytest.mark.parametrize(
    "deliveries",
    [
        [(1, FRAMES[0]), (3, FRAMES[2])],
        [(1, FRAMES[0]), (1, FRAMES[0])],
        [(1, FRAMES[0]), (2, FRAMES[1])],
        [(1, FRAMES[2])],
    ],
    ids=["a gap", "twice", "a note for the service", "another event"],
)
def test_a_screen_that_shows_something_else_is_seen(story, deliveries):
    found, _ = complaints(story, VISITOR, deliveries)

    assert len(found) == 1


def test_a_screen_that_misses_the_last_event_is_seen(story):
    found, missed = complaints(story, VISITOR, [(1, FRAMES[0]), (2, HIDDEN)])

    assert found == []
    assert missed == "a visitor has 2 of 3 events of ses_1"


@pytest.mark.parametrize(
    ("promise", "is_kept"),
    [
        (Promise(3, "msg_3", "Hello"), True),
        (Promise(3, "msg_3", "Hello?"), False),
        (Promise(2, "msg_3", "Hello"), False),
        (Promise(4, "msg_4", "Hello"), False),
    ],
)
def test_a_promise_is_kept_where_the_message_is_stored(promise, is_kept):
    promises = Promises()
    promises.acknowledged(("ses_1", "visitor", "m1"), promise)

    assert (promises.broken("ses_1", FRAMES) is None) == is_kept


def test_a_second_answer_must_be_the_first():
    promises = Promises()
    key = ("ses_1", "visitor", "m1")

    assert promises.acknowledged(key, Promise(3, "msg_3", "Hello")) is None
    assert promises.acknowledged(key, Promise(3, "msg_3", "Hello")) is None
    assert promises.acknowledged(key, Promise(5, "msg_5", "Hello")) is not None


def test_a_state_that_is_not_what_its_events_tell_is_seen(story):
    state = fold(FRAMES)

    assert disagreement(story, state) is None
    assert disagreement(story, replace(state, floor="agent", agent="carl"))[0] == "I10"
    assert disagreement(story, replace(state, idle_since=NOON + timedelta(seconds=1)))[0] == "I6"


def test_the_core_is_pure():
    assert purity.impurities() == []


@pytest.mark.parametrize(
    "code",
    [
        "import time",
        "from asyncio import sleep",
        "from chatsession.runtime import door",
        "now = datetime.now(UTC)",
        "async def decide(): ...",
        "print('hello')",
    ],
)
def test_an_impure_line_is_seen(code):
    assert len(list(purity.impure(ast.parse(code)))) == 1


def test_a_year_passes_at_once_and_to_the_microsecond():
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        before = runner.get_loop().time()
        runner.run(asyncio.sleep(365 * 86_400 + 0.000_001))

        assert runner.get_loop().time() - before == pytest.approx(365 * 86_400 + 0.000_001, abs=1e-7)


def test_waiting_for_what_never_comes_is_noticed():
    async def waits():
        await asyncio.get_running_loop().create_future()

    loop = VirtualLoop()
    task = loop.create_task(waits())
    try:
        with pytest.raises(StuckError):
            loop.run_until_complete(task)
    finally:
        task.cancel()
        loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
        loop.close()
