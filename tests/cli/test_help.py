import json
import re
import subprocess
import sys

import pytest
from cyclopts import App

from chatsession.cli.app import COMMANDS, app

WORDS = [*((name,) for name in COMMANDS), *(("sessions", name) for name in ("list", "show", "export"))]
WORDS += [("keys", name) for name in ("list", "add", "revoke")]


def command(words) -> App:
    found = app
    for word in words:
        found = found[word]
    return found


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_every_command_says_what_it_does_and_shows_how(words):
    found = command(words)

    assert found.help, words
    assert "Examples:" in found.help_epilogue
    assert f"chatsession {' '.join(words)}" in found.help_epilogue


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_every_option_says_what_it_is_for(words):
    found = command(words)
    if found.default_command is None:
        return

    for argument in found.assemble_argument_collection():
        assert argument.parameter.help, f"{words}: {argument.name}"
        assert argument.parameter.help.endswith("."), f"{words}: {argument.name}"


def test_every_example_is_a_command_with_options_that_exist():
    for words in WORDS:
        for line in command(words).help_epilogue.splitlines():
            for example in re.findall(r"chatsession ([a-z][^&|>#…]*)", line if line.startswith("  ") else ""):
                tokens = re.split(r"\s{2,}", example.strip())[0].split()
                depth = 2 if tokens[0] in ("sessions", "keys") else 1
                found = command(tokens[:depth])
                options = {name for each in found.assemble_argument_collection() for name in each.names}
                assert {token for token in tokens if token.startswith("--")} <= options, line


def test_help_needs_none_of_the_libraries_that_commands_need(shell):
    code = (
        "import sys; sys.argv = ['chatsession', '--help']\n"
        "from chatsession.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "import json; print(json.dumps(sorted(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], env=shell.environment, capture_output=True, text=True, check=True
    )

    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "cyclopts" in loaded
    assert not loaded & {"litestar", "uvicorn", "apsw", "httpx", "prompt_toolkit", "jwt", "asyncio.base_events"}


def test_help_names_every_command_and_exit_code(shell):
    done = shell.run("--help")

    assert done.returncode == 0
    for name in COMMANDS:
        assert name in done.stdout
    for code in ("0 done", "2 wrong use", "3 not possible", "130"):
        assert code in done.stdout


def test_what_is_mistyped_is_named_with_the_nearest_right_word(run_here):
    wrong_command = run_here("srve")
    wrong_option = run_here("serve", "--prt", "1")

    assert (wrong_command.returncode, wrong_option.returncode) == (2, 2)
    assert '"serve"' in wrong_command.stderr
    assert "--port" in wrong_option.stderr


def test_the_version_is_the_packages_own(run_here):
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", run_here("--version").stdout)
