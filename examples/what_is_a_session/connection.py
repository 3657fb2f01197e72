"""A session outlives its connections: two tabs follow it, one breaks off, and nobody misses anything.

Prints:
    first tab saw: Hello, Hi!
    second tab, which came later, saw: Hello, Hi!, Still there?, Yes.
    the first tab, back after seq 4, saw: Still there?, Yes.
"""

import asyncio

from chatsession import ChatSession, ChatSessions
from chatsession.core.events import MessagePosted


async def bot(turn):
    return "Hi!" if turn.turn == 1 else "Yes."


async def seen(session: ChatSession, after: int = 0) -> str:
    """What a connection is shown that asks for everything after a seq."""
    return ", ".join([event.text async for event in session.events(after) if isinstance(event, MessagePosted)])


async def main():
    async with ChatSessions(bot=bot) as chats:
        session = await chats.open(visitor="ana", text="Hello")
        await session.answer()
        print("first tab saw:", await seen(session))
        position = (await session.messages())[-1].seq

        await session.say("Still there?")
        await session.answer()
        print("second tab, which came later, saw:", await seen(session))
        print(f"the first tab, back after seq {position}, saw:", await seen(session, after=position))


asyncio.run(main())
