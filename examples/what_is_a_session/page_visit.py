"""A session goes on over page visits: it notes the page of each message and stays the same session.

Prints:
    /delivery: How long does it take?
    /returns: And if it does not fit?
    1 session, opened on /delivery
"""

import asyncio

from chatsession import ChatSessions


async def bot(turn):
    return "Two days."


async def main():
    async with ChatSessions(bot=bot) as chats:
        first = await chats.open(visitor="ana", metadata={"page": "/delivery"})
        await first.say("How long does it take?", page="/delivery")
        await first.answer()

        # The next page load opens again, as every page does, and is in the same session.
        second = await chats.open(visitor="ana", metadata={"page": "/returns"})
        await second.say("And if it does not fit?", page="/returns")
        await second.answer()

        for message in await second.messages():
            if message.author.kind == "visitor":
                print(f"{message.page}: {message.text}")
        sessions = await chats.find()
        print(len(sessions), "session, opened on", sessions[0].metadata["page"])


asyncio.run(main())
