"""A bot that does not know hands over, an agent answers, and the bot goes on with what was said.

Prints:
    visitor: My parcel is torn.
    bot: I do not know. Shall I call a person?
    agent Carl: I am sorry! I send you a new one.
    visitor: Thank you!
    bot: You are welcome. (3 messages before, the agent's among them)
"""

import asyncio

from chatsession import ChatSessions, Finished


async def bot(turn):
    if turn.human_part is None:
        yield "I do not know. Shall I call a person?"
        yield Finished(known=False)
    else:
        roles = [line.role for line in turn.lines[:-1]]
        with_agent = "the agent's among them" if "agent" in roles else "no agent's"
        yield f"You are welcome. ({len(roles)} messages before, {with_agent})"


async def main():
    async with ChatSessions(bot=bot) as chats:
        session = await chats.open(visitor="ana", text="My parcel is torn.")
        await session.answer()
        await session.hand_off()

        carl = session.as_agent("carl", "Carl")
        await carl.claim()
        await carl.say("I am sorry! I send you a new one.")
        await carl.hand_back()

        await session.say("Thank you!")
        await session.answer()
        for message in await session.messages():
            name = f" {message.author.name}" if message.author.name else ""
            print(f"{message.author.kind}{name}: {message.text}")


asyncio.run(main())
