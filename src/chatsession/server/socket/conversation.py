"""One socket in one session: who is there, what they ask for, and what they are told, over whatever connection."""

import asyncio
import logging
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from chatsession.runtime.door import OVERLOADED
from chatsession.runtime.following import Delivery, Ended, EventFrame, Follow, SignalFrame
from chatsession.runtime.lanes import Lane
from chatsession.runtime.pending import Told
from chatsession.runtime.refused import RefusedError, rate_limited, unauthorized
from chatsession.server.socket.admission import Admitted, admit, beat_seconds, is_still_valid
from chatsession.server.socket.asking import Ask, command_of
from chatsession.server.socket.closing import OF_END, Close, close_for
from chatsession.server.socket.connection import Connection, Place
from chatsession.server.socket.frames import Ack, Auth, Beat, Hello, SignalFromClient
from chatsession.server.socket.outgoing import Outgoing
from chatsession.server.socket.pace import Pace
from chatsession.server.socket.reading import BINARY, Data, UnreadableError, client_id_of, read_auth, read_frame
from chatsession.tracing import LOG_UNEXPECTED

if TYPE_CHECKING:
    from chatsession.server.socket.sockets import Sockets

COMMANDS_IN_FLIGHT_MAX = 64
"""Frames of one socket that are waiting for their answer."""
WRONG_MAX = 100
"""Frames in a row that were malformed or too fast; after that nobody is at the other end whom an answer would help."""
GOODBYE_SECONDS_MAX = 5
"""What a peer gets to answer a close frame before it is cut off."""
SERVERS_OWN = 500
"""From here on, the status of a refusal says that the trouble is ours."""

log = logging.getLogger("chatsession")


class _GoneError(Exception):
    """Nobody reads any more what is being caught up on."""


