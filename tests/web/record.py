"""Record a session with everything a visitor's screen must cope with: `PYTHONPATH=tests python -m web.record`.

Writes `web/tests/recorded.json`: every frame a visitor's stream brought, in order, for the client's own tests.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from runtime.screens import Screen, screen, until
from stage import Stage, agent, stage

from chatsession.bot import BotError, BotEvent, Finished, TurnInput, Working
from chatsession.bots.function import FunctionBot
from chatsession.core import commands as c
from chatsession.core.events import Source
from chatsession.core.policy import Policy
from chatsession.runtime.opening import MessageIn, message_command

RECORDED = Path(__file__).parents[2] / "web" / "tests" / "recorded.json"
POLICY = Policy(
    idle_timeout=timedelta(minutes=10),
    queue_wait=timedelta(minutes=5),
    threads="manual",
    max_duration=timedelta(days=2),
)


class Scripted:
    """The bot's part, spoken to the visitor's screen: it goes on once what it said can be seen there."""

    def __init__(self) -> None:
        self.shown = Screen()

    async def plays(self, turn: TurnInput) -> AsyncIterator[str | BotEvent]:
        """What it says in each attempt of each turn."""
        match turn.turn, turn.attempt:
            case 1, _:
                yield "Hello!"
            case 2, 1:
                yield "It is "
                yield Working("stock")
                await self._seen(turn, "working")
                raise BotError("upstream", "after it has written")
            case 2, _:
                yield "It is \U0001f457"
                await self._seen(turn, "delta")
                yield " in stock."
                yield Finished(sources=[Source(title="Stock", url="https://shop.example/stock")])
            case 3, _:
                yield "Returns are "
                await self._seen(turn, "delta")
                yield "free for 30 days\u2026 "
                await asyncio.Event().wait()
            case 4, _:
                yield "We deliver in \U0001f1e6\U0001f1f9 on "
                await asyncio.Event().wait()
            case 5, _:
                yield Finished(result="needs_agent", text="A person knows better.")
            case 6, _:
                yield "Welcome back."
            case _:
                await asyncio.Event().wait()

    async def _seen(self, turn: TurnInput, kind: str) -> None:
        await until(lambda: (turn.turn, turn.attempt) in self._turns_of(kind))

    def _turns_of(self, kind: str) -> list[tuple[int, int]]:
        return [(each["turn"], each["attempt"]) for each in self.shown.of(kind)]


async def record() -> list[dict]:
    """Let it all happen; what the visitor's stream brought."""
    scripted = Scripted()
    async with stage(bot=FunctionBot(scripted.plays, name="scripted"), policy=POLICY) as scene:
        ana, carl = await scene.visitor(), agent()
        opened = await scene.open(ana, "Hello", client_id="one")
        session = opened.session.id
        scripted.shown = shown = await screen(scene, ana, session)
        await _talk(scene, shown, ana, session)
        await _be_helped(scene, shown, ana, carl, session)
        await _close_and_return(scene, shown, ana, session)
        return shown.frames


async def _talk(scene: Stage, shown: Screen, ana, session: str) -> None:
    await shown.shows("turn_answered", 1)
    await scene.say(ana, session, "Is the dress in stock?", client_id="two")
    await shown.shows("turn_answered", 2)
    await scene.say(ana, session, "May I send it back?", client_id="three")
    await until(lambda: "30 days" in str(shown.frames))
    await scene.service.door.submit(ana, session, c.StopTurn(actor=ana.actor))
    await shown.shows("turn_superseded", 1)
    await scene.say(ana, session, "Do you deliver to Austria?", client_id="four")
    await until(lambda: "We deliver" in str(shown.frames))
    await scene.say(ana, session, "I want to talk to somebody.", client_id="five")
    await shown.shows("turn_superseded", 2)


async def _be_helped(scene: Stage, shown: Screen, ana, carl, session: str) -> None:
    submit = scene.service.door.submit
    await shown.shows("human_offered")
    await submit(ana, session, c.RequestHandoff(actor=ana.actor))
    await scene.clock.advance(timedelta(minutes=6))
    await shown.shows("queue_choice_offered")
    await submit(ana, session, c.AnswerQueueOffer(actor=ana.actor, choice="wait"))
    await submit(carl, session, c.ClaimSession(actor=carl.actor))
    await submit(carl, session, c.PostNote(actor=carl.actor, text="Knows the shop."))
    await scene.service.signals.typing(carl, session)
    await submit(carl, session, message_command(carl, MessageIn(text="Carl here. Austria takes 3 days.")))
    await scene.say(ana, session, "Thank you!", client_id="six")
    await submit(carl, session, message_command(carl, MessageIn(text="You are welcome.")))
    await scene.clock.advance(timedelta(minutes=9))
    await shown.shows("session_warned")
    await submit(ana, session, c.KeepOpen(actor=ana.actor))
    await shown.shows("warning_lifted")


async def _close_and_return(scene: Stage, shown: Screen, ana, session: str) -> None:
    submit = scene.service.door.submit
    await scene.clock.advance(timedelta(minutes=9))
    await shown.shows("session_warned", 2)
    await scene.clock.advance(timedelta(minutes=3))
    await shown.shows("session_closed")
    await submit(ana, session, c.GiveFeedback(actor=ana.actor, solved=True))
    await submit(ana, session, c.GiveFeedback(actor=ana.actor, solved=True, score=5, comment="Quick."))
    policy = scene.service.policies.current("shop")[0]
    await submit(
        ana, session, c.ResumeSession(actor=ana.actor, policy=policy, text="One more thing", client_id="seven")
    )
    await shown.shows("turn_answered", 3)
    await submit(ana, session, c.StartThread(actor=ana.actor, title="A parcel"))
    await scene.say(ana, session, "Where is my parcel?", client_id="eight")
    await scene.clock.advance(timedelta(minutes=1))
    await scene.clock.advance(timedelta(minutes=1))
    await shown.shows("turn_failed")
    await submit(ana, session, c.CloseSession(actor=ana.actor))
    await shown.shows("session_closed", 2)


if __name__ == "__main__":
    frames = asyncio.run(record())
    RECORDED.write_text("[\n" + ",\n".join(json.dumps(frame) for frame in frames) + "\n]\n")
