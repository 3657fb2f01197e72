"""A ticket is work to be done, and may outlive every session about it. A session has a close reason and an outcome.

Prints:
    ticket T-1 is open; session 1 closed: resolved, outcome unresolved
    ticket T-1 is done; session 2 closed: resolved, outcome confirmed
"""

import asyncio

from chatsession import ChatSessions


async def bot(turn):
    return f"I have noted ticket {turn.context['ticket']}."


async def main():
    tickets = {}
    async with ChatSessions(bot=bot) as chats:
        first = await chats.open(visitor="ana")
        tickets["T-1"] = "open"
        await first.know({"ticket": "T-1"})
        await first.say("My kettle is broken")
        await first.answer()
        await first.resolve("unresolved")
        state = await first.state()
        print(f"ticket T-1 is {tickets['T-1']}; session 1 closed: {state.close_reason}, outcome {state.outcome}")

        # Two weeks of repair later.
        tickets["T-1"] = "done"
        second = await chats.open(visitor="ana", on_return="new")
        await second.know({"ticket": "T-1"})
        await second.say("It works again, thank you")
        await second.answer()
        await second.resolve("confirmed")
        state = await second.state()
        print(f"ticket T-1 is {tickets['T-1']}; session 2 closed: {state.close_reason}, outcome {state.outcome}")


asyncio.run(main())
