"""How webhooks answer. They sign by hand: what chatsession sends and accepts is what its documentation says."""

import asyncio
import hashlib
import hmac
import json
import time

SECRET = b"a-secret-of-the-shop-and-the-bot"


def event(name: str, /, **fields) -> str:
    return json.dumps({"type": name, **fields}, ensure_ascii=False)


def sign(*parts: bytes, secret: bytes = SECRET) -> str:
    return "sha256=" + hmac.new(secret, b".".join(parts), hashlib.sha256).hexdigest()


async def _json(exchange, answer, **headers):
    await exchange.answer(200, json.dumps(answer), "application/json; charset=utf-8", **headers)


async def _lines(exchange, *lines, kind="application/x-ndjson", **headers):
    await exchange.begin(kind=kind, **headers)
    for line in lines:
        await exchange.chunk(line + "\n")
    await exchange.end()


async def checks(exchange):
    """Answers only what is rightly signed and fresh."""
    timestamp = exchange.headers["x-chatsession-timestamp"]
    given = exchange.headers["x-chatsession-signature"].split(",")
    is_right = sign(timestamp.encode(), exchange.body) in given and abs(time.time() - int(timestamp)) < 300
    turn = json.loads(exchange.body)
    await _json(exchange, {"text": f"You said: {turn['text']}" if is_right else "Who are you?"})


async def everything(exchange):
    await _json(
        exchange,
        {
            "text": "Two days.",
            "known": False,
            "result": "needs_agent",
            "resolved": False,
            "sources": [{"title": "Delivery", "url": "/delivery"}],
            "context": {"order": 17},
            "parts": [{"type": "buttons"}],
            "topic": "delivery",
        },
    )


async def streams(exchange):
    await _lines(
        exchange,
        event("working", name="Looking it up"),
        event("span", kind="tool", name="orders", ms=3.5, usage={"tokens_in": 5, "model_calls": 1}),
        event("delta", text="Grüße, "),
        "",
        event("delta", text="Ana."),
        event("context_set", values={"order": 17}),
        event("finished", known=True),
    )


async def byte_by_byte(exchange):
    await exchange.begin(kind="application/x-ndjson")
    for byte in (event("delta", text="Grüße 👋") + "\r\n" + event("finished") + "\n").encode():
        await exchange.chunk(bytes([byte]))
    await exchange.end()


async def signed(exchange):
    body = json.dumps({"text": "It is really me."})
    timestamp, key = str(int(time.time())), exchange.headers["idempotency-key"]
    signature = sign(timestamp.encode(), key.encode(), body.encode())
    await exchange.answer(
        200, body, "application/json", X_Chatsession_Timestamp=timestamp, X_Chatsession_Signature=signature
    )


async def signed_for_another_turn(exchange):
    body = json.dumps({"text": "It was really me."})
    timestamp = str(int(time.time()))
    signature = sign(timestamp.encode(), b"ses_other/1/1", body.encode())
    await exchange.answer(
        200, body, "application/json", X_Chatsession_Timestamp=timestamp, X_Chatsession_Signature=signature
    )


async def signed_long_ago(exchange):
    body = json.dumps({"text": "It was really me."})
    timestamp, key = str(int(time.time()) - 3_600), exchange.headers["idempotency-key"]
    signature = sign(timestamp.encode(), key.encode(), body.encode())
    await exchange.answer(
        200, body, "application/json", X_Chatsession_Timestamp=timestamp, X_Chatsession_Signature=signature
    )


async def signed_with_another_secret(exchange):
    body = json.dumps({"text": "It is not me."})
    timestamp, key = str(int(time.time())), exchange.headers["idempotency-key"]
    signature = sign(timestamp.encode(), key.encode(), body.encode(), secret=b"another secret altogether")
    await exchange.answer(
        200, body, "application/json", X_Chatsession_Timestamp=timestamp, X_Chatsession_Signature=signature
    )


async def _signed_lines(exchange, numbers, timestamp=None):
    timestamp, key = timestamp or str(int(time.time())), exchange.headers["idempotency-key"]
    lines = [event("delta", text="Really "), event("delta", text="me."), event("finished")]
    rows = [
        f"{sign(timestamp.encode(), key.encode(), str(number).encode(), line.encode())} {line}"
        for number, line in zip(numbers, lines, strict=True)
    ]
    await _lines(exchange, *rows, X_Chatsession_Timestamp=timestamp)


async def signed_stream(exchange):
    await _signed_lines(exchange, (0, 1, 2))


async def signed_stream_in_another_order(exchange):
    await _signed_lines(exchange, (0, 2, 1))


async def signed_stream_long_ago(exchange):
    await _signed_lines(exchange, (0, 1, 2), str(int(time.time()) - 3_600))


async def unsigned_stream(exchange):
    await streams(exchange)


async def unfinished(exchange):
    await _lines(exchange, event("delta", text="So far "))


async def cuts(exchange):
    await exchange.begin(kind="application/x-ndjson")
    await exchange.chunk(event("delta", text="So far ") + "\n")
    await exchange.cut()


async def stalls_before(exchange):
    await exchange.until_closed()


async def stalls_within(exchange):
    await exchange.begin(kind="application/x-ndjson")
    await exchange.chunk(event("delta", text="So far ") + "\n")
    await exchange.until_closed()


async def drips(exchange):
    await exchange.begin(kind="application/json")
    while not exchange.is_closed():
        await exchange.chunk(" ")
        await asyncio.sleep(0.02)
    await exchange.until_closed()


async def other_events(exchange):
    await _lines(exchange, event("delta", text="So far "), event("launch", missiles=True))


async def broken_lines(exchange):
    await _lines(exchange, event("delta", text="So far "), '{"type": "delta", "te')


async def misspelt(exchange):
    await _json(exchange, {"txt": "Hello"})


async def not_utf8(exchange):
    await exchange.answer(200, b'{"text": "Gr\xfc\xdfe"}', "application/json")


async def half_a_pair(exchange):
    await exchange.answer(200, b'{"text": "\\ud83d"}', "application/json")


async def deep(exchange):
    await exchange.answer(
        200, b'{"text": "x", "context": {"a": ' + b"[" * 10_000 + b"]" * 10_000 + b"}}", "application/json"
    )


async def html(exchange):
    await exchange.answer(200, "<h1>Welcome to nginx!</h1>", "text/html")


async def large(exchange):
    await _json(exchange, {"text": "x" * 300 * 1024})


async def large_stream(exchange):
    await exchange.begin(kind="application/x-ndjson")
    while not exchange.is_closed():
        await exchange.chunk(event("working", name="x" * 1024) + "\n")
    await exchange.until_closed()


async def redirects(exchange):
    await exchange.answer(302, "", "text/plain", Location="http://169.254.169.254/latest/meta-data")


async def unauthorized(exchange):
    await exchange.answer(401, "{}", "application/json")


async def busy(exchange):
    await exchange.answer(429, "{}", "application/json", Retry_After="1")


async def broken(exchange):
    await exchange.answer(500, "a stack trace with the secret in it", "text/plain")


async def stalls_within_the_refusal(exchange):
    await exchange.begin(kind="application/json", status=500)
    await exchange.until_closed()


async def nothing(exchange):
    await exchange.answer(204, "", "application/json")


async def recovers(exchange):
    if exchange.count <= 2:
        await broken(exchange)
    else:
        await _json(exchange, {"text": "Well again."})


SCENARIOS = {
    name: scenario
    for name, scenario in globals().items()
    if asyncio.iscoroutinefunction(scenario) and not name.startswith("_")
}
