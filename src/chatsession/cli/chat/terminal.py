"""A conversation in a terminal: a line to type on, the answer as it is written above it, the countdown below it."""

import asyncio
import contextlib
from typing import Any

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import get_cwidth

from chatsession.cli.chat.commands import COMMANDS, Quit, command
from chatsession.cli.chat.conversation import Conversation
from chatsession.cli.chat.status import ServerTime, is_urgent, status
from chatsession.cli.chat.wording import sentence
from chatsession.cli.chat.wrapping import wrapped
from chatsession.cli.chat.writing import author_of
from chatsession.cli.failing import CommandError
from chatsession.cli.screen import printable

TICK_SECONDS = 0.5
OUTBOX_MAX = 100
STYLE = Style.from_dict(
    {
        "bot": "bold ansicyan",
        "agent": "bold ansimagenta",
        "visitor": "bold ansigreen",
        "remark": "ansibrightblack italic",
        "writing": "ansicyan",
        "status": "ansibrightblack",
        "urgent": "reverse bold ansiyellow",
    }
)


class Terminal:
    """Shows a conversation above the line that is being typed: what is stored, then what is on its way."""

    def __init__(self, inbox: str, *, in_colour: bool) -> None:
        self._inbox = inbox
        self._time = ServerTime()
        self._conversation: Conversation | None = None
        self._view: dict[str, Any] | None = None
        self._on_their_way: list[str] = []
        self._depth = None if in_colour else ColorDepth.DEPTH_1_BIT
        self._prompt: PromptSession[str] = PromptSession(
            style=STYLE,
            color_depth=self._depth,
            completer=WordCompleter([f"/{name}" for name in ("help", *COMMANDS)], sentence=True),
            complete_while_typing=False,
            refresh_interval=TICK_SECONDS,
            # What was typed is shown again by its event: then it is stored.
            erase_when_done=True,
        )
        if isinstance(self._prompt.app.output, Vt100_Output):
            # We need not know where the cursor is, and slow terminals would be warned about for not saying.
            self._prompt.app.output.enable_cpr = False

    def event(self, event: dict[str, Any]) -> None:
        """Print what happened above the line."""
        if event.get("type") == "message_posted":
            self._message(event)
        elif (said := sentence(event)) is not None:
            self.notice(said)

    def notice(self, text: str) -> None:
        """Print a remark above the line."""
        self._print("class:remark", text)

    def changed(self) -> None:
        """Draw anew what moves."""
        if self._conversation is not None and self._conversation.view is not self._view:
            self._view = self._conversation.view
            if self._view is not None:
                self._time.learn(self._view)
        self._prompt.app.invalidate()

    async def converse(self, conversation: Conversation) -> None:
        """Take lines until the visitor leaves; messages go out in order while the next one is typed."""
        self._conversation = conversation
        outbox: asyncio.Queue[str] = asyncio.Queue(OUTBOX_MAX)
        sender = asyncio.create_task(self._send(outbox, conversation))
        self.changed()
        try:
            with patch_stdout(raw=True):
                while (line := await self._typed(sender)) is not None:
                    if line.strip():
                        self._on_their_way.append(line)
                        await outbox.put(line)
        finally:
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender

    async def _typed(self, sender: "asyncio.Task[None]") -> str | None:
        """The next line; None where the visitor leaves."""
        typing = asyncio.create_task(self._prompt.prompt_async(self._moving))
        await asyncio.wait({typing, sender}, return_when=asyncio.FIRST_COMPLETED)
        if not typing.done():
            typing.cancel()
        try:
            return await typing
        except (asyncio.CancelledError, EOFError, KeyboardInterrupt):
            return None

    async def _send(self, outbox: "asyncio.Queue[str]", conversation: Conversation) -> None:
        while True:
            line = (await outbox.get()).strip()
            try:
                if line.startswith("/"):
                    await command(line, conversation, self)
                else:
                    await conversation.say(line)
            except CommandError as error:
                self.notice(str(error))
            except Quit:
                return
            finally:
                self._on_their_way.pop(0)

    def _moving(self) -> FormattedText:
        """Everything that moves: the answer being written, what is on its way, the countdown; then where to type."""
        parts: list[tuple[str, str]] = []
        if self._conversation is not None and self._conversation.writing.text:
            text = self._fitted(f"{self._conversation.writing.text} …\n", at=len("bot  "))
            parts += [("class:bot", "bot  "), ("class:writing", text)]
        if self._conversation is not None and not self._conversation.is_connected:
            parts += [("class:remark", f"you  {line} (not sent yet)\n") for line in self._on_their_way]
        return FormattedText([*parts, *self._status(), ("class:visitor", "you> ")])

    def _status(self) -> list[tuple[str, str]]:
        is_connected = self._conversation is None or self._conversation.is_connected
        line = status(self._inbox, self._view, self._time.now(), is_connected=is_connected)
        shown = self._fitted(f"── {line} ──", at=0)
        return [("class:urgent" if is_urgent(self._view) else "class:status", shown), ("", "\n")]

    def _message(self, event: dict[str, Any]) -> None:
        author = author_of(event)
        name = "you" if author == "visitor" else event["author"].get("name") or author
        self._print("", event["text"], by=(f"class:{author}", f"{name}  "))
        for source in event.get("sources", []):
            where = f" <{source['url']}>" if source.get("url") else ""
            self._print("class:remark", f"     source: {source['title']}{where}")

    def _print(self, style: str, text: str, *, by: tuple[str, str] = ("", "")) -> None:
        who = (by[0], printable(by[1]))
        said = FormattedText([who, (style, self._fitted(text, at=get_cwidth(who[1])))])
        print_formatted_text(said, style=STYLE, color_depth=self._depth)

    def _fitted(self, text: str, *, at: int) -> str:
        """What can be shown of a text, with no word of it broken by the edge of the terminal."""
        return wrapped(printable(text), self._prompt.app.output.get_size().columns, at)
