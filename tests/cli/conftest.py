import os
import sys
from contextlib import ExitStack

import pytest
from commands import Server, Shell, until

from chatsession.cli import main


class Ended:
    """How a command ended that was run in this very process."""

    def __init__(self, returncode: int, stdout: str, stderr: str):
        self.returncode, self.stdout, self.stderr = returncode, stdout, stderr


@pytest.fixture
def run_here(tmp_path, monkeypatch, capsys):
    """Runs commands without a process of their own: quicker, for what no process is needed for."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "200")
    for name in os.environ:
        if name.startswith("CHATSESSION_"):
            monkeypatch.delenv(name)

    def run(*arguments) -> Ended:
        monkeypatch.setattr(sys, "argv", ["chatsession", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ended(ended.value.code or 0, said.out, said.err)

    return run


@pytest.fixture
def shell(tmp_path):
    shell = Shell(tmp_path)
    yield shell
    shell.end()


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A demo that tests share: they add chats to it, and do it no harm."""
    shell = Shell(tmp_path_factory.mktemp("demo"))
    yield Server(shell, "demo")
    shell.end()


@pytest.fixture
def copied_to(demo, run_here):
    """Puts a copy of the demo's data, which nobody serves, into folders of these names."""

    def put(*folders) -> None:
        done = [run_here("backup", "copy.db", "--data", demo.data)]
        done += [run_here("restore", "copy.db", "--data", folder) for folder in folders]
        assert [each.returncode for each in done] == [0] * len(done), done[-1].stderr

    return put


@pytest.fixture
def own_demo(shell):
    """A demo that a test may kill."""
    return Server(shell, "demo")


@pytest.fixture
def opened():
    """Comes in as somebody new and asks something: their client and their session, once it was answered."""
    with ExitStack() as clients:

        def open_(server, text="Hello"):
            with server.client() as anybody:
                visitor = anybody.post("/v1/inboxes/support/visitors", json={}).json()
            client = clients.enter_context(server.client(visitor["token"]))
            answer = client.post("/v1/inboxes/support/sessions", json={"message": {"text": text}})
            session = answer.json()["id"]
            until(lambda: client.get(f"/v1/sessions/{session}").json()["waiting_on"] == "visitor", "an answer")
            return client, session

        yield open_
