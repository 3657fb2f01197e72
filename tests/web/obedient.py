"""A bot that does what the question asks for, so that a test reads what it gets.

"slowly" streams for two seconds, "for ever" never ends, "fail" fails ("at first": the first turn only), "in silence"
says nothing; "in Markdown", "with sources", "with choices", "with a form" and "with a person" get just that; "My name
is …" is remembered.
Whoever asks "answer {…}" gets what is written out there.
"""

import asyncio
from collections.abc import AsyncIterator

import msgspec

from chatsession.bot import BotError, BotEvent, ContextSet, Finished, TurnInput
from chatsession.core.events import Source

WORDS = [f"word{number} " for number in range(1, 41)]
PACE_SECONDS = 0.05
NAME = "My name is "
ANSWER = "answer "
MARKDOWN = """# Delivery

It takes **two days**, and *one* where we are; see [our page](https://shop.example/delivery).

- by post
  1. letters
  2. parcels
- by `bicycle`, or ~~by train~~

| where | days |
|---|---|
| here | 1 |
| **there** | 2 |

> Nothing is lost.

```python
days = {"here": 1}  # <b>not bold</b>
```

That is all."""
PIECE_CHARS = 11
SOURCES = [
    Source(title="Delivery", url="https://shop.example/delivery", passage="Two days to most places."),
    Source(title="A leaflet without an address"),
]
CHOICES = {"kind": "quick_replies", "options": ["Track my parcel", "Send it back"]}
FORM = {
    "kind": "form",
    "id": "order",
    "title": "Your order",
    "submit": "Look it up",
    "fields": [
        {"name": "number", "label": "Order number", "required": True, "pattern": "[A-Z]{2}-\\d{4}"},
        {"name": "email", "label": "E-mail", "type": "email", "required": True},
        {"name": "why", "label": "Reason", "type": "select", "options": ["damaged", "too late"]},
    ],
}
GIVEN = {
    "with sources": Finished(text="Two days.", sources=SOURCES),
    "with choices": Finished(text="What is it about?", parts=[CHOICES]),
    "with a form": Finished(text="Which order is it?", parts=[FORM]),
    "with a person": Finished(text="That is for a person.", result="needs_agent"),
}


async def answer(turn: TurnInput) -> AsyncIterator[str | BotEvent]:
    """Do what the question asks for."""
    if "fail" in turn.text and not ("at first" in turn.text and turn.turn > 1):
        raise BotError("asked_to", "the question asked for it")
    if "in silence" in turn.text:
        await asyncio.Event().wait()
    for piece in streamed(turn.text):
        yield piece
        await asyncio.sleep(PACE_SECONDS)
    if "for ever" in turn.text:
        await asyncio.Event().wait()
    for event in at_once(turn):
        yield event


def streamed(question: str) -> list[str]:
    """What is said piece by piece, if anything is."""
    if "in Markdown" in question:
        return [MARKDOWN[at : at + PIECE_CHARS] for at in range(0, len(MARKDOWN), PIECE_CHARS)]
    return WORDS if "slowly" in question or "for ever" in question else []


def at_once(turn: TurnInput) -> list[str | BotEvent]:
    """What is said in one piece."""
    if streamed(turn.text):
        return []
    for part in turn.parts:
        if part["kind"] == "form_answer":
            return [f"You filled in: {sorted(part['values'].items())}"]
    if turn.text.startswith(NAME):
        return [ContextSet({"name": turn.text.removeprefix(NAME)}), "I will remember that."]
    if turn.text.startswith(ANSWER):
        return [msgspec.json.decode(turn.text.removeprefix(ANSWER), type=Finished)]
    given = next((finished for words, finished in GIVEN.items() if words in turn.text), None)
    return [given or f"You said: {turn.text}"]
