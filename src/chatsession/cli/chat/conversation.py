"""A visitor's side of a chat, through lost connections and killed servers: nothing is lost, nothing comes twice."""

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from chatsession.cli.chat.remembered import Remembered
from chatsession.cli.chat.screen import Screen
from chatsession.cli.chat.writing import Writing
from chatsession.cli.remote import Frame, ProblemError, Remote, UnreachableError
from chatsession.cli.waiting import surely, wait_seconds, will_pass

Result = TypeVar("Result")
SETTLE_SECONDS = 3.0
"""After which we ask again where the session is, though no news have come."""
UNAUTHORIZED, GONE = 401, 410
ENDS = {
    "revoked": "You were signed out; start `chatsession chat` again to come in anew.",
    "erased": "This chat was erased.",
    "resync": "The server's data is not what it was; start `chatsession chat` again.",
}
"""What it means to the visitor that a stream ended for good."""
CLOSED = ("session_closed", "session_archived", "not_found")


class Conversation:
    """One visitor in one inbox: the session at hand, followed as it goes on."""

    def __init__(self, remote: Remote, inbox: str, remembered: Remembered, screen: Screen) -> None:
        self.inbox = inbox
        self.view: dict[str, Any] | None = None
        self.writing = Writing()
        self.is_connected = True
        self._remote = remote
        self._remembered = remembered
        self._screen = screen
        self._seq = 0
        self._follower: asyncio.Task[None] | None = None
        self._refresher: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._stale = asyncio.Event()
        self._begin_anew = False

    async def begin(self) -> None:
        """Come in as who we were, or as somebody new, and take up the chat we were in."""
        self._refresher = asyncio.create_task(self._keep_fresh())
        self._remote.secret = self._remembered.token(self._remote.base_url, self.inbox)
        if self._remote.secret is None:
            await self._come_in()
            return
        try:
            earlier = await self._remote.get("/v1/visitors/me/sessions")
        except ProblemError as problem:
            if problem.status != UNAUTHORIZED:
                raise
            self._screen.notice("This server does not know you any more; you come in as somebody new.")
            await self._come_in()
            return
        newest = next(iter(earlier["sessions"]), None)
        if newest is not None and newest["phase"] != "archived":
            self._take(newest)

    async def end(self) -> None:
        """Stop following; the session itself goes on."""
        for task in (self._follower, self._refresher):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def say(self, text: str) -> None:
        """Post a message, once, however often the connection breaks; where no session is open, this opens one."""
        client_id = uuid.uuid4().hex
        message = {"text": text, "client_id": client_id}
        if self.view is not None and self.view["phase"] == "open":
            try:
                await self._surely(lambda: self._remote.post(self._path("messages"), message))
            except ProblemError as problem:
                if problem.code not in CLOSED:
                    raise
            else:
                await self.refresh()
                return
        request = {"client_id": client_id, "message": message, "metadata": {"page": "terminal"}}
        if self._begin_anew:
            request["on_return"] = "new"
        self._begin_anew = False
        self._take(await self._surely(lambda: self._remote.post(f"/v1/inboxes/{self.inbox}/sessions", request)))

    async def ask(self, action: str, **body: Any) -> None:
        """Ask for something of the session at hand: keep-open, close, resume, handoff, stop, feedback."""
        await self._surely(lambda: self._remote.post(self._path(action), body))
        await self.refresh()

    async def skip(self, to: str) -> None:
        """Skip the demo's clock ahead to what this session waits for."""
        body = {"session": self._session, "to": to}
        self._take(await self._surely(lambda: self._remote.post("/v1/demo/skip", body)))

    async def begin_anew(self) -> None:
        """Close the session at hand; the next message opens a new one."""
        if self.view is not None and self.view["phase"] == "open":
            await self.ask("close")
        self._begin_anew = True

    async def refresh(self) -> None:
        """Ask where the session is."""
        session = self._session
        if session:
            view = await self._surely(lambda: self._remote.get(f"/v1/sessions/{session}"))
            if session == self._session:
                self._seen(view)

    async def settle(self) -> None:
        """Wait until everything that happened was shown, and nobody of the service owes an answer right now."""
        while self.view is not None:
            await self.refresh()
            if self._seq >= self.view["seq"] and self.view["waiting_on"] != "bot":
                return
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SETTLE_SECONDS):
                    await self._changed.wait()

    @property
    def _session(self) -> str:
        return "" if self.view is None else str(self.view["id"])

    def _path(self, action: str) -> str:
        return f"/v1/sessions/{self._session}/{action}"

    async def _come_in(self) -> None:
        self._remote.secret = None
        visitor = await self._remote.post(f"/v1/inboxes/{self.inbox}/visitors")
        self._remote.secret = str(visitor["token"])
        self._remembered.keep(self._remote.base_url, self.inbox, self._remote.secret)

    def _take(self, view: dict[str, Any]) -> None:
        """Follow this session, from its beginning if it is another one than before."""
        is_another = view["id"] != self._session
        self._seen(view)
        if is_another:
            if self._follower is not None:
                self._follower.cancel()
            self._seq, self.writing = 0, Writing()
            self._follower = asyncio.create_task(self._follow(str(view["id"])))

    async def _follow(self, session: str) -> None:
        """Follow for ever, from where we are: whatever breaks, nothing is missed and nothing comes twice."""
        tried = 0
        while True:
            try:
                async for frame in self._remote.stream(f"/v1/sessions/{session}/stream", self._seq):
                    tried = 0
                    self._found()
                    self._arrived(frame)
            except UnreachableError:
                self._lost()
            except ProblemError as problem:
                if not will_pass(problem):
                    self._screen.notice(str(problem))
                    return
            self.writing = Writing()
            await asyncio.sleep(wait_seconds(tried))
            tried += 1

    def _arrived(self, frame: Frame) -> None:
        match frame.name:
            case "signal":
                self.writing.signal(frame.data)
                self._screen.changed()
            case "end" if not frame.data.get("reconnect"):
                raise ProblemError({"code": frame.data["code"], "detail": ENDS.get(frame.data["code"])}, GONE)
            case _ if frame.seq is not None and frame.seq > self._seq:
                self._happened(frame.seq, frame.data)
            case _:
                pass

    def _happened(self, seq: int, event: dict[str, Any]) -> None:
        self._seq = seq
        self.writing.event(event)
        self._screen.event(event)
        self._changed.set()
        self._stale.set()

    async def _keep_fresh(self) -> None:
        """Ask where the session is after what happened: once for everything that came together."""
        while True:
            await self._stale.wait()
            self._stale.clear()
            with contextlib.suppress(UnreachableError, ProblemError):
                await self.refresh()

    def _seen(self, view: dict[str, Any]) -> None:
        """Take a view, unless it has been overtaken by a newer one."""
        if self.view is None or view["id"] != self._session or view["seq"] >= self.view["seq"]:
            self.view = view
            self._screen.changed()

    def _found(self) -> None:
        if not self.is_connected:
            self.is_connected = True
            self._screen.changed()

    def _lost(self) -> None:
        if self.is_connected:
            self.is_connected = False
            self._screen.changed()

    async def _surely(self, request: Callable[[], Awaitable[Result]]) -> Result:
        return await surely(request, lost=self._lost, found=self._found)
