import fcntl
import json
import os
import pty
import struct
import termios
import threading

import httpx
import pyte
import pytest
from commands import DEADLINE_SECONDS, Server, until

from chatsession.cli.chat.remembered import Remembered
from chatsession.cli.chat.wrapping import wrapped

LONG = "How long does delivery take?"
"""Its answer is a table, written for seconds."""


def state_of(shell) -> Remembered:
    return Remembered(shell.folder / "state" / "chatsession" / "visitors.json")


def session_of(server, shell) -> tuple[httpx.Client, str]:
    """The chat's own session, seen with its own token."""
    client = server.client(state_of(shell).token(server.base_url, "support"))
    return client, client.get("/v1/visitors/me/sessions").json()["sessions"][0]["id"]


def test_a_pipe_gets_every_answer_before_the_next_line_is_said(demo, shell):
    done = shell.run("chat", "--url", demo.base_url, text="Hello\nDo you ship to Austria?\n")

    assert done.returncode == 0, done.stderr
    who = [line.split(":")[0] for line in done.stdout.splitlines() if line.startswith(("visitor:", "bot:"))]
    assert who == ["visitor", "bot", "visitor", "bot"]
    assert "source: " in done.stdout


def test_whoever_comes_back_is_in_the_same_chat_with_all_of_it(demo, shell):
    shell.run("chat", "--url", demo.base_url, text="Hello\n/skip closing\n")

    again = shell.run("chat", "--url", demo.base_url, text="Me again\n")
    anew = shell.run("chat", "--url", demo.base_url, "--anew", text="Somebody else\n")

    assert again.stdout.index("visitor: Hello") < again.stdout.index("* The chat was closed, because nobody wrote")
    assert "* The chat goes on" in again.stdout
    assert "visitor: Me again" in again.stdout
    assert "visitor: Hello" not in anew.stdout


def test_commands_warn_keep_close_resume_rate_and_begin_anew(demo, shell):
    words = (
        "Hello",
        "/skip warning",
        "/keep",
        "/close",
        "/rate 4 quick",
        "/resume",
        "/human",
        "/bot",
        "/new",
        "Hello again",
    )
    text = "\n".join((*words, "/quit", "never said"))

    done = shell.run("chat", "--url", demo.base_url, text=text)

    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if line.startswith("* ")]
    assert said == [
        "* The chat closes in 1m if nobody writes. Write, or /keep it open.",
        "* The chat stays open.",
        "* You closed the chat. Write to take it up again.",
        "* The chat goes on, with everything that was said.",
        "* A person was asked for; you are in the queue.",
        "* The bot is here again.",
        "* You closed the chat. Write to take it up again.",
        "* A new chat; the one before it is over.",
    ]
    assert "never said" not in done.stdout


def test_commands_that_cannot_be_say_why_and_the_chat_goes_on(demo, shell):
    text = "/keep\n/help\n/kep\nHello\n/skip tomorrow\n/rate 9\n/skip warning\n/skip window\n/skip warning\n"

    done = shell.run("chat", "--url", demo.base_url, text=text)

    assert done.returncode == 0
    for word in (
        "there is no chat yet",
        "did you mean /keep?",
        "/skip warning, /skip closing",
        "/rate 4",
        "wrong_state",
    ):
        assert word in done.stderr, word
    assert "/human" in done.stderr
    assert "bot:" in done.stdout


def test_json_prints_every_event_as_it_is_stored(demo, shell):
    done = shell.run("chat", "--url", demo.base_url, "--json", text="Hello\n")

    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert next(event["text"] for event in events if event["type"] == "message_posted") == "Hello"


def test_an_inbox_that_is_not_there_is_named(demo, shell):
    done = shell.run("chat", "--url", demo.base_url, "--inbox", "none", text="Hello\n")

    assert done.returncode == 3
    assert 'there is no inbox "none" here' in done.stderr


def first_delta(client: httpx.Client, session: str) -> str:
    """Wait until the answer is being written; its first words."""
    with client.stream("GET", f"/v1/sessions/{session}/stream") as stream:
        for line in stream.iter_lines():
            if line.startswith("data:") and json.loads(line[5:]).get("type") in ("delta", "partial"):
                return json.loads(line[5:])["text"]
    raise AssertionError("the stream ended before the answer began")


