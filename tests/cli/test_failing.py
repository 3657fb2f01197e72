import sqlite3

import pytest

from chatsession.cli.failing import CommandError, told


@pytest.mark.parametrize(
    ("arguments", "code", "exits"),
    [
        (("sessions", "list", "--data", "nowhere"), "no_data", 3),
        (("sessions", "show", "ses_none", "--url", "http://127.0.0.1:1"), "unauthorized", 3),
        (("backup", "to.db", "--data", "nowhere"), "no_data", 3),
        (("restore", "none.db"), "not_copied", 3),
        (("migrate", "--data", "nowhere"), "no_data", 3),
        (("keys", "list"), "no_data", 3),
        (("serve",), "invalid_settings", 2),
        (("serve", "--bot", "none.py:bot"), "bot_not_usable", 2),
        (("serve", "--bot", "opnai"), "invalid_settings", 2),
        (("serve", "--bot", "knowledge", "--folder", "nowhere"), "bot_not_usable", 2),
        (("serve", "--bot", "echo", "--host", "no.such.host.invalid"), "no_such_host", 3),
        (("chat", "--url", "localhost"), "invalid_url", 2),
        (("chat", "--url", "http://127.0.0.1:1"), "unreachable", 3),
        (("simulate", "--against", "http://127.0.0.1:1", "--sessions", "1"), "unreachable", 3),
        (("simulate", "--sessions", "0"), "invalid_option", 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_command_that_cannot_says_why_in_one_sentence(run_here, arguments, code, exits):
    done = run_here(*arguments)

    assert done.returncode == exits, done.stderr
    assert done.stderr.startswith("chatsession: ")
    assert done.stderr.endswith(f" ({code})\n")
    assert done.stderr.count("\n") == 1
    assert not done.stdout


def test_somebody_elses_file_is_refused_and_left_as_it_is(run_here, tmp_path):
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "chatsession.db"
    with sqlite3.connect(file) as database:
        database.execute("create table recipes (name text)")
    before = file.read_bytes()

    done = run_here("serve", "--bot", "echo", "--port", "0")

    assert done.returncode == 3
    assert done.stderr.endswith("(store_unavailable)\n")
    assert file.read_bytes() == before


def test_what_nobody_expected_is_no_stack_trace(capsys, monkeypatch):
    monkeypatch.delenv("CHATSESSION_DEBUG", raising=False)

    code = told(ZeroDivisionError("division by zero"))

    said = capsys.readouterr().err
    assert code == 70
    assert said.startswith("chatsession: something unexpected happened (ZeroDivisionError")
    assert said.count("\n") == 1


def test_an_interrupted_command_says_nothing_and_exits_with_130(capsys):
    assert told(KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == ""


def test_a_command_error_keeps_its_code_and_exit(capsys):
    assert told(CommandError("no_data", "there is none", exits=3)) == 3
    assert capsys.readouterr().err == "chatsession: there is none (no_data)\n"
