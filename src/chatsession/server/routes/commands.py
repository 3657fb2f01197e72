"""What is asked of a session: each route is one command at the door."""

from litestar import Response, patch, post
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from chatsession.core import commands as c
from chatsession.runtime.opening import MessageIn, message_command
from chatsession.runtime.principal import Principal
from chatsession.runtime.service import Service
from chatsession.runtime.views import SessionView
from chatsession.runtime.visible import visible
from chatsession.server import shapes as s
from chatsession.server.providing import Serving, Who

TALKING = ["talking"]
STAFF = ["agents"]


async def asked(service: Service, principal: Principal, session: str, command: c.Command) -> SessionView:
    """Bring a command to the door; the session as it stands after it."""
    await service.door.submit(principal, session, command)
    return await service.reading.view(principal, session)


@post("/v1/sessions/{session:str}/messages", tags=TALKING)
async def post_message(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[MessageIn]
) -> Response[s.MessageAccepted]:
    """Say something (201). The same `client_id` and body again is answered as before (200), whenever that is."""
    answer = await service.door.submit(principal, session, message_command(principal, data))
    status = HTTP_200_OK if answer.repeated else HTTP_201_CREATED
    return Response(s.MessageAccepted(id=answer.message_id or "", seq=answer.seq), status_code=status)


@post("/v1/sessions/{session:str}/typing", status_code=204, tags=TALKING)
async def typing(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.NoFields | None] = None
) -> None:
    """Show that the caller is writing; from a visitor it counts as activity."""
    del data
    await service.signals.typing(principal, session)


@post("/v1/sessions/{session:str}/read", status_code=204, tags=TALKING)
async def read_up_to(session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.ReadUpTo]) -> None:
    """Tell everybody how far the caller has read; it is stored nowhere. For visitors and agents."""
    await service.signals.read(principal, session, int(data.seq))


@post("/v1/sessions/{session:str}/keep-open", status_code=200, tags=TALKING)
async def keep_open(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.NoFields | None] = None
) -> SessionView:
    """Ask for more time before the session times out."""
    del data
    return await asked(service, principal, session, c.KeepOpen(actor=principal.actor))


@post("/v1/sessions/{session:str}/close", status_code=200, tags=TALKING)
async def close(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.NoFields | None] = None
) -> SessionView:
    """End the period; closing again is answered with the first reason."""
    del data
    return await asked(service, principal, session, c.CloseSession(actor=principal.actor))


@post("/v1/sessions/{session:str}/resume", status_code=200, tags=TALKING)
async def resume(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.Resumption | None] = None
) -> SessionView:
    """Open the closed session again: same id, full history and context, perhaps with a message."""
    said = data.message if data else None
    inbox = (await service.reading.view(principal, session)).inbox
    command = c.ResumeSession(
        actor=principal.actor,
        policy=service.policies.current(inbox)[0],
        text=visible(said.text) if said else None,
        client_id=said.client_id if said else None,
        parts=said.parts if said else [],
        page=said.page if said else None,
        thread=said.thread if said else None,
    )
    return await asked(service, principal, session, command)


@post("/v1/sessions/{session:str}/handoff", status_code=200, tags=TALKING)
async def hand_off(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.HandoffRequest | None] = None
) -> SessionView:
    """Ask for a human."""
    note = data.note if data else None
    return await asked(service, principal, session, c.RequestHandoff(actor=principal.actor, note=note))


@post("/v1/sessions/{session:str}/queue-choice", status_code=200, tags=TALKING)
async def choose_in_queue(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.QueueAnswer]
) -> SessionView:
    """Wait on for a human, go back to the bot, or leave a message."""
    return await asked(service, principal, session, c.AnswerQueueOffer(actor=principal.actor, choice=data.choice))


@post("/v1/sessions/{session:str}/stop", status_code=200, tags=TALKING)
async def stop(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.NoFields | None] = None
) -> SessionView:
    """Stop the answer that is being written."""
    del data
    return await asked(service, principal, session, c.StopTurn(actor=principal.actor))


@post("/v1/sessions/{session:str}/retry", status_code=200, tags=TALKING)
async def retry(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.NoFields | None] = None
) -> SessionView:
    """Ask the bot again about the message whose answer failed or was stopped, as long as nothing was said since."""
    del data
    return await asked(service, principal, session, c.RetryTurn(actor=principal.actor))


@post("/v1/sessions/{session:str}/feedback", status_code=200, tags=TALKING)
async def give_feedback(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.Feedback]
) -> SessionView:
    """Judge the session or a part of it; the last word counts, for 24 hours after the closing."""
    command = c.GiveFeedback(
        actor=principal.actor, score=s.whole(data.score), solved=data.solved, comment=data.comment, part=data.part
    )
    return await asked(service, principal, session, command)


@patch("/v1/sessions/{session:str}/context", tags=TALKING)
async def change_context(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.ContextChange]
) -> SessionView:
    """Set and unset context values in one scope; what a visitor sets is unverified."""
    command = c.ChangeContext(
        actor=principal.actor,
        set=data.set,
        unset=data.unset,
        scope=data.scope,
        thread=data.thread,
        sensitivity=data.sensitivity,
        message_id=data.message_id,
    )
    return await asked(service, principal, session, command)


@post("/v1/sessions/{session:str}/resolve", status_code=200, tags=STAFF)
async def resolve(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.Resolution | None] = None
) -> SessionView:
    """End the session as resolved, or one thread of it. For agents, keys and bots."""
    asked_for = data or s.Resolution()
    command = c.ResolveSession(actor=principal.actor, outcome=asked_for.outcome, thread=asked_for.thread)
    return await asked(service, principal, session, command)


@post("/v1/sessions/{session:str}/claim", status_code=200, tags=STAFF)
async def claim(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.Claim | None] = None
) -> SessionView:
    """Take the floor. For agents."""
    term = s.whole(data.term if data else None)
    return await asked(service, principal, session, c.ClaimSession(actor=principal.actor, term=term))


@post("/v1/sessions/{session:str}/return", status_code=200, tags=STAFF)
async def give_back(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.Return | None] = None
) -> SessionView:
    """Give the floor back to the bot or to the queue. For agents and keys."""
    wish = data or s.Return()
    return await asked(service, principal, session, c.ReturnFloor(actor=principal.actor, to=wish.to, note=wish.note))


@post("/v1/sessions/{session:str}/snooze", status_code=200, tags=STAFF)
async def snooze(session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.Snooze]) -> SessionView:
    """Put the session aside until an instant; a visitor's message ends that sooner. For agents and keys."""
    return await asked(service, principal, session, c.SnoozeSession(actor=principal.actor, until=data.until))


@post("/v1/sessions/{session:str}/end-snooze", status_code=200, tags=STAFF)
async def end_snooze(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.NoFields | None] = None
) -> SessionView:
    """Take a snoozed session up again. For agents and keys."""
    del data
    return await asked(service, principal, session, c.EndSnooze(actor=principal.actor))


@post("/v1/sessions/{session:str}/notes", tags=STAFF)
async def post_note(session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.Note]) -> s.NoteAccepted:
    """Keep a note for colleagues; the visitor never sees it. For agents and keys."""
    answer = await service.door.submit(principal, session, c.PostNote(actor=principal.actor, text=data.text))
    return s.NoteAccepted(seq=answer.seq)


ROUTES = [
    post_message,
    typing,
    read_up_to,
    keep_open,
    close,
    resume,
    hand_off,
    choose_in_queue,
    stop,
    retry,
    give_feedback,
    change_context,
    resolve,
    claim,
    give_back,
    snooze,
    end_snooze,
    post_note,
]
