"""What a bot is shown when it is asked, and how its signs of life reach the session."""

import time
from datetime import timedelta

from msgspec.structs import replace

from chatsession.bot import Bot, TurnInput
from chatsession.bus import Bus, News
from chatsession.clock import Clock
from chatsession.core import commands as c
from chatsession.core.context import Line, assemble
from chatsession.core.limits import ACTIVITY_EVERY_MAX, TEXT_CHARS_MAX
from chatsession.core.policy import Policy
from chatsession.core.rules.spending import limit_passed
from chatsession.core.session import NO_FACTS, Facts, Session, Turn
from chatsession.runtime.answers import Attempt
from chatsession.runtime.background import Background
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.door import Door
from chatsession.runtime.facts import FactFinder
from chatsession.runtime.histories import Histories
from chatsession.runtime.principal import BOT_PRINCIPAL
from chatsession.runtime.refused import RefusedError
from chatsession.store import Store


class Asking:
    """Prepares attempts: the history within the budget, the context in force, the way back to the screens."""

    def __init__(  # noqa: PLR0913  the seams between a bot and its session
        self, *, store: Store, bus: Bus, clock: Clock, door: Door, background: Background, config: RuntimeConfig
    ) -> None:
        self._facts = FactFinder(store)
        self.histories = Histories(store, config.histories_cached_max, config.history_lines_max)
        self._bus = bus
        self._clock = clock
        self._door = door
        self._background = background
        self._config = config

    async def attempt(self, bot: Bot, session: Session, policy: Policy) -> Attempt:
        """The attempt that the session's open turn is at, ready to run."""
        shown = await self._shown(session, policy)
        started = time.monotonic()
        stretch = min(ACTIVITY_EVERY_MAX, policy.bot_silence / 10) if policy.bot_silence else ACTIVITY_EVERY_MAX
        # The turn's own opening covers the first stretch.
        heard_until = self._clock.now() + stretch

        def sign_of_life() -> None:
            nonlocal heard_until
            now = self._clock.now()
            if now >= heard_until:
                heard_until = now + stretch
                touch = c.Touch(actor=c.BOT, turn=shown.turn, attempt=shown.attempt)
                self._background.start(self._touch(session.id, touch), "touch")

        return Attempt(
            bot=bot,
            shown=shown,
            policy=session.policy,
            started_at=self._clock.now(),
            chars_max=min(self._config.answer_chars_max, TEXT_CHARS_MAX),
            send=lambda frame: self._bus.publish(News(session.id, 0, (frame,))),
            sign_of_life=sign_of_life,
            elapsed=lambda: timedelta(seconds=time.monotonic() - started),
        )

    async def refusal(self, session: Session, policy: Policy) -> c.RefuseTurn | None:
        """The order to end the turn, where the attempts before this one have reached a limit."""
        turn = session.turn
        if turn is None or turn.attempt == 1:
            return None
        facts = await self._facts.with_usage(NO_FACTS, session.inbox, session.visitor, policy, self._clock.now())
        before, facts = _without_this_turn(session, facts)
        passed = limit_passed(before, policy, facts)
        if passed is None:
            return None
        limit, span, used, allowed = passed
        return c.RefuseTurn(
            actor=c.BOT, turn=turn.number, attempt=turn.attempt, limit=limit, span=span, used=used, allowed=allowed
        )

    async def _touch(self, session: str, touch: c.Touch) -> None:
        try:
            await self._door.submit(BOT_PRINCIPAL, session, touch)
        except RefusedError:
            return

    async def _shown(self, session: Session, policy: Policy) -> TurnInput:
        turn = session.turn
        if turn is None:
            raise RuntimeError("a turn that is answered is open")
        lines = [line for line in await self.histories.lines(session) if not _is_excuse(line, turn)]
        shown = assemble(session, lines, self._clock.now(), self._config.budget_tokens)
        asked = next((line for line in lines if line.seq == turn.asked_seq), None)
        thread = session.threads.get(session.thread or "")
        locale = session.metadata.get("locale")
        return TurnInput(
            session=session.id,
            inbox=session.inbox,
            visitor=session.visitor,
            turn=turn.number,
            attempt=turn.attempt,
            text=asked.text if asked else "",
            parts=await self.histories.parts(session, turn.asked_seq),
            lines=shown.lines,
            context=shown.context,
            carried=shown.carried,
            summary=shown.summary,
            thread=session.thread,
            topic=thread.topic if thread else None,
            page=asked.page if asked else None,
            human_part=shown.human_part,
            locale=locale if isinstance(locale, str) else None,
            dropped=shown.dropped,
            patience_seconds=policy.bot_silence.total_seconds() if policy.bot_silence else None,
        )


def _is_excuse(line: Line, turn: Turn) -> bool:
    """Between a message and a later turn about it stands only our apology: a bot that is asked again starts afresh."""
    return turn.asked_seq is not None and turn.asked_seq < line.seq < turn.opened_seq


def _without_this_turn(session: Session, facts: Facts) -> tuple[Session, Facts]:
    """What was used before: a turn's own opening must not stop its second attempt."""
    today = [used and replace(used, turns=used.turns - 1) for used in (facts.visitor_today, facts.inbox_today)]
    return (
        replace(session, spent=replace(session.spent, turns=session.spent.turns - 1)),
        replace(facts, visitor_today=today[0], inbox_today=today[1]),
    )
