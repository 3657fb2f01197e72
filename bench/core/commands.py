"""What one command costs the rules: decided, folded and encoded. T9 of the targets: 60 µs, aim 20 µs.

    python bench/core/commands.py

Prints a table with the median of five rounds and the ratio to encoding the same events alone, which is the least any
implementation has to do. CPU time of this process, so that a busy machine matters less.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.apply import apply
from chatsession.core.decide import decide
from chatsession.core.policy import Limits, Policy
from chatsession.core.session import Session

ROUNDS = 5
TURNS = 2_000
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
POLICY = Policy(limits=Limits(session_turns=None))
VISITOR = c.Actor(kind="visitor")
TEXT = "x" * 200


def opened() -> Session:
    """A session whose visitor has said something."""
    command = c.OpenSession(
        actor=VISITOR, session="ses_1", inbox="shop", visitor="vis_1", policy=POLICY.hash, text=TEXT
    )
    return stepped(None, command)


def stepped(session: Session | None, command: c.Command) -> Session:
    """Decide, fold and encode one command."""
    decided = decide(session, command, POLICY, NOON)
    if not isinstance(decided, list):
        raise TypeError(decided.detail)
    for event in decided:
        session = apply(session, event)
        e.encode(event)
    if session is None:
        raise TypeError("nothing was opened")
    return session


def turns() -> None:
    """Question and answer, over and over."""
    session = opened()
    for number in range(1, TURNS + 1):
        session = stepped(session, c.AnswerTurn(actor=c.BOT, turn=number, attempt=1, text=TEXT))
        session = stepped(session, c.PostMessage(actor=VISITOR, text=TEXT, client_id=str(number)))


def encoding_alone() -> None:
    """The same events, encoded and nothing else."""
    message = e.MessagePosted(seq=1, at=NOON, message_id="msg_1_1", author=e.Author(kind="visitor"), text=TEXT)
    turn = e.TurnOpened(seq=1, at=NOON, turn=1, attempt=1, by="visitor")
    for _ in range(TURNS * 2):
        e.encode(message)
        e.encode(turn)


def idle_ticks() -> None:
    """A clock that looks at a session where nothing is due."""
    session = stepped(opened(), c.AnswerTurn(actor=c.BOT, turn=1, attempt=1, text=TEXT))
    for _ in range(TURNS * 2):
        decide(session, c.Tick(), POLICY, NOON)


def microseconds(work: Callable[[], None]) -> float:
    """CPU time per command, the median of all rounds."""
    rounds: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        rounds.append((time.process_time() - start) / (TURNS * 2) * 1e6)
    return statistics.median(rounds)


def main() -> None:
    """Measure and print."""
    least = microseconds(encoding_alone)
    print(f"| {'work per command':34} | µs CPU | ratio to encoding |")
    print("|---|---|---|")
    for name, work in (
        ("encode its events alone", encoding_alone),
        ("decide, fold and encode", turns),
        ("tick, nothing due", idle_ticks),
    ):
        cost = microseconds(work)
        print(f"| {name:34} | {cost:6.1f} | {cost / least:.1f} |")


if __name__ == "__main__":
    main()
