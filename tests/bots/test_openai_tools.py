"""Tools that the model calls: in bounds, side by side, seen by the visitor, kept in the trace."""

import asyncio
import json
from typing import Annotated, Literal

import msgspec
import pytest
from bots.asked import ask, turn

from chatsession.bot import ContextSet, Finished, TurnInput, Working
from chatsession.bots.openai import OpenAIBot, OpenAIOptions, Tool, ToolError, ask_for_person


async def find_order(number: int) -> dict:
    """Find an order by its number."""
    return {"number": number, "state": "on its way"}


async def shop_hours() -> str:
    return "9 to 17"


async def test_the_model_calls_tools_and_answers_with_what_they_found(model_at, upstream):
    bot = model_at("two_tools", Tool(find_order, working="Looking up your order"), shop_hours)

    answered = await ask(bot)

    assert answered.text == 'Let me see.\n\n{"number":17,"state":"on its way"} / 9 to 17'
    first, second = [json.loads(seen["body"]) for seen in await upstream.seen()]
    assert [tool["function"]["name"] for tool in first["tools"]] == ["find_order", "shop_hours"]
    assert second["messages"][-3:] == [
        {
            "role": "assistant",
            "content": "Let me see.",
            "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "find_order", "arguments": '{"number": 17}'}},
                {"id": "b", "type": "function", "function": {"name": "shop_hours", "arguments": "{}"}},
            ],
        },
        {"role": "tool", "tool_call_id": "a", "content": '{"number":17,"state":"on its way"}'},
        {"role": "tool", "tool_call_id": "b", "content": "9 to 17"},
    ]


async def test_each_call_is_a_span_and_the_visitor_sees_what_goes_on(model_at):
    answered = await ask(model_at("two_tools", Tool(find_order, working="Looking up your order"), shop_hours))

    model, order, hours, again = answered.spans
    assert (model.name, model.output["tool_calls"]) == ("small", ["find_order", "shop_hours"])
    assert (order.kind, order.name, order.input, order.output) == (
        "tool",
        "find_order",
        {"number": 17},
        {"number": 17, "state": "on its way"},
    )
    assert (hours.input, hours.output, hours.error) == ({}, "9 to 17", None)
    assert again.id == "model-2"
    working = [event for event in answered.events if isinstance(event, Working)]
    assert working == [Working("Looking up your order"), Working("shop_hours")]
    assert answered.events.index(working[1]) < answered.events.index(order)


async def test_tools_of_one_reply_run_side_by_side(model_at):
    met = asyncio.Barrier(2)

    async def find_order(number: int) -> str:
        await met.wait()
        return "order"

    async def shop_hours() -> str:
        await met.wait()
        return "hours"

    answered = await ask(model_at("two_tools", find_order, shop_hours))

    assert answered.text.endswith("order / hours")


async def test_calls_that_a_server_numbers_alike_are_told_apart_by_their_ids(model_at):
    answered = await ask(model_at("one_index", find_order))

    assert [span.input for span in answered.spans if span.kind == "tool"] == [{"number": 1}, {"number": 2}]


async def test_a_tool_is_given_the_turn_and_the_model_does_not_see_that(model_at, upstream):
    async def find_order(number: int, about: TurnInput) -> str:
        return f"{about.visitor}: {number}"

    answered = await ask(model_at("two_tools", find_order, shop_hours))

    (declared, _) = json.loads((await upstream.seen())[0]["body"])["tools"]
    assert "vis_ana: 17" in answered.text
    assert list(declared["function"]["parameters"]["properties"]) == ["number"]


async def test_a_tool_that_fails_is_told_to_the_model_without_what_it_said(model_at):
    async def find_order(number: int) -> str:
        raise ConnectionError("password of the database: hunter2")

    answered = await ask(model_at("two_tools", find_order, shop_hours))

    assert '{"error":"The tool failed."} / 9 to 17' in answered.text
    assert answered.spans[1].error == "ConnectionError: password of the database: hunter2"


async def test_a_tool_may_tell_the_model_what_is_wrong(model_at):
    async def find_order(number: int) -> str:
        raise ToolError("Order numbers begin with 9.")

    assert "Order numbers begin with 9." in (await ask(model_at("two_tools", find_order, shop_hours))).text


async def test_a_tool_that_hangs_is_given_up(model_at):
    stopped = []

    async def find_order(number: int) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(number)

    answered = await ask(model_at("two_tools", find_order, shop_hours, tool_seconds=0.1))

    assert "The tool did not answer in time." in answered.text
    assert answered.spans[1].error == "took longer than 0.1 s"
    assert stopped == [17]


@pytest.mark.parametrize("value", ["\ud800", object(), "x" * 1_000_000])
async def test_whatever_a_tool_returns_the_turn_goes_on(model_at, upstream, value):
    async def find_order(number: int):
        return value

    answered = await ask(model_at("two_tools", find_order, shop_hours))

    assert answered.error is None or answered.reason == "too_long"
    assert len((await upstream.seen())[1]["body"]) < 40_000


async def test_a_slip_of_the_model_is_told_to_it_once(model_at, upstream):
    answered = await ask(model_at("slips_once", find_order))

    assert answered.error is None
    assert "The arguments are not valid" in answered.text
    assert '{"number":17,"state":"on its way"}' in answered.text
    slip = answered.spans[1]
    assert (slip.input, slip.error.startswith("The arguments are not valid")) == ('{"number": sevent', True)


