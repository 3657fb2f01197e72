"""One world: processes over one store, the people who use them, and the time they live in."""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from chatsession.bot import TurnInput
from chatsession.core import commands as c
from chatsession.core.policy import Policy, canonical
from chatsession.runtime.opening import MessageIn, Opened, OpenRequest
from chatsession.runtime.pending import Answer
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError
from chatsession.simulation import policies
from chatsession.simulation.actors.asks import Ask, Asks
from chatsession.simulation.actors.bots import SimulatedBot
from chatsession.simulation.actors.cast import Cast
from chatsession.simulation.chance import Chance
from chatsession.simulation.checks import bounds, sealing
from chatsession.simulation.checks.following import Follower
from chatsession.simulation.checks.promises import Promise
from chatsession.simulation.checks.story import Story
from chatsession.simulation.checks.violations import Violations
from chatsession.simulation.checks.witness import Witness
from chatsession.simulation.clock import WorldTime
from chatsession.simulation.coverage import OPENING, Coverage
from chatsession.simulation.news import Network
from chatsession.simulation.process import CONFIG, LostConnectionError, Process
from chatsession.stores.memory import MemoryStore

FAR = datetime(2999, 1, 1, tzinfo=UTC)
SOON = timedelta(seconds=1)
PAUSE_MAX = timedelta(seconds=30)
EARLY_LOOKS = 0.1
"""How often the keeper looks a millisecond before there is anything to see."""
SENT_MAX = 30
BOTS_OWN = (c.AnswerTurn, c.FailTurn, c.RefuseTurn)
"""Commands that are counted by their events, whoever asked."""
Result = TypeVar("Result")


