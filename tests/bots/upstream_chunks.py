"""The pieces in which a model's answer comes over the wire."""

import json

USAGE = {"prompt_tokens": 1_000, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 400}}


def sse(value) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def delta(text=None, *, finish=None, **more) -> str:
    content = {} if text is None else {"content": text}
    return sse({"choices": [{"index": 0, "delta": {**content, **more}, "finish_reason": finish}]})


def call(index, *, id=None, name=None, arguments=None):  # noqa: A002  the wire's word
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    return {"index": index, "function": function, **({"id": id} if id else {})}


async def streams(exchange, pieces, *, usage=True):
    await exchange.begin()
    for piece in pieces:
        await exchange.chunk(delta(piece))
    await exchange.chunk(delta(finish="stop"))
    if usage:
        await exchange.chunk(sse({"choices": [], "usage": USAGE}))
    await exchange.chunk("data: [DONE]\n\n")
    await exchange.end()
