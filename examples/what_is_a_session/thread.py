"""Threads are topics: several live in one session, and one may go on in a later session.

Prints:
    first session: delivery (open), refund (resolved)
    second session goes on with: delivery
"""

import asyncio

from chatsession import ChatSessions, Policy


async def bot(turn):
    return f"About {turn.topic}: yes."


async def main():
    async with ChatSessions(bot=bot, policy=Policy(threads="manual")) as chats:
        session = await chats.open(visitor="ana")
        delivery = await session.start_thread("delivery")
        await session.say("Do you deliver to Austria?")
        await session.answer()
        refund = await session.start_thread("refund")
        await session.say("Was my money sent back?")
        await session.answer()
        await session.resolve("confirmed", thread=refund)
        threads = (await session.state()).threads
        print("first session:", ", ".join(f"{each.topic} ({each.status})" for each in threads))
        await session.close()

        later = await chats.open(visitor="ana", on_return="new")
        await later.continue_thread(delivery, of=session.id)
        await later.say("And how long does it take?")
        await later.answer()
        current = next(each for each in (await later.state()).threads if each.current)
        print("second session goes on with:", current.topic)


asyncio.run(main())
