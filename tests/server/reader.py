"""Somebody who reads a stream, as a browser does."""

import asyncio
import json
from contextlib import asynccontextmanager

from server.house import PATIENCE, Caller


class Reader:
    """A reader of a stream, as a browser reads it: blocks of fields, comments apart."""

    def __init__(self, answer) -> None:
        self.answer = answer
        self.ids: list[int] = []
        self.retries: list[int] = []
        self.comments: list[str] = []
        self._lines = answer.aiter_lines()

    async def next(self) -> tuple[str, dict]:
        """The next event: its name, and what it says."""
        name, data = "message", []
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                key, _, value = line.partition(": ")
                match key:
                    case "event":
                        name = value
                    case "data":
                        data.append(value)
                    case "id":
                        self.ids.append(int(value))
                    case "retry":
                        self.retries.append(int(value))
                    case "" if line:
                        self.comments.append(value)
                    case "" if data:
                        return name, json.loads("\n".join(data))
        return "closed", {}

    async def until(self, name: str, **fields) -> dict:
        """Read up to the first event of this name with these fields."""
        while True:
            got, said = await self.next()
            if got == name and all(said.get(key) == value for key, value in fields.items()):
                return said
            assert got != "closed", f"the stream ended before {name} {fields}"


@asynccontextmanager
async def reading(caller: Caller, session: str, *, headers=None, **params):
    """A stream that is open."""
    path, headers = f"/v1/sessions/{session}/stream", {**caller.headers, **(headers or {})}
    async with caller.http.stream("GET", path, params=params, headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        yield Reader(answer)
