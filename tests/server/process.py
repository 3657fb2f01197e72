"""A server in a process of its own: its data in the file named, its address on the first line of its output."""

import asyncio
import sys
from collections.abc import AsyncIterator

from chatsession.assemble import clock_for, make_service, store_at
from chatsession.bot import BotEvent, Delta, TurnInput
from chatsession.bots.function import FunctionBot
from chatsession.runtime.inboxes import Inbox
from chatsession.server.logs import log_to
from chatsession.server.options import ServerOptions
from chatsession.server.serving import serve

OPTIONS = ServerOptions(turn_grace_seconds=20, reconnect_ms=50, reconnect_spread_ms=100)


async def answer(turn: TurnInput) -> AsyncIterator[BotEvent]:
    """Answer at once, slowly, or never, as the visitor asks for."""
    yield Delta("Let me see")
    match turn.text:
        case "slowly":
            await asyncio.sleep(1)
            yield Delta(", there it is.")
        case "never":
            await asyncio.Event().wait()
        case _:
            pass


async def main(path: str) -> None:
    log_to(sys.stderr)
    store = store_at(path)
    await store.open()
    try:
        service = make_service(
            store=store,
            bots={"shop": FunctionBot(answer)},
            inboxes={"shop": Inbox(name="shop")},
            clock=await clock_for(store),
        )
        await serve(service, OPTIONS, port=0, ready=lambda url: print(url, flush=True))  # noqa: T201  what it is for
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
