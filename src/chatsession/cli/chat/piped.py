"""A conversation without a terminal: lines in, lines out, until the input has ended and the answers have come."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

from chatsession.cli.chat.commands import Quit, command
from chatsession.cli.chat.conversation import Conversation
from chatsession.cli.chat.wording import sentence
from chatsession.cli.chat.writing import author_of
from chatsession.cli.failing import CommandError
from chatsession.cli.screen import printable, write_json


class Lines:
    """Shows a conversation as lines, or each event as one line of JSON."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    def event(self, event: dict[str, Any]) -> None:
        """Write what happened."""
        if self._as_json:
            write_json(event)
        elif event.get("type") == "message_posted":
            self._write(f"{author_of(event)}: {event['text']}")
            for source in event.get("sources", []):
                self._write(f"  source: {source['title']}" + (f" <{source['url']}>" if source.get("url") else ""))
        elif (said := sentence(event)) is not None:
            self._write(f"* {said}")

    def notice(self, text: str) -> None:
        """Say it where it is no result."""
        print(text, file=sys.stderr, flush=True)  # noqa: T201  a command's output

    def changed(self) -> None:
        """A pipe shows what is stored, and nothing in between."""

    def _write(self, text: str) -> None:
        print(printable(text), flush=True)  # noqa: T201  a command's output


async def converse(conversation: Conversation, screen: Lines) -> None:
    """Say each line, and wait for what comes of it before the next; raise what a command or message was refused for."""
    await conversation.settle()
    async for line in _input():
        if not line.strip():
            continue
        try:
            if line.startswith("/"):
                await command(line, conversation, screen)
            else:
                await conversation.say(line)
        except Quit:
            return
        except CommandError as error:
            screen.notice(f"{error} ({error.code})")
            if error.code == "unreachable":
                raise
        await conversation.settle()


async def _input() -> AsyncIterator[str]:
    """The lines of standard input, as they come."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line.rstrip("\n")
