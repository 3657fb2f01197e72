"""The stage: the real service over a store in memory, a clock that is moved by hand and a bot that plays its part."""

from contextlib import asynccontextmanager
from datetime import timedelta

from chatsession.buses.local import LocalBus
from chatsession.clocks.manual import ManualClock
from chatsession.core.events import header
from chatsession.core.policy import Policy
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.opening import MessageIn, OpenRequest, message_command
from chatsession.runtime.principal import Principal
from chatsession.runtime.service import Service
from chatsession.stores.memory import MemoryStore
from chatsession.testing.scripted import ScriptedBot

SECRET = "a-secret-of-the-shop-that-is-long-enough-for-every-algorithm-that-signs"


class Stage:
    """A service that runs, and short words for what its visitors and agents do."""

    def __init__(self, service: Service, clock: ManualClock, bot: ScriptedBot) -> None:
        self.service = service
        self.clock = clock
        self.bot = bot

    async def visitor(self, inbox: str = "shop") -> Principal:
        """Somebody new."""
        grant = await self.service.identity.new_visitor(inbox)
        return await self.service.identity.of_token(grant.token)

    async def open(self, visitor: Principal, text: str | None = "Hello", *, client_id=None, inbox="shop", **more):
        """Bring a visitor in."""
        message = None if text is None else MessageIn(text=text, client_id=client_id)
        return await self.service.opening.open(visitor, inbox, OpenRequest(message=message, **more))

    async def say(self, visitor: Principal, session: str, text: str, *, client_id: str | None = None):
        """Post a message."""
        command = message_command(visitor, MessageIn(text=text, client_id=client_id))
        return await self.service.door.submit(visitor, session, command)

    async def types(self, session: str, after: int = 0) -> list[str]:
        """The types of all events after a seq."""
        return [header(frame).type for frame in await self.service.store.frames(session, after, 10_000)]

    async def view(self, principal: Principal, session: str):
        """The session as it stands."""
        return await self.service.reading.view(principal, session)


def agent(name: str = "carl", inboxes: tuple[str, ...] | None = None) -> Principal:
    """A human agent."""
    return Principal(kind="agent", id=name, name=name.title(), inboxes=inboxes, verified=True)


def admin(inboxes: tuple[str, ...] | None = None) -> Principal:
    """A program with an admin key."""
    return Principal(kind="key", id="backoffice", name="Back office", inboxes=inboxes, verified=True)


@asynccontextmanager
async def stage(*steps, policy: Policy | None = None, store=None, clock=None, bus=None, bot=None, config=None, **inbox):
    """A service with the inboxes `shop` and `bank`; the shop's bot plays the `steps`, unless it is another `bot`."""
    store = store or MemoryStore()
    clock = clock or ManualClock()
    bot = bot or ScriptedBot(*steps)
    shop = Inbox(name="shop", policy=policy or Policy(), identity_secrets=(SECRET,), **inbox)
    service = Service(
        store=store,
        bus=bus or LocalBus(),
        bots={"shop": bot},
        clock=clock,
        inboxes={"shop": shop, "bank": Inbox(name="bank")},
        config=config,
    )
    await service.start()
    try:
        yield Stage(service, clock, bot)
    finally:
        # A bot that hangs would use its whole grace.
        await service.drain(timedelta(0))