def test_a_chat_outlives_a_server_killed_in_the_middle_of_an_answer(own_demo, shell):
    chat = shell.begin("chat", "--url", own_demo.base_url)
    chat.stdin.write(f"{LONG}\n")
    chat.stdin.flush()
    until(lambda: state_of(shell).token(own_demo.base_url, "support"), "the visitor has come in")
    client, session = until(lambda: session_or_none(own_demo, shell), "the session is open")
    assert first_delta(client, session)

    own_demo.kill()
    own_demo.start(own_demo.port)
    out, err = chat.communicate(timeout=DEADLINE_SECONDS)

    assert chat.returncode == 0, err
    events = client.get(f"/v1/sessions/{session}/events").json()["events"]
    answers = [event for event in events if event["type"] == "message_posted" and event["author"]["kind"] == "bot"]
    assert next(event["text"] for event in events if event["type"] == "message_posted") == LONG
    assert len(answers) == 1
    assert [event["type"] for event in events].count("turn_retried") == 1
    with own_demo.admin() as admin:
        traces = admin.get(f"/v1/sessions/{session}/traces").json()["traces"]
    assert [trace["text"] for trace in traces if trace.get("end", "answered") == "answered"] == [answers[0]["text"]]
    shown = out.split("bot: ")[1].split("\n  source: ")[0]
    assert out.count("visitor: ") == out.count("bot: ") == 1
    assert shown == answers[0]["text"]
    client.close()


def session_or_none(server, shell):
    client = server.client(state_of(shell).token(server.base_url, "support"))
    sessions = client.get("/v1/visitors/me/sessions").json()["sessions"]
    if sessions:
        return client, sessions[0]["id"]
    client.close()
    return None


class Terminal:
    """A terminal with a chat in it: what is on it can be looked at, what is typed goes in."""

    LINES, COLUMNS = 40, 120

    def __init__(self, shell, *arguments, columns=COLUMNS):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", self.LINES, columns, 0, 0))
        shell.environment["TERM"] = "xterm"
        self.process = shell.begin(*arguments, stdin=theirs, stdout=theirs, stderr=theirs, text=False)
        os.close(theirs)
        self._end = ours
        self._screen = pyte.HistoryScreen(columns, self.LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._drawing = threading.Lock()
        self.raw = b""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while data := os.read(self._end, 65_536):
                self.raw += data
                with self._drawing:
                    self._stream.feed(data)
        except OSError:
            return

    def type(self, text: str) -> None:
        os.write(self._end, f"{text}\r".encode())

    def shows(self, text: str) -> str:
        """Wait for a text on the screen; its line."""
        return until(lambda: next((line for line in self.lines() if text in line), None), f"{text!r} shown")

    def lines(self) -> list[str]:
        with self._drawing:
            return list(self._screen.display)


@pytest.fixture
def terminal(shell, demo):
    terminal = Terminal(shell, "chat", "--url", demo.base_url)
    yield terminal
    terminal.process.kill()


def test_a_terminal_shows_the_answer_the_countdown_and_the_warning(terminal):
    terminal.shows("write to begin")

    terminal.type(LONG)
    terminal.shows(" …")
    terminal.shows("source: Delivery times and costs")
    terminal.shows("closes in 2:")
    terminal.type("/skip warning")
    terminal.shows("The chat closes in 1m if nobody writes.")
    terminal.shows("/keep it open")
    terminal.type("/quit")

    assert terminal.process.wait(DEADLINE_SECONDS) == 0


def test_what_a_bot_says_cannot_steer_the_terminal(shell, tmp_path):
    (tmp_path / "bot.py").write_text("async def bot(turn):\n    return 'red \\x1b[31m alert \\x07 done'\n")

    server = Server(shell, "serve", "--bot", "bot.py:bot")
    terminal = Terminal(shell, "chat", "--url", server.base_url)
    terminal.shows("write to begin")

    terminal.type("Hello")
    terminal.shows("red [31m alert  done")

    assert b"red \x1b[31m" not in terminal.raw
    terminal.process.kill()


def answer_on(terminal: Terminal) -> list[str]:
    """The lines of the screen from where the bot's words begin."""
    _, _, said = "\n".join(terminal.lines()).partition("bot  ")
    return [line.strip() for line in said.splitlines()]


def test_a_narrow_terminal_breaks_lines_between_words(shell, tmp_path):
    words = "Parcels within Germany usually arrive after two working days at your doorstep"
    (tmp_path / "bot.py").write_text(f"async def bot(turn):\n    return {words!r}\n")
    server = Server(shell, "serve", "--bot", "bot.py:bot")
    terminal = Terminal(shell, "chat", "--url", server.base_url, columns=24)
    terminal.shows("you>")

    terminal.type("Hello")
    broken = ["Parcels within", "Germany usually arrive", "after two working days", "at your doorstep"]
    until(lambda: answer_on(terminal)[:4] == broken, "the whole answer")
    terminal.process.kill()


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("one two three", 0, "one two\nthree"),
        ("one two three", 5, "one\ntwo three"),
        ("one\n\ntwo  three", 0, "one\n\ntwo\nthree"),
        ("  - indented item", 0, "  -\nindented\nitem"),
        ("unbreakablylong word", 0, "unbreakablylong\nword"),
        ("日本語 日本語", 0, "日本語\n日本語"),
        ("ends \n", 0, "ends\n"),
    ],
)
def test_lines_are_broken_between_words(text, at, expected):
    assert wrapped(text, 9, at) == expected