class World:
    """Everything there is, and what happens to it."""

    def __init__(self, seed: int, number: int) -> None:
        self.rng = Chance(f"{seed}/{number}")
        self.time = WorldTime(asyncio.get_running_loop())
        self.coverage = Coverage()
        self.violations = Violations()
        self.cast = Cast(self.rng.sample(policies.NAMES, 2), self.rng)
        self.policies = {policy.hash: policy for pair in self.cast.versions.values() for policy in pair}
        self.witness = Witness(self.policies, self.coverage, self.violations)
        self.store = MemoryStore()
        self.network = Network(self.rng, self.coverage)
        self.asks = Asks(self.cast, self.time.now, self.rng)
        bot = SimulatedBot(f"{seed}/{number}", self.coverage, self._look_at_shown)
        self.bots = dict.fromkeys(self.cast.inboxes, bot)
        self.processes: list[Process] = []
        self.followers: list[Follower] = []
        self.sent: deque[tuple[str, Ask]] = deque(maxlen=SENT_MAX)
        """Messages that can be sent again, whether they were answered or not."""
        self.heads: dict[str, int] = {}
        """By session, the newest seq that anybody was told of."""
        self._dead: list[Process] = []
        self._is_shared = False

    async def start(self, processes: int) -> None:
        """Let so many processes serve."""
        self._is_shared = processes > 1
        for policy in self.policies.values():
            await self.store.put_policy(None, policy.hash, canonical(policy))
        for _ in range(processes):
            await self.start_process()

    async def start_process(self) -> Process:
        """Let one more process serve."""
        process = Process(
            time=self.time,
            store=self.store,
            network=self.network,
            bots=self.bots,
            inboxes={name: policies.inbox(name) for name in self.cast.inboxes},
            witness=self.witness,
            coverage=self.coverage,
            rng=self.rng,
            alone=not self._is_shared,
        )
        self.processes.append(process)
        await process.start()
        return process

    async def end(self) -> None:
        """Let nothing run any more."""
        for process in self.processes:
            process.die()
        for process in (*self._dead, *self.processes):
            await process.buried()

    # Who can be asked.

    def story(self) -> Story | None:
        """Any session, those of late rather than the older ones."""
        stories = list(self.witness.stories.values())
        if not stories:
            return None
        newest = stories[-8:]
        return self.rng.choice(newest if self.rng.happens(0.8) else stories)

    def process(self) -> Process | None:
        """Any process that can be reached."""
        self.bury()
        serving = [process for process in self.processes if process.answers]
        return self.rng.choice(serving) if serving else None

    def bury(self) -> None:
        """Move processes that have died out of the way."""
        died = [process for process in self.processes if process.is_dead]
        if died:
            self._dead += died
            self.processes = [process for process in self.processes if not process.is_dead]

    # What is asked, and what comes of it.

    async def attempt(self, process: Process, what: str, work: Coroutine[Any, Any, Result]) -> Result | str:
        """What came of a request: the result, or the code of the refusal (`lost` where the process died over it)."""
        try:
            result = await process.ask(work)
        except LostConnectionError:
            code = "lost"
        except RefusedError as refused:
            code = refused.refusal.code
            self._refused(process, what, code)
        except Exception as error:  # noqa: BLE001  whatever it is, whoever asked should have got a refusal instead
            code = "broken"
            self.witness.complain("calm", f"{what} raised {error!r}")
        else:
            return result
        self.coverage.refusals[code] += 1
        self.witness.told(f"{what}:{code}")
        return code

    async def submit(self, process: Process, session: str, ask: Ask) -> Answer | str:
        """Ask a session something."""
        if ask.client_id is not None:
            self.sent.append((session, ask))
        command = ask.command
        if isinstance(command, c.Tick):
            # As the timers do it: nobody looks at a session who may have been away himself.
            if not await process.service.heartbeat.serves():
                return "away"
            command = c.Tick(served_since=process.service.heartbeat.served_since, asked_at=process.service.clock.now())
        work = process.service.door.submit(ask.principal, session, command)
        answer = await self.attempt(process, type(command).__name__, work)
        if isinstance(answer, Answer):
            self._accepted(session, ask, answer)
        return answer

    async def come_in(self, process: Process, visitor: Principal, request: OpenRequest) -> Opened | str:
        """Bring a visitor in."""
        inbox = visitor.inbox or ""
        opened = await self.attempt(process, "open", process.service.opening.open(visitor, inbox, request))
        if isinstance(opened, str):
            return opened
        self.witness.told(f"{opened.how}:{opened.session.id}")
        if opened.how == "opened":
            self.coverage.cells[OPENING] += 1
        message = request.message
        if message is not None and message.client_id is not None and opened.message is not None:
            ask = Ask(visitor, message_of(visitor, message), message.text, message.client_id)
            self.sent.append((opened.session.id, ask))
            self._promised(opened.session.id, ask, opened.message)
        return opened

    def _accepted(self, session: str, ask: Ask, answer: Answer) -> None:
        self.witness.told(f"{answer.seq}:{answer.message_id}")
        self.heads[session] = max(self.heads.get(session, 0), answer.session.seq)
        story = self.witness.stories.get(session)
        if story is None:
            return
        before = answer.session.seq - len(answer.events)
        if not answer.repeated and not isinstance(ask.command, BOTS_OWN) and 0 < before < len(story.cells):
            self.coverage.command(type(ask.command), story.cells[before])
        if isinstance(ask.command, c.ClaimSession) and answer.session.agent != ask.principal.id:
            self.witness.complain("I10", f"{ask.principal.id} was told to hold the floor of {session}", story)
        self._promised(session, ask, answer)

    def _promised(self, session: str, ask: Ask, answer: Answer) -> None:
        story = self.witness.stories.get(session)
        if ask.client_id is None or story is None:
            return
        key = (session, ask.principal.actor.label, ask.client_id)
        promise = Promise(answer.seq, answer.message_id, ask.text)
        if (wrong := self.witness.promises.acknowledged(key, promise)) is not None:
            self.witness.complain("I4", wrong, story)
        if (wrong := self.witness.promises.unkept(key, story.frames)) is not None:
            self.witness.complain("I3", wrong, story)

    def _refused(self, process: Process, what: str, code: str) -> None:
        trouble = code == "internal_error" or (code == "store_unavailable" and process.store_is_well)
        if trouble and not process.is_dead:
            self.witness.complain("calm", f"{what} was refused as {code}, and nothing was wrong")

    # Time.

    async def pass_time(self, length: timedelta) -> None:
        """Let time go by, and the keeper look at whatever falls due meanwhile."""
        until = self.time.now() + length
        looked_at, pause = self.time.now() - SOON, SOON
        while (now := self.time.now()) < until:
            look = await self._next_look(looked_at + pause)
            if look is not None and look > now + SOON and self.rng.happens(EARLY_LOOKS):
                look = max(now, look - timedelta(milliseconds=1))
            stop = until if look is None else min(until, max(look, now))
            if stop > now:
                await asyncio.sleep((stop - now).total_seconds())
            if look is not None and self.time.now() >= look:
                # What could not be done at once will not be done by asking for it every second.
                pause = min(2 * pause, PAUSE_MAX) if look == looked_at + pause else SOON
                looked_at = self.time.now()
                await self.look()

    async def look(self) -> None:
        """Let every process that serves look at the time, in any order or at once."""
        self.bury()
        serving = [process for process in self.processes if process.answers]
        self.rng.shuffle(serving)
        if len(serving) > 1 and self.rng.happens(0.3):
            await asyncio.gather(*(self.attempt(process, "look", process.look()) for process in serving))
        else:
            for process in serving:
                if process.answers:
                    await self.attempt(process, "look", process.look())

    async def _next_look(self, again_at: datetime) -> datetime | None:
        if not any(process.answers for process in self.processes):
            return None
        due = await self.store.due(FAR, 1)
        return max(due[0][1], again_at) if due else None

    # Looking on.

    def check_bounds(self) -> None:
        """I14: hold every process against its limits."""
        for process in self.processes:
            for wrong in bounds.passed(process.service, CONFIG):
                self.witness.complain("I14", wrong)

    def policy(self, session: str) -> Policy:
        """The policy a session stands under."""
        return self.witness.stories[session].policy

    def _look_at_shown(self, turn: TurnInput) -> None:
        story = self.witness.stories.get(turn.session)
        if story is None:
            return
        wrong = sealing.shown_wrongly(story, turn, self.time.now(), CONFIG.history_lines_max)
        if wrong is not None:
            self.witness.complain("I8", wrong, story)


class Failures(logging.Handler):
    """Errors that nobody asked for: a task of the runtime that broke."""

    def __init__(self, violations: Violations) -> None:
        super().__init__(logging.ERROR)
        self._violations = violations

    def emit(self, record: logging.LogRecord) -> None:
        """A broken task is a broken promise."""
        error = record.exc_info[1] if record.exc_info else None
        self._violations.add("calm", f"{record.getMessage()} ({getattr(record, 'task', '')}): {error!r}")


def message_of(visitor: Principal, message: MessageIn) -> c.PostMessage:
    """The message that came with an opening, to be sent again."""
    return c.PostMessage(actor=visitor.actor, text=message.text, client_id=message.client_id)
