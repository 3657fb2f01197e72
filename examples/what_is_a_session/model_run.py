"""A model run is one call of a model. A turn may take several; its trace lists them with what they used.

Prints:
    turn 1 took 2 model calls: rewrite (20 tokens), answer (150 tokens)
    the session has used 170 tokens
"""

import asyncio

from chatsession import ChatSessions, Delta, Span, Usage


async def bot(turn):
    yield Span(kind="model", name="rewrite", usage=Usage(tokens_in=15, tokens_out=5, model_calls=1))
    yield Span(kind="model", name="answer", usage=Usage(tokens_in=120, tokens_out=30, model_calls=1))
    yield Delta("It is on its way.")


async def main():
    async with ChatSessions(bot=bot) as chats:
        session = await chats.open(visitor="ana", text="Where is it?")
        await session.answer()

        trace = (await session.traces())[0]
        calls = [f"{span.name} ({span.usage.tokens_in + span.usage.tokens_out} tokens)" for span in trace.spans]
        print(f"turn {trace.turn} took {trace.usage.model_calls} model calls: {', '.join(calls)}")
        print("the session has used", trace.usage.tokens_in + trace.usage.tokens_out, "tokens")


asyncio.run(main())
