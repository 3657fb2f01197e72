"""The guide to running it says what the code does: options that exist, times that fit together."""

import asyncio
import configparser
import re
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from chatsession import ChatSessions
from chatsession.server.options import ServerOptions
from chatsession.settings import ServerSettings, read_settings
from chatsession.widget import FILE_BYTES_MAX

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
DEPLOY = GUIDES / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()
CADDY = (DEPLOY / "Caddyfile").read_text()
EVERYTHING = "\n".join(path.read_text() for path in [GUIDES / "deploy.md", *sorted(DEPLOY.iterdir())])
DEFAULTS = ServerOptions()
MIB = 1024 * 1024


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(DEPLOY / name)
    return parser


def seconds(pattern: str, text: str) -> int:
    return int(re.search(pattern + r"\s+(\d+)s", text).group(1))


async def echo(turn):
    return turn.text


async def a_session(database: Path) -> None:
    async with ChatSessions(database, bot=echo) as chats:
        await chats.open(visitor="ana", text="Hello")


def commands() -> dict[str, set[str]]:
    """Every command of ours that the guide names, with its options."""
    found: dict[str, set[str]] = {}
    joined = EVERYTHING.replace("\\\n", " ")
    for name, rest in re.findall(r"chatsession (serve|backup|restore|doctor|migrate|init)\b([^\n&|`]*)", joined):
        found.setdefault(name, set()).update(re.findall(r"--[a-z-]+", rest))
    serve = re.search(r'CMD \["serve", ([^\]]*)\]', EVERYTHING).group(1)
    found["serve"] |= set(re.findall(r"--[a-z-]+", serve))
    return found


@pytest.mark.parametrize(("command", "options"), commands().items(), ids=commands())
def test_every_option_it_names_exists(command, options):
    help_text = subprocess.run(
        [sys.executable, "-c", "from chatsession.cli import main; main()", command, "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert {option for option in options if option not in help_text} == set()


def test_the_settings_it_shows_are_those_of_its_files(tmp_path):
    shown = re.search(r"^```toml\n(.*?)^```", EVERYTHING, re.MULTILINE | re.DOTALL).group(1)
    (tmp_path / "chatsession.toml").write_text(shown + '[inboxes.support.bot]\nkind = "echo"\n')

    server = read_settings(tmp_path / "chatsession.toml", {}).server

    assert f"--data {server.data}" in unit("chatsession.service")["Service"]["ExecStart"]
    assert f"server {server.host}:{server.port};" in NGINX
    assert f"reverse_proxy {server.host}:{server.port} " in CADDY
    # Commands and Prometheus on this machine name it by its address.
    assert set(server.hosts) == {"chat.example", server.host}


def test_the_nightly_copy_is_made_even_after_one_that_was_interrupted(tmp_path):
    (tmp_path / "chatsession-backup").mkdir()
    (tmp_path / "chatsession-backup" / "new.db").write_text("half a copy")
    (tmp_path / "chatsession" / "files").mkdir(parents=True)
    (tmp_path / "chatsession" / "files" / "photo").write_text("a photo")
    asyncio.run(a_session(tmp_path / "chatsession" / "chatsession.db"))
    lines = re.findall(r"^ExecStart(?:Pre)?=-?(.*)$", (DEPLOY / "chatsession-backup.service").read_text(), re.MULTILINE)
    ours = f"{sys.executable} -m chatsession "

    for line in lines:
        there = line.replace("/opt/chatsession/bin/chatsession ", ours).replace("/var/lib", str(tmp_path))
        subprocess.run(shlex.split(there.replace("%%", "%")), check=True, capture_output=True)

    (copy,) = (tmp_path / "chatsession-backup").glob("chats-*day.db")
    with closing(sqlite3.connect(copy)) as rows:
        assert rows.execute("SELECT count(*) FROM sessions").fetchone() == (1,)
    assert (tmp_path / "chatsession-backup" / "files" / "photo").read_text() == "a photo"


def test_the_unit_waits_for_longer_than_running_answers_get():
    grace = ServerSettings().turn_grace.total_seconds()

    assert int(unit("chatsession.service")["Service"]["TimeoutStopSec"]) >= 2 * grace


def test_the_unit_may_open_a_file_for_every_connection():
    assert int(unit("chatsession.service")["Service"]["LimitNOFILE"]) > 2 * DEFAULTS.connections_max


@pytest.mark.parametrize(
    ("text", "pattern"), [(NGINX, "proxy_read_timeout"), (CADDY, "read_timeout")], ids=["nginx", "caddy"]
)
def test_a_proxy_leaves_a_quiet_stream_alone_for_several_beats(text, pattern):
    assert seconds(pattern, text) >= 4 * DEFAULTS.beat_seconds


@pytest.mark.parametrize(
    ("text", "pattern"), [(NGINX, "keepalive_timeout"), (CADDY, "keepalive")], ids=["nginx", "caddy"]
)
def test_a_proxy_lets_go_of_a_connection_before_the_server_does(text, pattern):
    assert seconds(pattern, text) < DEFAULTS.idle_connection_seconds


@pytest.mark.parametrize(
    ("text", "pattern"),
    [(NGINX, r"client_max_body_size (\d+)m"), (CADDY, r"max_size (\d+)MiB")],
    ids=["nginx", "caddy"],
)
def test_the_largest_file_passes_the_proxy(text, pattern):
    assert int(re.search(pattern, text).group(1)) * MIB > FILE_BYTES_MAX
