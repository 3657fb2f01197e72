"""A period is one open … closed stretch of a session: who returns in time begins the next one, with everything known.

Prints:
    period 1: open
    period 1: closed because of timeout, resumable for 1 day
    period 2: open, and it still knows {'order': 'A-17'}
"""

import asyncio

from chatsession import ChatSessions
from chatsession.testing import ManualClock


async def bot(turn):
    return "Hello!"


async def main():
    clock = ManualClock()
    async with ChatSessions(bot=bot, clock=clock) as chats:
        session = await chats.open(visitor="ana", text="Hello")
        await session.answer()
        await session.know({"order": "A-17"})
        state = await session.state()
        print(f"period {state.period}: {state.phase}")

        await clock.advance("30m")
        state = await session.state()
        days = (state.resumable_until - state.closed_at).days
        print(f"period {state.period}: {state.phase} because of {state.close_reason}, resumable for {days} day")

        await chats.open(visitor="ana", text="I am back")
        state = await session.state()
        print(f"period {state.period}: {state.phase}, and it still knows {state.context}")


asyncio.run(main())