class Conversation:
    """Everything between a socket's first frame and its last, the same for every library underneath."""

    __slots__ = (
        "_admitted",
        "_beat_at",
        "_follow",
        "_in_flight",
        "_out",
        "_pace",
        "_place",
        "_since",
        "_sockets",
        "_waiting",
        "_work",
    )

    def __init__(self, sockets: "Sockets", connection: Connection, place: Place) -> None:
        self._sockets = sockets
        self._out = Outgoing(connection, sockets.options.buffer_bytes_max, self.end)
        self._place = place
        self._since = self._beat_at = sockets.now()
        self._pace = Pace(sockets.options.frames_per_second, sockets.options.frames_burst, self._since)
        self._admitted: Admitted | None = None
        self._follow: Follow | None = None
        self._waiting: deque[Data] | None = None
        self._work: asyncio.Task[None] | None = None
        self._in_flight = 0
        sockets.add(self)

    # What the connection brings.

    def on_text(self, data: Data) -> None:
        """Answer a frame, now or in its turn."""
        if self._out.is_over:
            return
        if not self._pace.allow(self._sockets.now()):
            self._wrong(rate_limited(), client_id_of(data))
        elif self._work is not None:
            self._wait(data)
        elif self._admitted is None:
            self._work = self._sockets.start(self._greet(data), "greeting")
        elif (lane := self._sockets.service.door.at_hand(self._place.session)) is not None:
            self._take(data, lane)
        else:
            self._wait(data)
            self._work = self._sockets.start(self._fetch_session(), "fetch session")

    def on_binary(self) -> None:
        """Say that only text is understood."""
        if not self._out.is_over:
            self._wrong(RefusedError(BINARY), None)

    def on_gone(self) -> None:
        """Let go of everything."""
        self._over()
        self._sockets.remove(self, self._admitted)

    def on_closing(self) -> None:
        """Send the client elsewhere."""
        self.end(Close.DRAINING)

    # What the process does with it.

    def look_after(self, now: float) -> bool:
        """End what has waited too long; True if a beat is due."""
        if self._out.is_over:
            if now - self._since > GOODBYE_SECONDS_MAX:
                self._out.abort()
            return False
        if self._admitted is None and now - self._since > self._sockets.options.auth_seconds_max:
            self._refuse(unauthorized())
        return self._follow is not None and now >= self._beat_at

    async def beat(self) -> None:
        """Say where the session is, and have what the bus lost repaired."""
        admitted, follow = self._admitted, self._follow
        if admitted is None or follow is None:
            return
        service = self._sockets.service
        self._beat_at = self._sockets.now() + beat_seconds(self._sockets.options, admitted)
        head = follow.delivered
        try:
            if not await is_still_valid(service, admitted, service.clock.now()):
                self.end(Close.REVOKED)
                return
            page = await service.reading.events(admitted.principal, self._place.session, head, 1)
            head = page.head
        except RefusedError as refused:
            # A store that cannot be read for a moment ends nothing: what is missing is found by a later beat.
            if refused.refusal.status < SERVERS_OWN:
                self._refuse(refused)
        if not self._out.is_over:
            service.following.check(follow, head)
            self._out.frame(Beat(head=head))

    def end(self, close: Close) -> None:
        """Say goodbye, and why; the client reads in the code whether to come back."""
        if self._out.is_over:
            return
        self._over()
        self._out.close(close.value.number, self._sockets.reason_of(close))

    # The beginning.

    async def _greet(self, data: Data) -> None:
        try:
            await self._let_in(read_auth(data))
            await self._take_waiting()
        except RefusedError as refused:
            self._refuse(refused)
        except _GoneError:
            pass
        except Exception:  # Nobody must sit before a socket that nobody feeds.
            log.exception(LOG_UNEXPECTED, extra={"session": self._place.session})
            self.end(Close.UNAVAILABLE)
        finally:
            self._work = None

    async def _let_in(self, auth: Auth) -> None:
        service = self._sockets.service
        admitted = await admit(service, self._place, auth)
        if self._out.is_over:
            return
        if not self._sockets.enter(admitted.principal):
            self.end(Close.TOO_MANY)
            return
        self._admitted = admitted
        self._beat_at = self._sockets.now() + beat_seconds(self._sockets.options, admitted)
        now = service.clock.now()
        self._out.frame(
            Hello(epoch=service.epoch, head=admitted.head, durability=service.store.durability, server_time=now)
        )
        follow = await service.following.follow(
            admitted.principal, self._place.session, auth.after, self._deliver, self._room
        )
        if self._out.is_over:
            follow.close()
            return
        self._follow = follow
        # Once more: it may have been revoked before there was anything to end.
        if not await is_still_valid(service, admitted, now):
            self.end(Close.REVOKED)

    # Frames, in order.

    def _wait(self, data: Data) -> None:
        if self._waiting is None:
            self._waiting = deque()
        if len(self._waiting) + self._in_flight >= COMMANDS_IN_FLIGHT_MAX:
            self._out.problem(RefusedError(OVERLOADED), client_id_of(data))
        else:
            self._waiting.append(data)

    async def _take_waiting(self) -> None:
        """Take what has come in while the session was not at hand, in order."""
        while self._waiting and self._admitted is not None and not self._out.is_over:
            lane = await self._sockets.service.door.state(self._admitted.principal, self._place.session)
            self._take(self._waiting.popleft(), lane)
        self._waiting = None

    async def _fetch_session(self) -> None:
        try:
            await self._take_waiting()
        except RefusedError as refused:
            self._refuse(refused)
        finally:
            self._work = None

    def _take(self, data: Data, lane: Lane) -> None:
        try:
            frame = read_frame(data)
        except UnreadableError as unreadable:
            self._wrong(unreadable, unreadable.client_id)
            return
        self._pace.wrong = 0
        if isinstance(frame, SignalFromClient):
            self._sockets.start(self._signal(frame), "signal")
        else:
            self._ask(frame, lane)

    def _ask(self, ask: Ask, lane: Lane) -> None:
        admitted = self._admitted
        if admitted is None:
            return
        if self._in_flight >= COMMANDS_IN_FLIGHT_MAX:
            self._out.problem(RefusedError(OVERLOADED), ask.client_id)
            return
        try:
            command = command_of(ask, admitted.principal, lane.session, self._sockets.policy_hash)
            tell = partial(self._answer, ask.client_id)
            self._sockets.service.door.line_up(lane, admitted.principal, command, tell)
        except RefusedError as refused:
            self._out.problem(refused, ask.client_id)
        else:
            self._in_flight += 1

    def _answer(self, client_id: str | None, told: Told) -> None:
        """Acknowledge a command, right behind its events: both are one write."""
        self._in_flight -= 1
        if isinstance(told, RefusedError):
            self._out.problem(told, client_id)
        else:
            ack = Ack(client_id=client_id, seq=told.seq, message_id=told.message_id, repeated=told.repeated)
            self._out.frame(ack)

    async def _signal(self, frame: SignalFromClient) -> None:
        if self._admitted is not None:
            signals, principal, session = self._sockets.service.signals, self._admitted.principal, self._place.session
            try:
                if frame.seq is None:
                    await signals.typing(principal, session)
                else:
                    await signals.read(principal, session, frame.seq)
            except RefusedError:
                # It mattered only then.
                return

    # What is told.

    def _deliver(self, delivery: Delivery) -> None:
        match delivery:
            case EventFrame(data=data):
                self._out.event(data)
            case SignalFrame(data=data):
                self._out.signal(data)
            case Ended(code=code):
                self.end(OF_END[code])

    async def _room(self) -> None:
        await self._out.room()
        # Later on, the end of the conversation ends the following; while it begins, only this can.
        if self._out.is_over and self._follow is None:
            raise _GoneError

    def _wrong(self, error: RefusedError, client_id: str | None) -> None:
        self._out.problem(error, client_id)
        self._pace.wrong += 1
        if self._pace.wrong > WRONG_MAX:
            self.end(Close.ABUSE)

    def _refuse(self, refused: RefusedError) -> None:
        """Say why this socket cannot be, and end it."""
        self._out.problem(refused, None)
        self.end(close_for(refused.refusal))

    # The end.

    def _over(self) -> None:
        if not self._out.is_over:
            self._out.is_over = True
            self._since = self._sockets.now()
            self._waiting = None
            if self._follow is not None:
                self._follow.close()
