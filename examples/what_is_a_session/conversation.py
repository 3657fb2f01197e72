"""A conversation is everything ever said with somebody: the list of their sessions, each linked to the one before.

Prints:
    3. Is it waterproof?
    2. Do you have it in blue?
    1. Do you sell hats?
"""

import asyncio

from chatsession import ChatSessions


async def bot(turn):
    return "Yes."


async def main():
    async with ChatSessions(bot=bot) as chats:
        for question in ("Do you sell hats?", "Do you have it in blue?", "Is it waterproof?"):
            session = await chats.open(visitor="ana", text=question, on_return="new")
            await session.answer()
            await session.close()

        number = 3
        link = session.id
        while link is not None:
            each = await chats.session(link)
            print(f"{number}. {(await each.messages())[0].text}")
            link = (await each.state()).previous
            number -= 1


asyncio.run(main())