@pytest.mark.parametrize("scenario", ["slips_always", "unknown_tool"])
async def test_a_model_that_goes_on_slipping_has_failed(model_at, upstream, scenario):
    answered = await ask(model_at(scenario, find_order))

    assert answered.reason == "malformed"
    assert len(await upstream.seen()) == 2


async def test_in_the_last_round_the_model_must_answer(model_at, upstream):
    answered = await ask(model_at("calls_until_forbidden", find_order, rounds_max=3))

    assert answered.text == "Enough."
    bodies = [json.loads(seen["body"]) for seen in await upstream.seen()]
    assert [body.get("tool_choice") for body in bodies] == [None, None, "none"]


async def test_a_model_that_calls_for_ever_has_failed(model_at, upstream):
    answered = await ask(model_at("calls_for_ever", find_order, rounds_max=3))

    assert answered.reason == "tool_loop"
    assert len(await upstream.seen()) == 3
    assert len([span for span in answered.spans if span.kind == "model"]) == 3


async def test_a_model_that_calls_too_many_tools_has_failed(model_at):
    at_once = await ask(model_at("calls_too_many", find_order))
    in_all = await ask(model_at("calls_for_ever", find_order, tool_calls_max=2, rounds_max=9))

    assert (at_once.reason, in_all.reason) == ("tool_loop", "tool_loop")
    assert len([span for span in in_all.spans if span.kind == "tool"]) == 2


async def test_endless_arguments_are_too_long(model_at, upstream):
    answered = await ask(model_at("calls_with_endless_arguments", find_order))

    assert answered.reason == "too_long"
    await upstream.closed()


async def test_the_model_may_ask_for_a_person(model_at, upstream):
    answered = await ask(model_at("calls_a_person", ask_for_person))

    assert answered.finished.result == "needs_agent"
    assert answered.text == "I fetch somebody."
    assert len(await upstream.seen()) == 1


async def test_a_tool_may_set_context(model_at):
    async def find_order(number: int) -> ContextSet:
        return ContextSet({"order": number})

    answered = await ask(model_at("two_tools", find_order, shop_hours))

    assert ContextSet({"order": 17}) in answered.events
    assert '{"done": true}' in answered.text


async def test_stopping_stops_the_tools(model_at):
    began, stopped = asyncio.Event(), asyncio.Event()

    async def find_order(number: int) -> str:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    listening = asyncio.create_task(ask(model_at("two_tools", find_order, shop_hours)))
    await asyncio.wait_for(began.wait(), 20)

    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)

    assert stopped.is_set()


class Address(msgspec.Struct):
    street: str
    zip: Annotated[str, msgspec.Meta(description="Five digits", pattern="^[0-9]{5}$")]


async def test_the_schema_is_read_from_the_types():
    async def send(to: Address, speed: Literal["slow", "fast"] = "slow", gift: bool = False) -> str:
        """Send it.

        To where the visitor wants.
        """
        return f"{to.zip} {speed}"

    tool = Tool(send)

    assert tool.declaration["function"]["description"] == "Send it.\n\nTo where the visitor wants."
    schema = tool.schema
    assert (schema["type"], schema["required"], schema["additionalProperties"]) == ("object", ["to"], False)
    assert schema["properties"]["to"] == {"$ref": "#/$defs/Address"}
    assert schema["properties"]["speed"] == {"enum": ["fast", "slow"], "default": "slow"}
    assert schema["$defs"]["Address"]["properties"]["zip"]["pattern"] == "^[0-9]{5}$"
    given = tool.arguments('{"to": {"street": "A", "zip": "12345"}}')
    assert await tool.call(given, turn()) == "12345 slow"
    for wrong in ('{"to": {"street": "A", "zip": "1"}}', "{}", '{"to": null}', "[]", '{"too": 1}', "\x00"):
        with pytest.raises(ToolError, match="The arguments are not valid"):
            tool.arguments(wrong)


def test_a_tool_without_a_source_still_has_a_release():
    def release(source):
        made = {}
        exec(source, made)  # noqa: S102  as a console does
        return OpenAIBot(OpenAIOptions(base_url="http://x/v1", model="m", tools=(made["shop_hours"],))).release()

    same = "async def shop_hours() -> str: return '9 to 17'"

    assert release(same) == release(same)
    assert release(same) != release("async def shop_hours(day: int) -> str: return '9 to 17'")


def test_functions_that_cannot_be_tools_are_refused_in_words():
    def plain(number: int): ...

    async def untyped(number): ...

    async def many(*numbers: int): ...

    for function, said in ((plain, "must be an async function"), (untyped, "needs a type"), (many, "cannot name")):
        with pytest.raises(TypeError, match=said):
            OpenAIOptions(base_url="http://x/v1", model="m", tools=(function,))
    with pytest.raises(ValueError, match="two tools are called 'find_order'"):
        OpenAIOptions(base_url="http://x/v1", model="m", tools=(find_order, Tool(find_order)))


def test_an_outcome_of_a_tool_is_kept():
    assert Finished(result="needs_agent") == asyncio.run(ask_for_person())
