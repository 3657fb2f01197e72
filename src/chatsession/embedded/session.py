"""One session in the hands of a program: what visitor, bot and agent can do in it, and what can be read of it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.words import Outcome, Scope
from chatsession.embedded.answering import PAGE, WAIT_SECONDS, Reply, pieces_after, reply_after
from chatsession.runtime.opening import MessageIn, message_command
from chatsession.runtime.pending import Answer
from chatsession.runtime.principal import BOT_PRINCIPAL, Principal
from chatsession.runtime.service import Service
from chatsession.runtime.views import SessionView
from chatsession.tracing import Trace

PROGRAM = Principal(kind="key", id="embedded", name="embedded", verified=True)
"""The program itself: it may see and do what an admin key may."""


class ChatSession:
    """A session as its visitor uses it; `as_agent` gives the same one as an agent uses it.

    Every method raises RefusedError, with a stable `refusal.code`, where the rules refuse; then nothing has changed.
    """

    def __init__(self, service: Service, principal: Principal, session: str, *, said_seq: int = 0) -> None:
        self._service = service
        self._principal = principal
        self.id = session
        self._said_seq = said_seq

    def as_agent(self, agent: str, name: str | None = None) -> "ChatSession":
        """The same session in the hands of a human agent."""
        principal = Principal(kind="agent", id=agent, name=name, verified=True)
        return ChatSession(self._service, principal, self.id, said_seq=self._said_seq)

    async def state(self) -> SessionView:
        """Where the session is now: phase, floor, clocks, and all of the context, as the program may see it."""
        return await self._service.reading.view(self._staff, self.id)

    async def say(
        self,
        text: str,
        *,
        client_id: str | None = None,
        parts: Sequence[dict[str, Any]] = (),
        page: str | None = None,
        thread: str | None = None,
    ) -> int:
        """Post a message; its seq, once it is durable. The same `client_id` and text again posts nothing twice."""
        message = MessageIn(text=text, client_id=client_id, parts=list(parts), page=page, thread=thread)
        answer = await self._submit(message_command(self._principal, message))
        self._said_seq = answer.seq
        return answer.seq

    async def answer(self) -> Reply:
        """The service's answer to what was said last; wait for it. Raise NoReplyError where there will be none."""
        return await reply_after(self._service, self._principal, self.id, self._said_seq)

    def stream(self) -> AsyncIterator[str]:
        """The answer to what was said last, piece by piece as it is written."""
        return pieces_after(self._service, self._principal, self.id, self._said_seq)

    async def reply(self, text: str, *, known: bool = True, sources: Sequence[e.Source] = (), **more: Any) -> int:
        """Answer the open turn yourself, where no bot does; without an open turn, say it as the bot.

        `more` are further fields of `AnswerTurn`, such as `resolved`, `usage`, `context`.
        """
        lane = await self._service.door.state(PROGRAM, self.id)
        turn = lane.session.turn
        command: c.Command = c.PostMessage(actor=c.BOT, text=text)
        if turn is not None:
            command = c.AnswerTurn(
                actor=c.BOT,
                turn=turn.number,
                attempt=turn.attempt,
                text=text,
                known=known,
                sources=list(sources),
                **more,
            )
        return (await self._service.door.submit(BOT_PRINCIPAL, self.id, command)).seq

    async def messages(self) -> list[e.MessagePosted]:
        """Everything that was said, oldest first."""
        return [event async for event in self.events() if isinstance(event, e.MessagePosted)]

    async def events(self, after: int = 0, *, live: bool = False) -> AsyncIterator[e.Event]:
        """The events after a seq, in order; `live` waits for those to come, for ever."""
        while True:
            page = await self._service.reading.events(PROGRAM, self.id, after, PAGE, WAIT_SECONDS if live else 0)
            for frame in page.frames:
                event = e.decode(frame)
                after = event.seq
                yield event
            if page.next is None and not live:
                return

    async def traces(self) -> list[Trace]:
        """What each turn saw, did and cost."""
        return await self._service.reading.traces(PROGRAM, self.id)

    async def typing(self) -> None:
        """Show that somebody is writing; from the visitor it counts as activity."""
        await self._service.signals.typing(self._principal, self.id)

    async def keep_open(self) -> None:
        """Ask for more time."""
        await self._submit(c.KeepOpen(actor=self._principal.actor))

    async def close(self) -> None:
        """End the period; closing again changes nothing."""
        await self._submit(c.CloseSession(actor=self._principal.actor))

    async def resolve(self, outcome: Outcome = "confirmed", *, thread: str | None = None) -> None:
        """End the period as resolved, or one thread of it; for the program and for agents."""
        await self._submit(c.ResolveSession(actor=self._staff.actor, outcome=outcome, thread=thread), by=self._staff)

    async def resume(self, text: str | None = None) -> None:
        """Open the closed session again, with its full history and context, perhaps with a message."""
        hash_, _ = self._service.policies.current((await self.state()).inbox)
        answer = await self._submit(c.ResumeSession(actor=self._principal.actor, policy=hash_, text=text))
        self._said_seq = answer.seq

    async def hand_off(self, note: str | None = None) -> None:
        """Ask for a human."""
        await self._submit(c.RequestHandoff(actor=self._principal.actor, note=note))

    async def claim(self) -> None:
        """Take the floor, as an agent."""
        await self._submit(c.ClaimSession(actor=self._principal.actor))

    async def hand_back(self, to: str = "bot", note: str | None = None) -> None:
        """Give the floor back to the bot or to the queue, as an agent or the program."""
        await self._submit(c.ReturnFloor(actor=self._staff.actor, to=to, note=note), by=self._staff)

    async def stop(self) -> None:
        """Stop the answer that is being written."""
        await self._submit(c.StopTurn(actor=self._principal.actor))

    async def rate(self, score: int | None = None, *, solved: bool | None = None, comment: str | None = None) -> None:
        """Judge the session: 1 to 5, solved or not, a comment. The last word counts, for 24 hours."""
        await self._submit(c.GiveFeedback(actor=self._principal.actor, score=score, solved=solved, comment=comment))

    async def know(
        self, values: Mapping[str, Any] | None = None, *, forget: Sequence[str] = (), scope: Scope = "session"
    ) -> None:
        """Set and unset context values, as the program: they count as verified."""
        command = c.ChangeContext(actor=PROGRAM.actor, set=dict(values or {}), unset=list(forget), scope=scope)
        await self._submit(command, by=PROGRAM)

    async def start_thread(self, topic: str | None = None, title: str | None = None) -> str:
        """Begin a thread and make it the current one; its id."""
        answer = await self._submit(c.StartThread(actor=PROGRAM.actor, topic=topic, title=title), by=PROGRAM)
        return answer.session.thread or ""

    async def continue_thread(self, thread: str, *, of: str) -> None:
        """Go on in this session with a thread of an earlier one of the same visitor, and with what it knew."""
        await self._submit(c.StartThread(actor=PROGRAM.actor, thread=thread, continued_from=of), by=PROGRAM)

    @property
    def _staff(self) -> Principal:
        return self._principal if self._principal.kind == "agent" else PROGRAM

    async def _submit(self, command: c.Command, by: Principal | None = None) -> Answer:
        return await self._service.door.submit(by or self._principal, self.id, command)
