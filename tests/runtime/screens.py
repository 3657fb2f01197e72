"""What somebody who follows a session sees, and how tests wait for it."""

import asyncio
import json

from stage import Stage

from chatsession.core import events as e
from chatsession.runtime.following import EventFrame, SignalFrame
from chatsession.runtime.principal import Principal


async def until(is_so, *, seconds: float = 20.0):
    """Wait for a condition; what it returned once it was true."""
    async with asyncio.timeout(seconds):
        while not (found := is_so()):
            await asyncio.sleep(0.002)
    return found


class Screen:
    """Everything a follower got, in order."""

    def __init__(self) -> None:
        self.frames: list[dict] = []

    def deliver(self, delivery) -> None:
        if isinstance(delivery, EventFrame | SignalFrame):
            self.frames.append(json.loads(delivery.data))

    def of(self, *types: str) -> list[dict]:
        return [frame for frame in self.frames if frame["type"] in types]

    def types(self) -> list[str]:
        return [frame["type"] for frame in self.frames]

    async def shows(self, kind: str, times: int = 1) -> dict:
        """Wait until there are so many frames of a type; the last of them."""
        return (await until(lambda: self.of(kind) if len(self.of(kind)) >= times else None))[times - 1]

    def text(self, attempt: int = 1) -> str:
        """The deltas of an attempt, put where their offsets say."""
        text = ""
        for delta in self.of("delta"):
            if delta["attempt"] == attempt:
                assert delta["offset"] == len(text)
                text += delta["text"]
        return text


async def screen(scene: Stage, principal: Principal, session: str, after: int = 0) -> Screen:
    """Follow a session from a seq on."""
    shown = Screen()

    async def room() -> None:
        return None

    await scene.service.following.follow(principal, session, after, shown.deliver, room)
    return shown


async def asked(scene: Stage, text: str = "Hello"):
    """A visitor, the session they opened with a message, and a service's screen of it."""
    visitor = await scene.visitor()
    opened = await scene.open(visitor, text)
    principal = Principal(kind="key", id="backoffice", verified=True)
    return visitor, opened.session.id, await screen(scene, principal, opened.session.id)


async def events(scene: Stage, session: str, *kinds: type[e.Event]) -> list[e.Event]:
    """The stored events of these kinds."""
    frames = await scene.service.store.frames(session, 0, 10_000)
    return [event for event in map(e.decode, frames) if not kinds or isinstance(event, kinds)]


async def traces(scene: Stage, session: str, count: int):
    """Wait until so many attempts have left their trace."""
    async with asyncio.timeout(20):
        while True:
            found = await scene.service.store.traces(session)
            if len(found) >= count:
                return found
            await asyncio.sleep(0.002)
