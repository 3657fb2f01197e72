"""How endpoints of models answer, in good days and bad ones."""

import asyncio
import gzip
import json

from upstream_chunks import delta, sse, streams

ANSWER = ["Your parcel ", "is on ", "its way."]


async def good(exchange):
    await streams(exchange, ANSWER)


async def without_usage(exchange):
    await streams(exchange, ANSWER, usage=False)


async def byte_by_byte(exchange):
    """The network may cut anywhere, also within a letter."""
    await exchange.begin(kind="text/event-stream; charset=utf-8")
    whole = (
        ": a comment\r\n\r\n"
        + delta("Grüße 👋 ").replace("\n", "\r\n")
        + "event: x\nid: 7\n"
        + delta("—½", finish="stop")
    )
    for byte in (whole + "data: [DONE]\n\n").encode():
        await exchange.chunk(bytes([byte]))
    await exchange.end()


async def without_done(exchange):
    """Some servers end the stream without saying so."""
    await exchange.begin()
    await exchange.chunk(delta("Whole.", finish="stop"))
    await exchange.end()


async def lingers(exchange):
    """Some servers leave the connection open after the end."""
    await exchange.begin()
    await exchange.chunk(delta("Whole.", finish="stop") + "data: [DONE]\n\n")
    await exchange.until_closed()


async def stalls_before(exchange):
    await exchange.until_closed()


async def stalls_within(exchange):
    await exchange.begin()
    await exchange.chunk(delta("Your parcel "))
    await exchange.until_closed()


async def cuts(exchange):
    await exchange.begin()
    await exchange.chunk(delta("Your parcel "))
    await exchange.cut()


async def ends_early(exchange):
    await exchange.begin()
    await exchange.chunk(delta("Your parcel "))
    await exchange.end()


async def ends_within_an_event(exchange):
    await exchange.begin()
    await exchange.chunk(delta("Your parcel ") + 'data: {"choices": [{"del')
    await exchange.end()


async def busy_once(exchange):
    if exchange.count == 1:
        await exchange.answer(429, '{"error": {"message": "Slow down"}}', "application/json", Retry_After="0")
    else:
        await good(exchange)


async def busy(exchange):
    await exchange.answer(429, '{"error": {"message": "Slow down"}}', "application/json")


async def busy_for_an_hour(exchange):
    await exchange.answer(429, '{"error": {"message": "Slow down"}}', "application/json", Retry_After="3600")


async def busy_until_a_date(exchange):
    await exchange.answer(429, "{}", "application/json", Retry_After="Wed, 21 Oct 2099 07:28:00 GMT")


async def starting(exchange):
    if exchange.count == 1:
        await exchange.answer(503, "loading the model", "text/plain", Retry_After="0")
    else:
        await good(exchange)


async def unauthorized(exchange):
    said = {"error": {"message": f"Incorrect API key provided: {exchange.headers.get('authorization')}"}}
    await exchange.answer(401, json.dumps(said), "application/json")


async def broken(exchange):
    said = {"error": {"message": f"Something broke. Your request had {exchange.headers.get('authorization')}"}}
    await exchange.answer(500, json.dumps(said), "application/json")


async def broken_in_html(exchange):
    await exchange.answer(502, "<h1>Bad gateway</h1>" * 10_000, "text/html")


async def stalls_within_the_refusal(exchange):
    await exchange.begin(kind="application/json", status=500)
    await exchange.until_closed()


async def too_long(exchange):
    error = {"message": "maximum context length is 8192 tokens", "code": "context_length_exceeded"}
    await exchange.answer(400, json.dumps({"error": error}), "application/json")


async def too_large(exchange):
    await exchange.answer(413, "", "text/plain")


async def gateway_timeout(exchange):
    await exchange.answer(504, '{"error": "upstream took too long"}', "application/json")


async def redirects(exchange):
    await exchange.answer(307, "", "text/plain", Location="http://127.0.0.1:1/stolen")


async def malformed(exchange):
    await exchange.begin()
    await exchange.chunk(delta("So far. ") + 'data: {"choices": [{"delta": {"content": "bro\n\n')
    await exchange.end()


async def other_types(exchange):
    await exchange.begin()
    await exchange.chunk('data: {"choices": {"content": ["not", "a", "list"]}}\n\n')
    await exchange.end()


async def not_utf8(exchange):
    await exchange.begin()
    await exchange.chunk(b'data: {"choices": [{"delta": {"content": "Gr\xfc\xdfe"}}]}\n\n')
    await exchange.end()


async def giant_line(exchange):
    await exchange.begin()
    await exchange.chunk(delta("x" * 3 * 1024 * 1024))
    await exchange.end()


async def endless_line(exchange):
    await exchange.begin()
    while not exchange.is_closed():
        await exchange.chunk("x" * 64 * 1024)
    await exchange.until_closed()


async def endless(exchange):
    await exchange.begin()
    while not exchange.is_closed():
        await exchange.chunk(delta("word " * 100) * 20)
    await exchange.until_closed()


async def endless_thoughts(exchange):
    await exchange.begin()
    while not exchange.is_closed():
        await exchange.chunk(delta(reasoning="hm " * 1_000) * 20)
    await exchange.until_closed()


async def html(exchange):
    await exchange.answer(200, "<h1>Welcome to nginx!</h1>", "text/html")


async def not_a_stream(exchange):
    await exchange.answer(200, '{"choices": [{"message": {"content": "whole"}}]}', "application/json")


async def compressed(exchange):
    await exchange.begin(Content_Encoding="gzip")
    await exchange.chunk(gzip.compress((delta("x" * 1024 * 1024) * 20).encode()))
    await exchange.end()


async def drips(exchange):
    """Signs of life of the connection, none of the model."""
    await exchange.begin()
    while not exchange.is_closed():
        await exchange.chunk(": keep-alive\n\n")
        await asyncio.sleep(0.02)
    await exchange.until_closed()


async def breaks_off(exchange):
    await exchange.begin()
    await exchange.chunk(delta("So far. ") + sse({"error": {"message": "The engine has died", "code": 500}}))
    await exchange.end()


async def reasons(exchange):
    await exchange.begin()
    for _ in range(3):
        await exchange.chunk(delta(reasoning_content="The visitor wants "))
        await exchange.chunk(delta(reasoning="to know where it is."))
    await exchange.chunk(delta("On its way.", finish="stop") + "data: [DONE]\n\n")
    await exchange.end()


SCENARIOS = {
    name: scenario
    for name, scenario in globals().items()
    if asyncio.iscoroutinefunction(scenario) and scenario.__module__ == __name__ and not name.startswith("_")
}
