"""The ten-line bot of the README.

Prints:
    You said: Hello
"""

import asyncio

from chatsession import ChatSessions, Policy


async def bot(turn):
    if "order" in turn.context:
        return f"Your order {turn.context['order']} is on its way."
    return f"You said: {turn.text}"


async def main():
    async with ChatSessions("chats.db", bot=bot, policy=Policy()) as chats:
        session = await chats.open(visitor="ana", text="Hello")
        print(await session.answer())


asyncio.run(main())
