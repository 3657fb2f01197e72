"""Threads: several topics in one session, one topic over several sessions."""

from litestar import patch, post
from litestar.params import FromPath, JSONBody

from chatsession.core import commands as c
from chatsession.core.events import ThreadStarted
from chatsession.runtime.views import ThreadView
from chatsession.server import shapes as s
from chatsession.server.providing import Serving, Who

THREADS = ["threads"]


@post("/v1/sessions/{session:str}/threads", tags=THREADS)
async def start_thread(
    session: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.NewThread | None] = None
) -> ThreadView:
    """Begin a thread, or continue one of an earlier session with what it knew."""
    wish = data or s.NewThread()
    command = c.StartThread(
        actor=principal.actor,
        topic=wish.topic,
        title=wish.title,
        thread=wish.thread,
        continued_from=wish.continued_from,
    )
    answer = await service.door.submit(principal, session, command)
    begun = next((event.thread for event in answer.events if isinstance(event, ThreadStarted)), wish.thread)
    return next(one for one in service.reading.threads_in(principal, answer.session) if one.id == begun)


@patch("/v1/threads/{thread:str}", tags=THREADS)
async def change_thread(
    thread: FromPath[str], principal: Who, service: Serving, data: JSONBody[s.ThreadChange]
) -> ThreadView:
    """Give a thread another topic, title or status, or make it the current one of its newest session."""
    session = await service.reading.session_of_thread(principal, thread)
    command = c.ChangeThread(
        actor=principal.actor,
        thread=thread,
        topic=data.topic,
        title=data.title,
        status=data.status,
        current=data.current,
    )
    answer = await service.door.submit(principal, session, command)
    return next(one for one in service.reading.threads_in(principal, answer.session) if one.id == thread)


ROUTES = [start_thread, change_thread]
