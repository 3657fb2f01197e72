"""The command itself: which server, which inbox, terminal or pipe."""

import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from chatsession.cli.chat.conversation import Conversation
from chatsession.cli.chat.piped import Lines, converse
from chatsession.cli.chat.remembered import Remembered
from chatsession.cli.failing import NOT_NOW, CommandError
from chatsession.cli.finding import find
from chatsession.cli.remote import ProblemError, Remote

chat = App(
    name="chat",
    help="Talk to a server as a visitor, in the terminal.",
    help_epilogue="""\
Examples:

  chatsession chat
  chatsession chat --url http://127.0.0.1:8090 --inbox sales
  echo "How long does delivery take?" | chatsession chat
  chatsession chat --json < questions.txt

Type to talk; /help shows what else you can do (/keep, /close, /new, /human, /rate, /skip …). The line at the bottom
counts down to the closing. You come back into the same chat the next time, until its resume window is over; your token
is kept in the state folder of this user. If the server is killed, the chat waits for it and goes on.

Without a terminal each line of the input is one message; what comes of it is printed before the next is sent.""",
)


@chat.default
async def _chat(
    *,
    url: Annotated[str | None, Parameter(help="The server's address; also CHATSESSION_URL.")] = None,
    inbox: Annotated[str | None, Parameter(help="The inbox; the server's first one by default.")] = None,
    data: Annotated[Path | None, Parameter(help="The data folder of a server on this machine.")] = None,
    anew: Annotated[bool, Parameter(help="Come in as somebody new.", show_default=False)] = False,
    json: Annotated[bool, Parameter(help="Print every event as one line of JSON.", show_default=False)] = False,
) -> None:
    found = find(url, data)
    inbox = inbox or found.inboxes[0]
    remembered = Remembered()
    async with Remote(found.base_url) as remote:
        if anew:
            remembered.forget(remote.base_url, inbox)
        is_terminal = sys.stdin.isatty() and sys.stdout.isatty() and not json
        screen = _terminal(inbox) if is_terminal else Lines(as_json=json)
        conversation = Conversation(remote, inbox, remembered, screen)
        try:
            await _begin(conversation)
            if isinstance(screen, Lines):
                await converse(conversation, screen)
            else:
                await screen.converse(conversation)
        finally:
            await conversation.end()


async def _begin(conversation: Conversation) -> None:
    try:
        await conversation.begin()
    except ProblemError as problem:
        if problem.code == "not_found":
            name = conversation.inbox
            raise CommandError("not_found", f'there is no inbox "{name}" here; name one with --inbox') from None
        raise CommandError(problem.code, str(problem), exits=NOT_NOW) from None


def _terminal(inbox: str):  # noqa: ANN202  its type would load prompt_toolkit for pipes too
    from chatsession.cli.chat.terminal import Terminal  # noqa: PLC0415  a pipe needs none of it

    return Terminal(inbox, in_colour="NO_COLOR" not in os.environ)
