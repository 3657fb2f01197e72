"""How endpoints of models call tools: rightly, wrongly, and without end."""

import asyncio
import json

from upstream_chunks import USAGE, call, delta, sse, streams


def _told(exchange) -> list[str]:
    """What the tools said, as the request has it."""
    return [each["content"] for each in json.loads(exchange.body)["messages"] if each["role"] == "tool"]


async def _calls(exchange, *pieces, text=None):
    await exchange.begin()
    if text:
        await exchange.chunk(delta(text))
    for piece in pieces:
        await exchange.chunk(delta(tool_calls=[piece]))
    await exchange.chunk(delta(finish="tool_calls") + sse({"choices": [], "usage": USAGE}) + "data: [DONE]\n\n")
    await exchange.end()


async def two_tools(exchange):
    """Calls two tools side by side, in pieces; then answers with what they said."""
    if told := _told(exchange):
        await streams(exchange, [" / ".join(told)])
        return
    await _calls(
        exchange,
        call(0, id="a", name="find_order", arguments=""),
        call(0, arguments='{"num'),
        call(1, id="b", name="shop_hours", arguments="{}"),
        call(0, arguments='ber": 17}'),
        text="Let me see.",
    )


async def one_index(exchange):
    """Some servers number every call 0."""
    if told := _told(exchange):
        await streams(exchange, [" / ".join(told)])
        return
    first = call(0, id="a", name="find_order", arguments='{"number": 1}')
    await _calls(exchange, first, call(0, id="b", name="find_order", arguments='{"number": 2}'))


async def slips_once(exchange):
    told = _told(exchange)
    match len(told):
        case 0:
            await _calls(exchange, call(0, id="a", name="find_order", arguments='{"number": sevent'))
        case 1:
            await _calls(exchange, call(0, id="b", name="find_order", arguments='{"number": 17}'))
        case _:
            await streams(exchange, [" / ".join(told)])


async def slips_always(exchange):
    await _calls(exchange, call(0, id=f"c{exchange.count}", name="find_order", arguments='{"number": "seventeen"}'))


async def unknown_tool(exchange):
    await _calls(exchange, call(0, id=f"c{exchange.count}", name="delete_everything", arguments="{}"))


async def calls_until_forbidden(exchange):
    if json.loads(exchange.body).get("tool_choice") == "none":
        await streams(exchange, ["Enough."])
    else:
        await _calls(exchange, call(0, id=f"c{exchange.count}", name="find_order", arguments='{"number": 17}'))


async def calls_for_ever(exchange):
    await _calls(exchange, call(0, id=f"c{exchange.count}", name="find_order", arguments='{"number": 17}'))


async def calls_too_many(exchange):
    await _calls(exchange, *(call(n, id=f"c{n}", name="find_order", arguments='{"number": 1}') for n in range(40)))


async def calls_a_person(exchange):
    await _calls(exchange, call(0, id="a", name="ask_for_person", arguments=""), text="I fetch somebody.")


async def calls_with_endless_arguments(exchange):
    await exchange.begin()
    await exchange.chunk(delta(tool_calls=[call(0, id="a", name="find_order", arguments='{"number": ')]))
    while not exchange.is_closed():
        await exchange.chunk(delta(tool_calls=[call(0, arguments="1" * 8_000)]))
    await exchange.until_closed()


SCENARIOS = {
    name: scenario
    for name, scenario in globals().items()
    if asyncio.iscoroutinefunction(scenario) and scenario.__module__ == __name__ and not name.startswith("_")
}
