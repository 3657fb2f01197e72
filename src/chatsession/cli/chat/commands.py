"""What can be typed beside messages: everything that begins with a slash."""

import difflib
from collections.abc import Awaitable, Callable

from chatsession.cli.chat.conversation import Conversation
from chatsession.cli.chat.screen import Screen
from chatsession.cli.failing import CommandError

SCORES = range(1, 6)
GOALS = ("warning", "closing", "window")


class Quit(Exception):  # noqa: N818  no error: the visitor leaves
    """The visitor leaves; the session itself goes on."""


async def _keep(conversation: Conversation, _: str) -> None:
    await conversation.ask("keep-open")


async def _close(conversation: Conversation, _: str) -> None:
    await conversation.ask("close")


async def _resume(conversation: Conversation, _: str) -> None:
    await conversation.ask("resume")


async def _new(conversation: Conversation, _: str) -> None:
    await conversation.begin_anew()


async def _human(conversation: Conversation, _: str) -> None:
    await conversation.ask("handoff")


async def _bot(conversation: Conversation, _: str) -> None:
    await conversation.ask("queue-choice", choice="bot")


async def _stop(conversation: Conversation, _: str) -> None:
    await conversation.ask("stop")


async def _rate(conversation: Conversation, rest: str) -> None:
    score, _, comment = rest.partition(" ")
    if not score.isdecimal() or int(score) not in SCORES:
        raise CommandError("invalid_command", "write it like /rate 4 or /rate 2 too slow")
    body = {"score": int(score), **({"comment": comment} if comment else {})}
    await conversation.ask("feedback", **body)


async def _skip(conversation: Conversation, rest: str) -> None:
    if rest not in GOALS:
        raise CommandError("invalid_command", "write it like /skip warning, /skip closing or /skip window")
    await conversation.skip(rest)


async def _quit(_: Conversation, __: str) -> None:
    raise Quit


Action = Callable[[Conversation, str], Awaitable[None]]

COMMANDS: dict[str, tuple[str, str, Action, bool]] = {
    "keep": ("/keep", "ask for more time", _keep, True),
    "close": ("/close", "end this chat", _close, True),
    "resume": ("/resume", "take up the closed chat again (writing does it too)", _resume, True),
    "new": ("/new", "begin a new chat with the next message", _new, False),
    "human": ("/human", "ask for a person", _human, True),
    "bot": ("/bot", "go back to the bot, instead of waiting for a person", _bot, True),
    "stop": ("/stop", "stop the answer that is being written", _stop, True),
    "rate": ("/rate 1-5 [comment]", "say how it was", _rate, True),
    "skip": ("/skip warning|closing|window", "skip ahead (in the demo only)", _skip, True),
    "quit": ("/quit", "leave; the chat goes on, and you come back into it", _quit, False),
}
"""By name: how it is written, what it does, how it is done, and whether it needs a session."""


async def command(line: str, conversation: Conversation, screen: Screen) -> None:
    """Do what a line that begins with a slash asks for."""
    name, _, rest = line.removeprefix("/").strip().partition(" ")
    if name == "help":
        width = max(len(written) for written, *_ in COMMANDS.values())
        screen.notice("\n".join(f"{written.ljust(width)}  {what}" for written, what, *_ in COMMANDS.values()))
        return
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        also = f"did you mean /{near[0]}?" if near else "/help shows what there is"
        raise CommandError("invalid_command", f"there is no /{name}; {also}")
    _, _, action, needs_session = COMMANDS[name]
    if needs_session and conversation.view is None:
        raise CommandError("no_session", "there is no chat yet; write something first")
    await action(conversation, rest.strip())
